// Durations as people write them in runbooks and flags. Apart from parameters.ts, so that reading a
// flag does not load a schema library.

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  j: 86_400_000,
}

/** Milliseconds of `90s`, `30m`, `48h`, `7d`, or undefined. */
export function parseDuration(word: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|min|m|h|d|j)$/.exec(word.trim())
  const unit = match?.[2] === undefined ? undefined : units[match[2]]
  return unit === undefined ? undefined : Number(match?.[1]) * unit
}
