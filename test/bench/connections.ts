// Connections to the remote: a three-step run, scenario A, and scenario B with its watch of two hours. And
// what scenario A is told by a remote with 90,000 refs, against one that has only its own.

import {execFileSync, spawnSync} from 'node:child_process'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {parseJournal} from '../../scripts/lib/store/journal.ts'
import {copyOfBundle} from '../helpers/bundle.ts'
import {gitEnvironment} from '../helpers/repository.ts'
import {command, type Figure, type Measured, root, round} from './measure.ts'
import {remoteTraffic, type Traffic} from './remote-traffic.ts'
import {threeStepsProject, threeStepsWords} from './three-steps-project.ts'

const manyRefs = 90_000

/** What a forge costs. */
const secondsEach = 0.4

interface Seen {
  readonly staging: Traffic
  readonly production: {readonly before: number; readonly watching: number}
  /** Scenario A, in milliseconds. */
  readonly took: {readonly near: number; readonly far: number}
  /** Of two runs that differ in nothing but the refs of others: with every run there are a few more of our own. */
  readonly amongFew: Traffic
  readonly amongMany: Traffic
}

let seen: Promise<Seen> | undefined

async function look(): Promise<Seen> {
  const bundle = await copyOfBundle()
  const run = (script: string, ...words: string[]) => {
    const args = ['--import=typescript-when-needed', 'node_modules/zx/build/cli.js', script]
    const began = performance.now()
    const ended = spawnSync(process.execPath, [...args, '--sandbox', ...words], {
      ...{cwd: bundle.path, encoding: 'utf8', maxBuffer: 1e8},
    })
    const ms = performance.now() - began
    if (ended.status !== 0)
      throw new Error(`${script}: exit ${ended.status}\n${ended.stdout.slice(-2_000)}`)
    return ms
  }
  try {
    // The first run makes the sandbox, and the right to push is proven once.
    run('scripts/staging.ts')
    const project = join(bundle.path, '.sandbox/project')
    const traffic = remoteTraffic(project, bundle.path)
    const near = run('scripts/staging.ts')
    const staging = traffic()
    remoteTraffic(project, bundle.path, {delay: secondsEach})
    const far = run('scripts/staging.ts')
    remoteTraffic(project, bundle.path)
    run('scripts/staging.ts', '--rollback', 'drill')
    traffic()
    run('scripts/production.ts', '--advance', '48h')
    const production = watched(traffic(), project)
    run('scripts/staging.ts')
    const amongFew = traffic()
    addRefs(project)
    // The first run among many is told them all, once, and remembers it.
    run('scripts/staging.ts')
    traffic()
    run('scripts/staging.ts')
    return {staging, production, took: {near, far}, amongFew, amongMany: traffic()}
  } finally {
    bundle.remove()
  }
}

/** Connections of the last run in PRODUCTION: outside of its watch, and within. */
function watched({atEvents}: Traffic, project: string): Seen['production'] {
  const runs = join(project, 'docs/runs')
  const last = readdirSync(runs)
    .filter((name) => name.includes('-production-'))
    .sort()
    .at(-1)
  const events = parseJournal(
    readFileSync(join(runs, last ?? '', 'journal.jsonl'), 'utf8'),
    'journal.jsonl',
  )
  const end = events.findIndex(({type, ...rest}) => type === 'step-finished' && is(rest, 'watch'))
  // Its own samples, not those of the baseline before the deployment.
  const deployed = events.findIndex(
    (event) => event.type === 'step-finished' && is(event, 'deploy'),
  )
  const first = events.findIndex(({type}, at) => at > deployed && type === 'samples-taken')
  if (deployed < 0 || first < 0 || end < first) throw new Error('no watch in the journal')
  const watching = atEvents.filter((count) => count >= first && count < end).length
  return {before: atEvents.length - watching, watching}
}

const is = (event: object, step: string) => 'step' in event && event.step === step

/** As a forge has them: of requests, which no clone fetches. */
function addRefs(project: string): void {
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', project, ...words])
      .toString()
      .trim()
  const [remote, head] = [git('remote', 'get-url', 'origin'), git('rev-parse', 'origin/main')]
  execFileSync('git', ['pack-refs', '--all'], {cwd: remote})
  // One file each would take minutes.
  const packed = join(remote, 'packed-refs')
  const [, ...present] = readFileSync(packed, 'utf8').split('\n')
  const more = Array.from({length: manyRefs}, (_, index) => `${head} refs/pull/${index}/head\n`)
  writeFileSync(packed, `${present.join('\n')}${more.join('')}`)
  execFileSync('git', ['pack-refs', '--all'], {cwd: remote})
}

const figure = (
  name: string,
  limit: number,
  measure: (seen: Seen) => Measured,
  unit: Figure['unit'] = 'ratio',
): Figure => ({
  ...{name, limit, unit},
  measure: async (): Promise<Measured> => {
    seen ??= look()
    return measure(await seen)
  },
})

const counted = ({connections}: Traffic): Measured => ({value: connections, raw: {connections}})

export const threeStepConnections: Figure = {
  name: 'connections to the remote, three-step run',
  limit: 14,
  unit: 'ratio',
  measure: async () => {
    const repository = threeStepsProject()
    try {
      const run = () => command(threeStepsWords(root, repository.clone), {env: gitEnvironment})
      // The right to push is proven once.
      run()
      const traffic = remoteTraffic(repository.clone, repository.folder)
      run()
      return counted(traffic())
    } finally {
      repository.close()
    }
  },
}

export const stagingConnections = figure('connections to the remote, scenario A', 25, ({staging}) =>
  counted(staging),
)
export const productionConnections = figure(
  'connections to the remote, scenario B without its watch',
  30,
  ({production: {before}}) => ({value: before, raw: {connections: before}}),
)
export const watchConnections = figure(
  'connections to the remote, scenario B within its watch of two hours',
  24,
  ({production: {watching}}) => ({value: watching, raw: {connections: watching}}),
)
export const slowRemote = figure(
  'scenario A with 0.4 s a connection to the remote against without',
  2,
  ({took: {near, far}}) => ({
    value: round(far / near),
    raw: {'with ms': round(far, 0), 'without ms': round(near, 0)},
  }),
)

const kilobytes = (bytes: number) => round(bytes / 1_000, 1)

export const bytesOfLooks = figure(
  'bytes that looks and fetches are told by a remote with 90,000 refs, scenario A, against one without them',
  1.5,
  ({amongFew, amongMany}) => ({
    value: round(amongMany.looks / amongFew.looks),
    raw: {'90,000 refs kB': kilobytes(amongMany.looks), 'few refs kB': kilobytes(amongFew.looks)},
  }),
)
export const bytesInAll = figure(
  'bytes received in all, pushes counted, from a remote with 90,000 refs, scenario A, against one without them',
  1.5,
  ({amongFew, amongMany}) => ({
    value: round((amongMany.looks + amongMany.pushes) / (amongFew.looks + amongFew.pushes)),
    raw: {
      'pushes, 90,000 refs kB': kilobytes(amongMany.pushes),
      'pushes, few refs kB': kilobytes(amongFew.pushes),
      'looks, 90,000 refs kB': kilobytes(amongMany.looks),
    },
  }),
)
