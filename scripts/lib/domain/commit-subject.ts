// What the subject of a commit says: its type where it follows Conventional Commits 1.0.0, and the
// issues that subject and body name.

/** In the order in which people want to read them. */
export const commitKinds = [
  'breaking',
  'feat',
  'fix',
  'perf',
  'revert',
  'refactor',
  'docs',
  'test',
  'build',
  'chore',
  'other',
] as const

export type CommitKind = (typeof commitKinds)[number]

export interface CommitSubject {
  readonly kind: CommitKind
  /** Without type and scope where they were read. */
  readonly text: string
  readonly scope: string
}

/** Types as they are met, by the group they stand in. */
const groups: Readonly<Record<string, CommitKind>> = {
  ...{feat: 'feat', feature: 'feat', fix: 'fix', bugfix: 'fix', hotfix: 'fix', perf: 'perf'},
  ...{revert: 'revert', refactor: 'refactor', style: 'refactor', docs: 'docs', doc: 'docs'},
  ...{test: 'test', tests: 'test', build: 'build', ci: 'build', deps: 'build', chore: 'chore'},
}

/** `type(scope)!: text`. A word that is no known type is part of the text. */
export function readSubject(subject: string, body = ''): CommitSubject {
  const [, type = '', scope = '', bang, text = ''] =
    /^([A-Za-z]+)(?:\(([^()]*)\))?(!)?:\s+(\S.*)$/.exec(subject) ?? []
  const kind = groups[type.toLowerCase()]
  if (kind === undefined) {
    return {kind: /^Revert "/.test(subject) ? 'revert' : 'other', text: subject, scope: ''}
  }
  const breaking = bang !== undefined || /^BREAKING[ -]CHANGE: /m.test(body)
  return {kind: breaking ? 'breaking' : kind, text, scope}
}

// Numbers in a body may count anything: there only lines that point at something are read.
const pointing =
  /^\s*(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?|refs?|see|issues?|related to|part of|voir|corrige|ferme)\b.*$/gim
const reference = /(?<![\w/&#!])(?:(?:[\w.-]+\/[\w.-]+)?#|GH-|!)\d{1,7}\b/g

/** `#12`, `owner/name#12`, `GH-12`, `!34`, each once, in the order met. */
export function issuesIn(subject: string, body = ''): string[] {
  const found = [subject, ...(body.match(pointing) ?? [])].flatMap(
    (text) => text.match(reference) ?? [],
  )
  return [...new Set(found)]
}
