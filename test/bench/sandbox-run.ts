// Two figures of whole runs in the sandbox: how soon the previous version is served after a trigger,
// and how much memory a run needs at most (without the database, which is a process of its own).

import {spawnSync} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {parseJournal} from '../../scripts/lib/store/journal.ts'
import {copyOfBundle} from '../helpers/bundle.ts'
import {type Figure, type Measured, round} from './measure.ts'

const tellMemory =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\nRSS "+process.resourceUsage().maxRSS))'

interface Seen {
  readonly restored: Measured
  readonly memory: Measured
}

let seen: Seen | undefined

/** One sandbox serves both figures. */
async function look(): Promise<Seen> {
  if (seen !== undefined) return seen
  const bundle = await copyOfBundle()
  try {
    const run = (code: number, ...words: string[]) => {
      const ended = spawnSync(
        process.execPath,
        [
          '--import=typescript-when-needed',
          `--import=${tellMemory}`,
          'node_modules/zx/build/cli.js',
          'scripts/staging.ts',
          '--sandbox',
          ...words,
        ],
        {cwd: bundle.path, encoding: 'utf8', maxBuffer: 1e8},
      )
      if (ended.status !== code)
        throw new Error(`exit ${ended.status}, wanted ${code}\n${ended.stdout.slice(-2_000)}`)
      return Math.round(Number(/RSS (\d+)/.exec(ended.stderr)?.[1]) / 1024)
    }
    const megabytes = run(0)
    run(1, '--break', 'smoke')
    const seconds = secondsToRestore(join(bundle.path, '.sandbox/project/docs/runs'))
    seen = {
      restored: {value: round(seconds), raw: {'trigger to proven bytes s': round(seconds, 3)}},
      memory: {value: megabytes, raw: {'peak MB': megabytes}},
    }
    return seen
  } finally {
    bundle.remove()
  }
}

function secondsToRestore(runs: string): number {
  const last = readdirSync(runs).sort().at(-1) ?? ''
  const events = parseJournal(readFileSync(join(runs, last, 'journal.jsonl'), 'utf8'), last)
  const at = (type: string) => Date.parse(events.findLast((event) => event.type === type)?.at ?? '')
  return (at('rollback-finished') - at('trigger-fired')) / 1_000
}

export const restored: Figure = {
  name: 'from the trigger to the previous version served, self-hosted',
  limit: 3,
  unit: 's',
  measure: async () => (await look()).restored,
}

export const wholeRun: Figure = {
  name: 'peak memory of a whole run without the database',
  limit: 200,
  unit: 'MB',
  measure: async () => (await look()).memory,
}
