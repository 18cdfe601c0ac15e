// `status.ts --history` with 1,000 recorded runs against 10, and its memory.

import {execFileSync, spawnSync} from 'node:child_process'
import {join} from 'node:path'
import type {Event} from '../../scripts/lib/domain/event.ts'
import {sha256} from '../../scripts/lib/store/journal.ts'
import {gitEnvironment, testRepository} from '../helpers/repository.ts'
import {journal, started} from '../lib/run/story.ts'
import {type Figure, inTurn, root, round} from './measure.ts'

export const history: Figure = {
  name: 'status.ts --history with 1,000 runs against 10',
  limit: 3,
  unit: 'ratio',
  measure: async () => {
    const many = projectWith(1_000)
    const few = projectWith(10)
    try {
      const look = (project: string) => show(project)
      look(many.clone)
      look(few.clone)
      const memory = {many: 0, few: 0}
      const {ours, theirs, ratio} = await inTurn(
        5,
        () => {
          const seen = look(many.clone)
          memory.many = seen.megabytes
          return seen.ms
        },
        () => {
          const seen = look(few.clone)
          memory.few = seen.megabytes
          return seen.ms
        },
      )
      return {
        value: round(ratio),
        raw: {
          '1,000 runs ms': round(ours),
          '10 runs ms': round(theirs),
          'memory with 1,000 MB': memory.many,
          'memory with 10 MB': memory.few,
        },
      }
    } finally {
      many.close()
      few.close()
    }
  },
}

const project = `name: Bench
builder: {adapter: command, run: "true", output: dist, entries: [index.html]}
environments:
  staging: {envFile: env/.env.staging, url: "http://127.0.0.1:1", hosting: {adapter: folder, root: site}}
`

function projectWith(runs: number) {
  const repository = testRepository({'postgate.yaml': project})
  execFileSync('git', ['fast-import', '--quiet'], {
    cwd: repository.remote,
    env: gitEnvironment,
    input: recordsOf(runs),
  })
  return repository
}

/** Full records of so many runs, for `git fast-import`. */
export function recordsOf(runs: number): string {
  const commits: string[] = []
  for (let index = 0; index < runs; index += 1) {
    const run = `20260101-${String(index).padStart(6, '0')}-staging-0000`
    const text = chained(
      eventsOf(run, new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString()),
    )
    commits.push(
      `blob\nmark :${index + 1}\ndata ${Buffer.byteLength(text)}\n${text}\n` +
        `commit refs/postgate/runs/${run}\ncommitter Bench <bench@localhost> ${1_767_225_600 + index} +0000\n` +
        `data 0\nM 100644 :${index + 1} journal.jsonl\n\n`,
    )
  }
  return commits.join('')
}

function eventsOf(run: string, at: string): Event[] {
  return journal(at, [
    started('staging', {run}),
    {type: 'phase-started', phase: 'deployment', title: 'Build & Déploiement', mode: 'EXECUTIVE'},
    {type: 'step-intended', phase: 'deployment', step: 'deploy', attempt: 1, effects: ['deploy']},
    {
      type: 'step-finished',
      phase: 'deployment',
      step: 'deploy',
      attempt: 1,
      verdict: 'pass',
      observed: 'v1',
      evidence: [],
      durationMs: 900,
    },
    {type: 'run-decided', result: 'succeeded', why: 'ok'},
    {type: 'run-ended', result: 'succeeded'},
  ])
}

function chained(events: readonly Event[]): string {
  let prev = '0'.repeat(64)
  return events
    .map((event) => {
      const line = JSON.stringify({...event, prev})
      prev = sha256(line)
      return `${line}\n`
    })
    .join('')
}

// Tells its own peak memory when it ends.
const tellMemory =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\nRSS "+process.resourceUsage().maxRSS))'

function show(folder: string): {ms: number; megabytes: number} {
  const began = performance.now()
  const {stderr, status} = spawnSync(
    process.execPath,
    [
      `--import=typescript-when-needed`,
      `--import=${tellMemory}`,
      join(root, 'node_modules/zx/build/cli.js'),
      'scripts/status.ts',
      '--history',
      '--json',
      '--project',
      folder,
    ],
    {cwd: root, encoding: 'utf8', env: gitEnvironment, maxBuffer: 1e8},
  )
  if (status !== 0) throw new Error(stderr)
  const ms = performance.now() - began
  return {ms, megabytes: Math.round(Number(/RSS (\d+)/.exec(stderr)?.[1]) / 1024)}
}
