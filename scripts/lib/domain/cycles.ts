// Cycles of something that runs once a day, as schedules really run: late, after midnight, twice a night.

const hourMs = 3_600_000
export const dayMs = 24 * hourMs
const latenessMost = 6 * hourMs

/**
 * Times (ms, any order) of which each is a cycle of its own, newest first: about a day before the one
 * after it, and not less than a late run makes of a day. Calendar days would make two of 23:50 and 00:20,
 * and one of 00:20 and 23:50.
 */
export function cyclesOf(times: readonly number[], graceMs: number): readonly number[] {
  const apart = dayMs - Math.min(graceMs, latenessMost)
  const cycles: number[] = []
  for (const time of times.toSorted((a, b) => b - a)) {
    const last = cycles.at(-1)
    if (last === undefined || last - time >= apart) cycles.push(time)
  }
  return cycles
}

/** The longest time (ms) between neighbours; 0 for less than two. */
export function largestGap(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => b - a)
  return sorted.reduce((most, time, index) => Math.max(most, (sorted[index - 1] ?? time) - time), 0)
}
