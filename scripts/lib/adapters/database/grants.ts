// The statements that give a fresh schema the grants, default privileges, publication members, and the
// triggers and policies of other schemas that the committed shape has. Only what differs is touched.

import {identifier} from './session.ts'
import type {Acl, Policy, Shape} from './shape.ts'

/** Statements from `actual` to `expected`, for things that both have. */
export function grantStatements(expected: Shape, actual: Shape): readonly string[] {
  const statements: string[] = []
  const change = (target: string, want: Acl | undefined, have: Acl | null | undefined) => {
    if (want !== undefined && have !== undefined)
      statements.push(...aclStatements(target, want, have ?? {}))
  }
  change('schema public', expected.schema.acl, actual.schema.acl)
  for (const [name, {acl, columns}] of Object.entries(expected.tables)) {
    const there = actual.tables[name]
    change(`table public.${identifier(name)}`, acl, there?.acl)
    for (const column of columns) {
      const same = there?.columns.find((other) => other.name === column.name)
      if (same === undefined) continue
      const on = `public.${identifier(name)}`
      statements.push(...columnStatements(on, column.name, column.acl ?? {}, same.acl ?? {}))
    }
  }
  for (const [name, {acl}] of Object.entries(expected.views)) {
    change(`table public.${identifier(name)}`, acl, actual.views[name]?.acl)
  }
  for (const [name, {acl}] of Object.entries(expected.sequences)) {
    change(`sequence public.${identifier(name)}`, acl, actual.sequences[name]?.acl)
  }
  for (const [signature, {acl, procedure}] of Object.entries(expected.functions)) {
    const kind = procedure === 'procedure' ? 'procedure' : 'function'
    change(`${kind} ${qualified(signature)}`, acl, actual.functions[signature]?.acl)
  }
  for (const kind of ['enums', 'composites', 'domains'] as const) {
    for (const [name, {acl}] of Object.entries(expected[kind])) {
      change(`type public.${identifier(name)}`, acl, actual[kind][name]?.acl)
    }
  }
  return statements
}

/** `name(arguments)` of the catalogue, the name quoted. */
const qualified = (signature: string): string => {
  const open = signature.indexOf('(')
  return `public.${identifier(signature.slice(0, open))}${signature.slice(open)}`
}

/** Default privileges in the schema, of the roles that this session can act for. */
export function defaultStatements(
  expected: Shape,
  actual: Shape | null,
  beyondReach: readonly string[],
): readonly string[] {
  const keys = new Set([...Object.keys(expected.defaults), ...Object.keys(actual?.defaults ?? {})])
  return [...keys].flatMap((key) => {
    const [role = '', kind = ''] = key.split(' ')
    if (beyondReach.includes(role)) return []
    const prefix = `alter default privileges for role ${identifier(role)} in schema public `
    const rename = ({'@owner': own, ...acl}: Acl): Acl =>
      own === undefined ? acl : {...acl, [role]: own}
    const want = rename(expected.defaults[key] ?? {})
    const have = rename(actual?.defaults[key] ?? {})
    return aclStatements(kind, want, have).map((statement) => prefix + statement)
  })
}

/** Members of publications, and what hangs on tables of other schemas: what `expected` has and `actual` lacks. */
export function outsideStatements(expected: Shape, actual: Shape): readonly string[] {
  const statements: string[] = []
  for (const [name, tables] of Object.entries(expected.publications)) {
    const missing = tables.filter((table) => !actual.publications[name]?.includes(table))
    const listed = missing.map((table) => `public.${identifier(table)}`).join(', ')
    if (missing.length > 0)
      statements.push(`alter publication ${identifier(name)} add table ${listed}`)
  }
  for (const [key, definition] of Object.entries(expected.foreignTriggers)) {
    if (actual.foreignTriggers[key] === undefined) statements.push(definition)
  }
  for (const [key, policy] of Object.entries(expected.foreignPolicies)) {
    if (actual.foreignPolicies[key] !== undefined) continue
    const space = key.indexOf(' ')
    statements.push(policyStatement(key.slice(space + 1), key.slice(0, space), policy))
  }
  return statements
}

/** `name` and `table` quoted where they need it. */
export function policyStatement(name: string, table: string, policy: Policy): string {
  const roles = policy.roles.map(grantee).join(', ')
  const using = policy.using === null ? '' : ` using (${policy.using})`
  const check = policy.check === null ? '' : ` with check (${policy.check})`
  const kind = policy.permissive ? '' : ' as restrictive'
  return `create policy ${name} on ${table}${kind} for ${policy.command} to ${roles}${using}${check}`
}

/** Every role that a shape names: each must exist before anything is dropped. */
export function rolesOf(shape: Shape, beyondReach: readonly string[]): readonly string[] {
  const defaults = Object.entries(shape.defaults).filter(
    ([key]) => !beyondReach.includes(key.split(' ')[0] ?? ''),
  )
  const acls = [
    shape.schema.acl,
    ...[shape.enums, shape.composites, shape.domains, shape.sequences, shape.functions, shape.views]
      .flatMap((record) => Object.values<{acl: Acl}>(record))
      .map(({acl}) => acl),
    ...Object.values(shape.tables).flatMap(({acl, columns}) => [
      acl,
      ...columns.map((c) => c.acl ?? {}),
    ]),
    ...defaults.map(([, acl]) => acl),
  ]
  const policies = [
    ...Object.values(shape.tables).flatMap((table) => Object.values(table.policies)),
    ...Object.values(shape.foreignPolicies),
  ]
  const names = new Set([
    ...acls.flatMap((acl) => Object.keys(acl)),
    ...policies.flatMap(({roles}) => roles),
    ...defaults.map(([key]) => key.split(' ')[0] ?? ''),
  ])
  return [...names].filter((name) => name !== '@owner' && name !== 'public').sort()
}

function aclStatements(target: string, want: Acl, have: Acl): string[] {
  return difference(want, have).flatMap(({name, now, then}) => [
    ...(now.length > 0 ? [`revoke all on ${target} from ${grantee(name)}`] : []),
    ...granted(then).map(
      ({list, option}) => `grant ${list.join(', ')} on ${target} to ${grantee(name)}${option}`,
    ),
  ])
}

function columnStatements(table: string, column: string, want: Acl, have: Acl): string[] {
  const on = (list: readonly string[]) =>
    list.map((privilege) => `${privilege.replace('*', '')} (${identifier(column)})`).join(', ')
  return difference(want, have).flatMap(({name, now, then}) => [
    ...(now.length > 0 ? [`revoke ${on(now)} on ${table} from ${grantee(name)}`] : []),
    ...granted(then).map(
      ({list, option}) => `grant ${on(list)} on ${table} to ${grantee(name)}${option}`,
    ),
  ])
}

function difference(want: Acl, have: Acl) {
  const names = new Set([...Object.keys(want), ...Object.keys(have)])
  return [...names].flatMap((name) => {
    const [then, now] = [want[name] ?? [], have[name] ?? []]
    return [...then].sort().join() === [...now].sort().join() ? [] : [{name, then, now}]
  })
}

function granted(privileges: readonly string[]) {
  const plain = privileges.filter((privilege) => !privilege.endsWith('*'))
  const passed = privileges.filter((p) => p.endsWith('*')).map((p) => p.slice(0, -1))
  return [
    {list: plain, option: ''},
    {list: passed, option: ' with grant option'},
  ].filter(({list}) => list.length > 0)
}

const grantee = (name: string): string =>
  name === '@owner' ? 'current_user' : name === 'public' ? 'public' : identifier(name)
