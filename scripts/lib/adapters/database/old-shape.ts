// The form in which shapes were committed before: what was known of `public` as JSON, read into statements.
// It knows neither owners nor comments, and calls equal what it does not know.

import {z} from 'zod'
import {ddlStatements, policyStatement} from './ddl.ts'
import {identifier} from './session.ts'
import type {Section, Shape} from './shape-file.ts'

/** Privileges by grantee, sorted; `@owner` and `public` are names of their own, `*` marks a grant option. */
const acl = z.record(z.string(), z.array(z.string()))
const named = z.record(z.string(), z.string())

const column = z.object({
  name: z.string(),
  type: z.string(),
  notNull: z.boolean(),
  /** An expression; of a generated column the expression that makes it. */
  default: z.string().nullable(),
  generated: z.boolean(),
  identity: z.enum(['always', 'by default']).nullable(),
  collation: z.string().nullable(),
  acl: acl.nullable(),
})

const policy = z.object({
  permissive: z.boolean(),
  command: z.string(),
  roles: z.array(z.string()),
  using: z.string().nullable(),
  check: z.string().nullable(),
})

const table = z.object({
  columns: z.array(column),
  partitionKey: z.string().nullable(),
  partitionOf: z.object({parent: z.string(), bound: z.string()}).nullable(),
  rowSecurity: z.boolean(),
  forceRowSecurity: z.boolean(),
  constraints: named,
  indexes: named,
  triggers: named,
  policies: z.record(z.string(), policy),
  acl,
})

export const oldShapeSchema = z.object({
  format: z.literal(1),
  /** Where it was taken: never compared. */
  source: z.object({
    environment: z.string(),
    /** Fingerprint of the project ref. */
    ref: z.string(),
    server: z.string(),
    takenAt: z.string(),
  }),
  /** Versions that `supabase_migrations` says ran there; null where there is no such table. */
  migrations: z.array(z.string()).nullable(),
  schema: z.object({acl}),
  extensions: z.array(z.string()),
  enums: z.record(z.string(), z.object({labels: z.array(z.string()), acl})),
  composites: z.record(z.string(), z.object({definition: z.string(), acl})),
  domains: z.record(z.string(), z.object({definition: z.string(), acl})),
  sequences: z.record(
    z.string(),
    z.object({definition: z.string(), ownedBy: z.string().nullable(), identity: z.boolean(), acl}),
  ),
  tables: z.record(z.string(), table),
  views: z.record(
    z.string(),
    z.object({
      definition: z.string(),
      materialized: z.boolean(),
      options: z.array(z.string()),
      indexes: named,
      triggers: named,
      acl,
    }),
  ),
  /** By signature, `name(argument types)`. */
  functions: z.record(z.string(), z.object({definition: z.string(), procedure: z.string(), acl})),
  /** By `role kind` of default privileges in the schema, kind being tables, sequences, functions or types. */
  defaults: z.record(z.string(), acl),
  /** Triggers of other schemas that call functions of `public`, by `schema.table name`. */
  foreignTriggers: named,
  /** Policies on the tables of other schemas that a reset can take away, by `schema.table name`. */
  foreignPolicies: z.record(z.string(), policy),
  /** Tables of `public` in each publication. */
  publications: z.record(z.string(), z.array(z.string())),
})

export type OldShape = z.output<typeof oldShapeSchema>
export type Acl = z.output<typeof acl>
export type Policy = z.output<typeof policy>
export type Table = z.output<typeof table>

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
  const section = (type: string, schema: string, name: string, sql: string): Section => ({
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
        'ROW SECURITY',
        Object.entries(shape.tables).flatMap(([name, {rowSecurity}]) => (rowSecurity ? [name] : [])),
      ),
      ...shape.extensions.map((name) =>
        section('EXTENSION', '-', name, `create extension if not exists ${identifier(name)} with schema public`),
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
  const groups: readonly (readonly [string, Readonly<Record<string, {acl: Acl}>>])[] = [
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
const rights = (target: string, acl: Acl): readonly string[] => [
  `revoke all on ${target} from public, current_user`,
  ...granted(target, acl),
]

/** `*` marks what may be passed on. */
function granted(target: string, acl: Acl, columns = ''): readonly string[] {
  return Object.entries(acl).flatMap(([name, privileges]) => {
    const to = name === '@owner' ? 'current_user' : name === 'public' ? name : identifier(name)
    const grant = (list: readonly string[], option: string) =>
      list.length === 0
        ? []
        : [`grant ${list.map((one) => one + columns).join(', ')} on ${target} to ${to}${option}`]
    const passed = privileges.flatMap((one) => (one.endsWith('*') ? [one.slice(0, -1)] : []))
    return [
      ...grant(privileges.filter((one) => !one.endsWith('*')), ''),
      ...grant(passed, ' with grant option'),
    ]
  })
}
