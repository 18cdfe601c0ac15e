// The statements that give what migrations made the owners, rights and memberships that PROD has. Only what
// differs is touched; whatever else differs is left to be told. Pure.

import {type DatabaseCatalogue, valuesOf} from './catalogue.ts'
import type {CatalogueDifference} from './catalogue-compare.ts'
import {identifier} from './session.ts'

/** Owners first: rights follow their owner. */
export function repairs(
  differences: readonly CatalogueDifference[],
  expected: DatabaseCatalogue,
): readonly string[] {
  const changed = differences.filter(({kind}) => kind === 'different')
  const owners = changed.flatMap(({name, columns}) =>
    columns.flatMap(({column, expected: owner}) =>
      column.endsWith('owner') && typeof owner === 'string'
        ? [`alter ${typeAndIdentity(name)} owner to ${owner.replace(/^role /, '')}`]
        : [],
    ),
  )
  const rights = changed.flatMap(({name, columns}) => {
    const owner = columns.find(({column}) => column.endsWith('owner'))
    return columns.flatMap((one) => {
      const target = one.column.endsWith('acl') ? targetOf(name, expected) : null
      if (target === null) return []
      const have = renamed(aclOf(one.actual), owner?.actual, owner?.expected)
      return grants(target, aclOf(one.expected), have)
    })
  })
  const memberships = differences.flatMap(({name, kind}) => {
    const [, table, publication] =
      /^publication relation (.+) in publication (.+)$/.exec(name) ?? []
    return table !== undefined && kind !== 'missing'
      ? [`alter publication ${publication} drop table ${table}`]
      : []
  })
  return [...owners, ...rights, ...memberships]
}

/** `table public.units`, as `alter` and `grant` want it. */
const typeAndIdentity = (name: string): string =>
  name.replace(/^(function|procedure|aggregate) /, 'routine ')

interface Target {
  readonly on: string
  readonly column: string | null
}

function targetOf(name: string, catalogue: DatabaseCatalogue): Target | null {
  const fact = catalogue.get(name)
  if (/^\S+( \S+)? column /.test(name) && fact?.of) {
    const column = identifier(String(valuesOf(fact).get('attname')))
    return {on: `table ${identityOf(fact.of)}`, column}
  }
  const type =
    /^(table|view|materialized view|foreign table|sequence|function|procedure|aggregate|type|schema) /.exec(
      name,
    )?.[1]
  if (type === undefined) return null
  const word: Readonly<Record<string, string>> = {
    view: 'table',
    'materialized view': 'table',
    'foreign table': 'table',
    function: 'routine',
    procedure: 'routine',
    aggregate: 'routine',
  }
  return {on: `${word[type] ?? type} ${identityOf(name)}`, column: null}
}

const identityOf = (name: string): string =>
  name.replace(/^(materialized view|foreign table|composite type|\S+) /, '')

// The letters of an aclitem, as PostgreSQL's manual lists them.
const letters: Readonly<Record<string, string>> = {
  ...{
    r: 'select',
    a: 'insert',
    w: 'update',
    d: 'delete',
    D: 'truncate',
    x: 'references',
    t: 'trigger',
  },
  ...{m: 'maintain', X: 'execute', U: 'usage', C: 'create', c: 'connect', T: 'temporary'},
}

/** `anon=r*w/postgres`: by grantee, which is empty for everybody. */
function aclOf(value: unknown): ReadonlyMap<string, string> {
  const items = Array.isArray(value) ? value.map(String) : []
  return new Map(
    items.map((item) => {
      const [, grantee = '', privileges = ''] = /^("(?:[^"]|"")*"|[^=]*)=([^/]*)\//.exec(item) ?? []
      return [grantee, privileges]
    }),
  )
}

/** `alter … owner to` gives the new owner what the old one had. */
function renamed(
  acl: ReadonlyMap<string, string>,
  from: unknown,
  to: unknown,
): ReadonlyMap<string, string> {
  const bare = (role: unknown) => String(role ?? '').replace(/^role /, '')
  return from === undefined
    ? acl
    : new Map([...acl].map(([grantee, has]) => [grantee === bare(from) ? bare(to) : grantee, has]))
}

function grants(
  {on, column}: Target,
  want: ReadonlyMap<string, string>,
  have: ReadonlyMap<string, string>,
): readonly string[] {
  const within = column === null ? '' : ` (${column})`
  return [...new Set([...want.keys(), ...have.keys()])].flatMap((grantee) => {
    const [then, now] = [want.get(grantee) ?? '', have.get(grantee) ?? '']
    if (then === now) return []
    const to = grantee === '' ? 'public' : grantee
    const list = (privileges: readonly string[]) =>
      privileges.map((letter) => `${letters[letter] ?? letter}${within}`).join(', ')
    const all = [...then.matchAll(/(\w)(\*?)/g)]
    const plain = all.flatMap(([, letter = '', option]) => (option === '' ? [letter] : []))
    const passed = all.flatMap(([, letter = '', option]) => (option === '*' ? [letter] : []))
    return [
      ...(now === '' ? [] : [`revoke all${within} on ${on} from ${to}`]),
      ...(plain.length === 0 ? [] : [`grant ${list(plain)} on ${on} to ${to}`]),
      ...(passed.length === 0 ? [] : [`grant ${list(passed)} on ${on} to ${to} with grant option`]),
    ]
  })
}
