// The statements that give what migrations made the owners, rights and memberships that PROD has. Only what
// differs is touched; whatever else differs is left to be told. Pure.

import {changeOfRights, plainName, type Rights, type RightsTarget, rightsOf} from './acl.ts'
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
      const have = renamed(rightsOf(one.actual), owner?.actual, owner?.expected)
      return changeOfRights(target, rightsOf(one.expected), have)
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

function targetOf(name: string, catalogue: DatabaseCatalogue): RightsTarget | null {
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
  return {on: `${word[type] ?? type} ${identityOf(name)}`}
}

const identityOf = (name: string): string =>
  name.replace(/^(materialized view|foreign table|composite type|\S+) /, '')

/** `alter … owner to` gives the new owner what the old one had. */
function renamed(rights: Rights, from: unknown, to: unknown): Rights {
  if (from === undefined) return rights
  const [was, is] = [from, to].map((role) => plainName(String(role ?? '').replace(/^role /, '')))
  return new Map([...rights].map(([grantee, has]) => [grantee === was ? (is ?? '') : grantee, has]))
}
