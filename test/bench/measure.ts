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

const _median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Runs both in turn, `rounds` times, so that a busy moment meets both. Milliseconds. */
export async function inTurn(
  rounds: number,
  ours: () => Promise<number> | number,
  theirs: () => Promise<number> | number,
): Promise<{ours: number; theirs: number; ratio: number}> {
  const a: number[] = []
  const b: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    b.push(await theirs())
    a.push(await ours())
  }
  // The quickest of each: what the work costs, not what the neighbours did.
  const best = {ours: Math.min(...a), theirs: Math.min(...b)}
  return {...best, ratio: best.ours / best.theirs}
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** Milliseconds of a command; throws when it fails. */
export function command(
  words: readonly string[],
  options: {cwd?: string; env?: Readonly<Record<string, string>>} = {},
): number {
  const [program = '', ...args] = words
  const began = performance.now()
  const ended = spawnSync(program, args, {
    cwd: options.cwd ?? root,
    env: {...process.env, ...options.env},
    encoding: 'utf8',
  })
  const ms = performance.now() - began
  if (ended.status !== 0) {
    throw new Error(`${words.join(' ')}: exit ${ended.status}\n${ended.stderr}${ended.stdout}`)
  }
  return ms
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits))
