// A shape in its old form, read into the statements that give what it says. It knows neither owners nor
// comments, and calls equal what it does not know.

import {ddlStatements, policyStatement} from './ddl.ts'
import {type OldAcl, type OldShape, oldShapeSchema} from './old-form.ts'
import {identifier} from './session.ts'
import type {Shape, ShapeSection} from './shape.ts'

/** The committed JSON as sections; or why it is none. */
export function readOldShape(source: string): Shape | {readonly why: string} {
  let parsed: unknown
  try {
    parsed = JSON.parse(source)
  } catch {
    return {why: 'JSON'}
  }
  const shape = oldShapeSchema.safeParse(parsed)
  if (shape.success) return sectionsOfOld(shape.data)
  const issue = shape.error.issues[0]
  return {why: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`}
}

/** Statements that give what it says; owners and all that it knows nothing of are whoever's resets. */
function sectionsOfOld(shape: OldShape): Shape {
  const section = (type: string, schema: string, name: string, sql: string): ShapeSection => ({
    ...{type, schema, name, owner: ''},
    sql: `${sql};\n`,
  })
  const named = (type: string, names: readonly string[]) =>
    names.map((name) => ({...section(type, 'public', name, ''), sql: ''}))
  return {
    source: shape.source,
    migrations: shape.migrations,
    unpopulated: [],
    old: true,
    sections: [
      ...named('TABLE', Object.keys(shape.tables)),
      ...named('VIEW', Object.keys(shape.views)),
      ...named(
        'TABLE ATTACH',
        Object.entries(shape.tables).flatMap(([name, {partitionOf}]) =>
          partitionOf ? [name] : [],
        ),
      ),
      ...named(
        'ROW SECURITY',
        Object.entries(shape.tables).flatMap(([name, {rowSecurity}]) =>
          rowSecurity ? [name] : [],
        ),
      ),
      ...shape.extensions.map((name) =>
        section(
          'EXTENSION',
          '-',
          name,
          `create extension if not exists ${identifier(name)} with schema public`,
        ),
      ),
      ...ddlStatements(shape).map((sql) => section('OLD', 'public', '', sql)),
      ...grantStatements(shape).map((sql) => section('ACL', 'public', '', sql)),
      section('ACL', '-', 'SCHEMA public', rights('schema public', shape.schema.acl).join(';\n')),
      ...Object.entries(shape.defaults).map(([key, acl]) => {
        const [role = '', kind = ''] = key.split(' ')
        const prefix = `alter default privileges for role ${identifier(role)} in schema public `
        const {'@owner': own, ...others} = acl
        const sql = granted(kind, own === undefined ? others : {...others, [role]: own})
        return {
          ...section('DEFAULT ACL', 'public', key, sql.map((one) => prefix + one).join(';\n')),
          owner: role,
        }
      }),
      ...Object.entries(shape.publications).flatMap(([name, tables]) =>
        tables.map((table) =>
          section(
            'PUBLICATION TABLE',
            'public',
            `${name} ${table}`,
            `alter publication ${identifier(name)} add table public.${identifier(table)}`,
          ),
        ),
      ),
      ...Object.entries(shape.foreignTriggers).map(([key, sql]) =>
        section('TRIGGER', key.split('.')[0] ?? '', key, sql),
      ),
      ...Object.entries(shape.foreignPolicies).map(([key, policy]) => {
        const space = key.indexOf(' ')
        const sql = policyStatement(key.slice(space + 1), key.slice(0, space), policy)
        return section('POLICY', key.split('.')[0] ?? '', key, sql)
      }),
    ],
  }
}

function grantStatements(shape: OldShape): readonly string[] {
  const qualified = (name: string) => {
    const open = name.indexOf('(')
    return open < 0
      ? `public.${identifier(name)}`
      : `public.${identifier(name.slice(0, open))}${name.slice(open)}`
  }
  const groups: readonly (readonly [string, Readonly<Record<string, {acl: OldAcl}>>])[] = [
    ['table', shape.tables],
    ['table', shape.views],
    ['sequence', shape.sequences],
    ['routine', shape.functions],
    ...[shape.enums, shape.composites, shape.domains].map((record) => ['type', record] as const),
  ]
  return [
    ...groups.flatMap(([kind, record]) =>
      Object.entries(record).flatMap(([name, {acl}]) => rights(`${kind} ${qualified(name)}`, acl)),
    ),
    ...Object.entries(shape.tables).flatMap(([name, {columns}]) =>
      columns.flatMap((column) =>
        granted(`table ${qualified(name)}`, column.acl ?? {}, ` (${identifier(column.name)})`),
      ),
    ),
  ]
}

/** Whatever a new thing has by itself is taken first. */
const rights = (target: string, acl: OldAcl): readonly string[] => [
  `revoke all on ${target} from public, current_user`,
  ...granted(target, acl),
]

const ofTable = 'SELECT INSERT UPDATE DELETE TRUNCATE REFERENCES TRIGGER'.split(' ')

/** `*` marks what may be passed on. */
function granted(target: string, acl: OldAcl, columns = ''): readonly string[] {
  return Object.entries(acl).flatMap(([name, privileges]) => {
    const to = name === '@owner' ? 'current_user' : name === 'public' ? name : identifier(name)
    const grant = (list: readonly string[], option: string) => {
      if (list.length === 0) return []
      // MAINTAIN came with 17 and is not told: who had all rights has all that this server knows.
      const all = ofTable.every((one) => list.includes(one))
      const words = all ? 'all' : list.map((one) => one + columns).join(', ')
      return [`grant ${words} on ${target} to ${to}${option}`]
    }
    const passed = privileges.flatMap((one) => (one.endsWith('*') ? [one.slice(0, -1)] : []))
    return [
      ...grant(
        privileges.filter((one) => !one.endsWith('*')),
        '',
      ),
      ...grant(passed, ' with grant option'),
    ]
  })
}
