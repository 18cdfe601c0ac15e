// Which refs are compared: main, and the tags that may neither move nor vanish, which a gate names, which
// runs were made from, or which runs leave behind, whoever's run it was.

import {isOutcomeTag, outcomeTagRefs} from '../../store/git/outcome-tag.ts'

/** With more names than this, all tags are asked for. */
const namesMost = 200

/** Patterns, for git here and for the remote, that show at least what is compared of heads and tags. */
export function comparedPatterns(main: string, named: readonly string[]): string[] {
  const starts = outcomeTagRefs.map((pattern) => pattern.replace(/\*$/, ''))
  const other = named
    .map((tag) => `refs/tags/${tag}`)
    .filter((ref) => !starts.some((start) => ref.startsWith(start)))
  const tags = other.length > namesMost ? ['refs/tags/*'] : other
  return [`refs/heads/${main}`, ...outcomeTagRefs, ...tags]
}

/** Whether a ref is compared at all: main, the named tags, those of outcomes, and replacements. What is not
 * compared is not kept: a project may have a hundred thousand refs. */
export function isCompared(main: string, named: readonly string[]): (ref: string) => boolean {
  const names = new Set([`refs/heads/${main}`, ...named.map((tag) => `refs/tags/${tag}`)])
  return (ref) => {
    const name = ref.replace(/\^\{\}$/, '')
    return (
      names.has(name) ||
      name.startsWith('refs/replace/') ||
      (name.startsWith('refs/tags/') && isOutcomeTag(name.slice('refs/tags/'.length)))
    )
  }
}

/** Names, without `refs/tags/`: those given, and what stands among `refs` under an outcome's name. */
export function validatedAmong(
  named: readonly string[],
  refs: readonly Readonly<Record<string, string>>[],
): string[] {
  const names = new Set(named)
  for (const each of refs) {
    for (const ref of Object.keys(each)) {
      const name = ref.startsWith('refs/tags/') ? ref.slice('refs/tags/'.length) : ''
      if (isOutcomeTag(name)) names.add(name)
    }
  }
  return [...names].sort()
}
