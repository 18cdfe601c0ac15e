// What is known of `public` without pg_dump: a backup's own copy holds it, and shapes were committed so before, with
// rights and what hangs elsewhere.

import {z} from 'zod'

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
})

const enumeration = z.object({labels: z.array(z.string())})
const defined = z.object({definition: z.string()})
const sequence = defined.extend({ownedBy: z.string().nullable(), identity: z.boolean()})
const routine = defined.extend({procedure: z.string()})
const view = defined.extend({
  materialized: z.boolean(),
  options: z.array(z.string()),
  indexes: named,
  triggers: named,
})

export const definitionsSchema = z.object({
  extensions: z.array(z.string()),
  enums: z.record(z.string(), enumeration),
  composites: z.record(z.string(), defined),
  domains: z.record(z.string(), defined),
  sequences: z.record(z.string(), sequence),
  tables: z.record(z.string(), table),
  views: z.record(z.string(), view),
  /** By signature, `name(argument types)`. */
  functions: z.record(z.string(), routine),
})

/** Privileges by grantee, sorted; `@owner` and `public` are names of their own, `*` marks a grant option. */
const acl = z.record(z.string(), z.array(z.string()))

export const oldShapeSchema = definitionsSchema.extend({
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
  enums: z.record(z.string(), enumeration.extend({acl})),
  composites: z.record(z.string(), defined.extend({acl})),
  domains: z.record(z.string(), defined.extend({acl})),
  sequences: z.record(z.string(), sequence.extend({acl})),
  tables: z.record(
    z.string(),
    table.extend({acl, columns: z.array(column.extend({acl: acl.nullable()}))}),
  ),
  views: z.record(z.string(), view.extend({acl})),
  functions: z.record(z.string(), routine.extend({acl})),
  /** By `role kind` of default privileges in the schema, kind being tables, sequences, functions or types. */
  defaults: z.record(z.string(), acl),
  /** Triggers of other schemas that call functions of `public`, by `schema.table name`. */
  foreignTriggers: named,
  /** Policies on the tables of other schemas that a reset can take away, by `schema.table name`. */
  foreignPolicies: z.record(z.string(), policy),
  /** Tables of `public` in each publication. */
  publications: z.record(z.string(), z.array(z.string())),
})

export type Definitions = z.output<typeof definitionsSchema>
export type OldShape = z.output<typeof oldShapeSchema>
export type OldAcl = z.output<typeof acl>
export type OldPolicy = z.output<typeof policy>
export type OldTable = z.output<typeof table>
