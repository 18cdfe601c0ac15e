// Rights as PostgreSQL keeps them (`anon=r*w/postgres`), and the statements that turn one list of them into another. Pure.

import {identifier} from './session.ts'

/** Letters of privileges by grantee; the empty name is everybody. */
export type Rights = ReadonlyMap<string, string>

// As PostgreSQL's manual lists them.
const letters: Readonly<Record<string, string>> = {
  ...{r: 'select', a: 'insert', w: 'update', d: 'delete', D: 'truncate', x: 'references'},
  ...{t: 'trigger', m: 'maintain', X: 'execute', U: 'usage', C: 'create', c: 'connect'},
  T: 'temporary',
}

const item = /^("(?:[^"]|"")*"|[^=]*)=([^/]*)\//

/** Of an `aclitem[]` as a list of texts. A name with odd characters is quoted there, one in capitals is not. */
export function rightsOf(items: unknown): Rights {
  const list = Array.isArray(items) ? items.map(String) : []
  return new Map(
    list.map((text) => {
      const [, grantee = '', privileges = ''] = item.exec(text) ?? []
      return [plainName(grantee), privileges]
    }),
  )
}

export const plainName = (written: string): string =>
  written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written

/** Where rights are changed: `on` a thing, on one of its columns, after the words of a default. */
export interface RightsTarget {
  readonly on: string
  readonly column?: string
  readonly before?: string
}

/** What gives `want` to those who have `have`, grantee by grantee. */
export function changeOfRights(
  {on, column, before = ''}: RightsTarget,
  want: Rights,
  have: Rights,
): readonly string[] {
  const within = column === undefined ? '' : ` (${column})`
  return [...new Set([...want.keys(), ...have.keys()])].flatMap((grantee) => {
    const [then, now] = [want.get(grantee) ?? '', have.get(grantee) ?? '']
    if (then === now) return []
    const to = grantee === '' ? 'public' : identifier(grantee)
    const all = [...then.matchAll(/(\w)(\*?)/g)]
    const list = (passed: string) =>
      all
        .flatMap(([, letter = '', option]) => (option === passed ? [letter] : []))
        .map((letter) => `${letters[letter] ?? letter}${within}`)
        .join(', ')
    const [plain, passed] = [list(''), list('*')]
    return [
      ...(now === '' ? [] : [`${before}revoke all${within} on ${on} from ${to}`]),
      ...(plain === '' ? [] : [`${before}grant ${plain} on ${on} to ${to}`]),
      ...(passed === '' ? [] : [`${before}grant ${passed} on ${on} to ${to} with grant option`]),
    ]
  })
}
