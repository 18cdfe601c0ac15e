// A branch that was moved aside and put back between two looks holds the same value in both. Where git
// keeps a reflog it remembers: of main here, and of what this clone pushed or fetched of the remote's.

import type {IsAncestor} from './ancestry.ts'
import type {Reflogs, Remembered} from './reflogs.ts'

/** The refs that left their history since: a value that was no descendant of the one before. */
export async function movedAside(
  valuesOf: Remembered,
  {before, isAncestor}: {before: Reflogs; isAncestor: IsAncestor},
): Promise<readonly string[]> {
  const found: string[] = []
  for (const [ref, count] of Object.entries(before)) {
    const values = await valuesOf(ref)
    const since = values
      .slice(0, Math.max(0, values.length - count) + (count > 0 ? 1 : 0))
      .reverse()
    for (const [index, value] of since.entries()) {
      const last = since[index - 1]
      if (last === undefined || last === value) continue
      if ((await isAncestor(last, value)) !== false) continue
      found.push(ref)
      break
    }
  }
  return found
}
