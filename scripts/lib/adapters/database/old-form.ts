// The form in which shapes were committed before: what was known of `public`, as JSON.

import {z} from 'zod'

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
export type OldAcl = z.output<typeof acl>
export type OldPolicy = z.output<typeof policy>
export type OldTable = z.output<typeof table>
