// What a changelog gained between two commits: the entries that people wrote, by their headings
// (Keep a Changelog: Added, Fixed, ...). Entries that Postgate wrote itself tell of runs, not of contents.

export interface ChangelogPart {
  /** As it is written; '' where entries stand under none. */
  readonly heading: string
  readonly entries: readonly string[]
}

const ownEntry = /ex[ée]cution[\s\u00a0\u202f]`\d{8}-\d{6}-/u

/** Entries of `after` that `before` lacks. `most`: so many entries at the most, the first ones. */
export function changelogNews(before: string, after: string, most: number): ChangelogPart[] {
  const known = new Set(entriesOf(before).map(({text}) => text))
  const parts = new Map<string, string[]>()
  let left = most
  for (const {heading, text} of entriesOf(after)) {
    if (left === 0 || known.has(text) || ownEntry.test(text)) continue
    known.add(text)
    parts.set(heading, [...(parts.get(heading) ?? []), text])
    left -= 1
  }
  return [...parts].map(([heading, entries]) => ({heading, entries}))
}

/** Top-level list items, their further lines joined; headings of the third level and below. */
function entriesOf(source: string): {heading: string; text: string}[] {
  const found: {heading: string; text: string}[] = []
  let heading = ''
  let fence: string | null = null
  let open = false
  for (const line of source.split(/\r?\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (mark !== undefined) fence = fence === null ? mark : line.includes(fence) ? null : fence
    if (mark !== undefined || fence !== null) continue
    const [, level, title] = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/.exec(line) ?? []
    const [, item] = /^ {0,1}[-*+]\s+(.*\S)/.exec(line) ?? []
    const last = found.at(-1)
    if (level !== undefined) heading = level.length < 3 ? '' : (title ?? '')
    else if (item !== undefined) found.push({heading, text: item})
    else if (open && last !== undefined && /^\s+\S/.test(line)) last.text += ` ${line.trim()}`
    open = item !== undefined || (open && line.trim() !== '' && level === undefined)
  }
  return found
}
