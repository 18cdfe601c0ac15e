// What every figure has in common: two things measured in turn in one run, their medians, and the ratio.

import {spawnSync} from 'node:child_process'
import {fileURLToPath} from 'node:url'

export interface Figure {
  readonly name: string
  /** The most that is wanted: a ratio, or a value in `unit`. */
  readonly limit: number
  readonly unit: 'ratio' | 's' | 'MB'
  readonly measure: () => Promise<Measured>
}

export interface Measured {
  /** null: could not be measured on this machine; `raw` says why. */
  readonly value: number | null
  /** Raw numbers, by name, with their unit in the name. */
  readonly raw: Readonly<Record<string, number | string>>
}

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Milliseconds by the clock, and of processor time: what a busy machine cannot stretch as much. */
export interface Cost {
  readonly ms: number
  readonly cpuMs: number
}

type Work = () => Promise<Cost | number> | Cost | number

/** Runs both in turn, `rounds` times, so that a busy moment meets both. Milliseconds; `processor` for `raw`. */
export async function inTurn(rounds: number, ours: Work, theirs: Work) {
  const [a, b]: [(Cost | number)[], (Cost | number)[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    b.push(await theirs())
    a.push(await ours())
  }
  const best = {ours: quickest(a), theirs: quickest(b)}
  return {...best, ratio: best.ours / best.theirs, processor: processorOf(a, b)}
}

/** The quickest of each: what the work costs, not what the neighbours did. */
const quickest = (costs: readonly (Cost | number)[]): number =>
  Math.min(...costs.map((cost) => (typeof cost === 'number' ? cost : cost.ms)))

function processorOf(ours: readonly (Cost | number)[], theirs: readonly (Cost | number)[]) {
  const [a, b] = [ours, theirs].map((costs) =>
    Math.min(...costs.map((cost) => (typeof cost === 'number' ? Number.NaN : cost.cpuMs))),
  )
  return a === undefined || b === undefined || Number.isNaN(a / b)
    ? {}
    : {'processor ms': `${round(a, 0)} and ${round(b, 0)}`, 'of processor time': round(a / b)}
}

/** What work in this process costs. */
export async function timed(work: () => Promise<unknown>): Promise<Cost> {
  const [began, used] = [performance.now(), process.cpuUsage()]
  await work()
  const {user, system} = process.cpuUsage(used)
  return {ms: performance.now() - began, cpuMs: (user + system) / 1_000}
}

/** What a command costs, with all that it starts and waits for; throws when it fails. */
export function command(
  words: readonly string[],
  options: {cwd?: string; env?: Readonly<Record<string, string>>} = {},
): Cost {
  const began = performance.now()
  // The shell tells the times of what it waited for, in the last line.
  const ended = spawnSync('sh', ['-c', '"$@" && times >&2', 'sh', ...words], {
    cwd: options.cwd ?? root,
    env: {...process.env, ...options.env},
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  const ms = performance.now() - began
  if (ended.status !== 0) {
    throw new Error(
      `${words.join(' ')}: exit ${ended.status}\n${ended.stderr}${ended.stdout.slice(0, 2_000)}`,
    )
  }
  const times = ended.stderr.trim().split('\n').at(-1) ?? ''
  const seconds = [...times.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
  )
  return {ms, cpuMs: 1_000 * seconds.reduce((sum, each) => sum + each, 0)}
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits))
