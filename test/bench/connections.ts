// Connections to the remote: scenario A, and scenario B with its watch of two hours. Counted at
// the remote's own programs, which a wrapper in their place notes before it starts them.

import {spawnSync} from 'node:child_process'
import {chmodSync, existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {copyOfBundle} from '../helpers/bundle.ts'
import type {Figure, Measured} from './measure.ts'

interface Seen {
  readonly staging: number
  readonly production: number
}

let seen: Promise<Seen> | undefined

async function look(): Promise<Seen> {
  const bundle = await copyOfBundle()
  const log = join(bundle.path, 'connections')
  const run = (script: string, ...words: string[]) => {
    const args = ['--import=typescript-when-needed', 'node_modules/zx/build/cli.js', script]
    const ended = spawnSync(process.execPath, [...args, '--sandbox', ...words], {
      ...{cwd: bundle.path, encoding: 'utf8', maxBuffer: 1e8},
    })
    if (ended.status !== 0)
      throw new Error(`${script}: exit ${ended.status}\n${ended.stdout.slice(-2_000)}`)
  }
  /** Times at which the remote was reached since the last count. */
  const counted = (): number => {
    const lines = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0
    rmSync(log, {force: true})
    return lines
  }
  try {
    // The first run makes the sandbox, and the right to push is proven once.
    run('scripts/staging.ts')
    note(join(bundle.path, '.sandbox/project'), bundle.path, log)
    run('scripts/staging.ts')
    const staging = counted()
    run('scripts/staging.ts', '--rollback', 'drill')
    counted()
    run('scripts/production.ts', '--advance', '48h')
    return {staging, production: counted()}
  } finally {
    bundle.remove()
  }
}

function note(project: string, folder: string, log: string): void {
  for (const [setting, program] of [
    ['uploadpack', 'git-upload-pack'],
    ['receivepack', 'git-receive-pack'],
  ] as const) {
    const wrapper = join(folder, program)
    writeFileSync(wrapper, `#!/bin/sh\necho "$(date +%s%N)" >>'${log}'\nexec ${program} "$@"\n`)
    chmodSync(wrapper, 0o755)
    spawnSync('git', ['-C', project, 'config', `remote.origin.${setting}`, wrapper])
  }
}

const figure = (name: string, limit: number, value: (seen: Seen) => number): Figure => ({
  name,
  limit,
  unit: 'ratio',
  measure: async (): Promise<Measured> => {
    seen ??= look()
    const count = value(await seen)
    return {value: count, raw: {connections: count}}
  },
})

export const stagingConnections = figure(
  'connections to the remote, scenario A',
  25,
  ({staging}) => staging,
)
export const productionConnections = figure(
  'connections to the remote, scenario B with its watch',
  54,
  ({production}) => production,
)
