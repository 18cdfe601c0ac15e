// The version that a release carries in its own files, so that what is served can say what it is.

export interface ReleaseVersion {
  /** `2026.1.23`, or the tag's own semantic version. */
  readonly version: string
  /** Unix seconds of the commit. */
  readonly number: string
}

/**
 * The version of a checkpoint. It comes from the tag and the commit alone, never from the clock, so
 * that a second attempt, a resume on another machine and a rebuild all carry the same one. Two
 * checkpoints of one day share the version and differ in the number, which only grows along a branch
 * and fits what the app stores accept as a build number.
 */
export function versionOf(checkpoint: {tag: string; commitDate: Date}): ReleaseVersion {
  const number = String(Math.floor(checkpoint.commitDate.getTime() / 1000))
  const date = /(?<!\d)(\d{4})[-_.](\d{1,2})[-_.](\d{1,2})(?!\d)/.exec(checkpoint.tag)
  if (date !== null && Number(date[2]) <= 12 && Number(date[3]) <= 31) {
    return {version: [date[1], date[2], date[3]].map(Number).join('.'), number}
  }
  const semantic = /(?<![\d.])(\d+\.\d+\.\d+)(-[0-9A-Za-z.-]+)?$/.exec(checkpoint.tag)
  if (semantic?.[1] !== undefined) return {version: `${semantic[1]}${semantic[2] ?? ''}`, number}
  const day = checkpoint.commitDate
  return {
    version: `${day.getUTCFullYear()}.${day.getUTCMonth() + 1}.${day.getUTCDate()}`,
    number,
  }
}

/** As version.json, the ledger and the host's message show it: `2026.1.23+1769155200`. */
export const fullVersion = ({version, number}: ReleaseVersion): string => `${version}+${number}`
