// The facts that steps leave for later steps, documents and runs, by name. Reading one goes through
// its schema: a journal may come from another bundle version.

import {z} from 'zod'
import {commitKinds} from './commit-subject.ts'

export const deploymentSchema = z.object({
  /** The host's own id of what is live. */
  id: z.string(),
  url: z.string(),
  version: z.string().nullable(),
  /** SHA-256 of the manifest of the served files, where it is known. */
  manifest: z.string().nullable(),
  at: z.string().nullable(),
})

export const artifactSchema = z.object({
  version: z.string(),
  files: z.number(),
  bytes: z.number(),
  /** SHA-256 of the manifest (lines `<sha256>  <path>`, sorted by path). */
  digest: z.string(),
  /** Where the bytes are kept for a later promotion or rollback: a path under the cache folder. */
  kept: z.string(),
  /** The largest files, for comparing sizes with the next build on any machine. */
  largest: z.array(z.object({path: z.string(), bytes: z.number()})).default([]),
})

const tableState = z.object({
  rows: z.number(),
  sha256: z.string().nullable(),
  columns: z.array(z.string()).optional(),
})

export const factSchemas = {
  /** Main and every validated tag as they last stood where all was well, by full name; `remote` null: never
   * read, or there is none. `unread`: why the remote could not be looked at since. `clone`: whose `here` it is. */
  'refs-standing': z.object({
    clone: z.string().nullable(),
    here: z.record(z.string(), z.string()),
    remote: z.record(z.string(), z.string()).nullable(),
    unread: z.string().nullable(),
  }),
  /** In which documents tell the local time beside UTC: of postgate.yaml, or of the machine that began. */
  timezone: z.object({zone: z.string()}),
  /** Who operates a PRODUCTION run, as decision.md has them, and how they were recognised. */
  operator: z.object({
    name: z.string(),
    address: z.string(),
    how: z.enum(['chosen', 'forge', 'key', 'address']),
  }),
  /** The worktree of the checkpoint, of the present attempt. */
  worktree: z.object({path: z.string(), commit: z.string(), number: z.number()}),
  nightly: z.object({
    runs: z.array(
      z.object({
        id: z.string(),
        at: z.string(),
        conclusion: z.string(),
        sha: z.string(),
        link: z.string(),
      }),
    ),
  }),
  backup: z.object({
    path: z.string(),
    bytes: z.number(),
    sha256: z.string(),
    keepUntil: z.string(),
    tables: z.number(),
    /** How far it was tried; not told by older journals. */
    checked: z.union([z.string(), z.strictObject({fr: z.string(), en: z.string()})]).optional(),
  }),
  'database-identity': z.object({
    database: z.string(),
    ref: z.string(),
    role: z.string(),
    readOnly: z.boolean(),
  }),
  'database-before': z.object({
    tables: z.record(z.string(), tableState),
  }),
  'database-after': z.object({
    tables: z.record(z.string(), tableState),
  }),
  artifact: artifactSchema,
  'artifact-previous': artifactSchema.partial(),
  'deployment-before': deploymentSchema,
  /** Hashes of what was served before a deployment, where no manifest of it is known: a sample. */
  'served-before': z.object({
    id: z.string(),
    files: z.array(z.object({path: z.string(), sha256: z.string()})),
  }),
  deployment: deploymentSchema,
  /** Once the bytes were proven to be served. */
  'deployment-verified': z.object({
    id: z.string(),
    digest: z.string(),
    files: z.number(),
    at: z.string(),
  }),
  'deployment-restored': deploymentSchema,
  'rollback-command': z.object({command: z.string()}),
  smoke: z.object({
    checks: z.array(
      z.object({
        title: z.string(),
        verdict: z.string(),
        observed: z.string(),
        screenshot: z.string().optional(),
      }),
    ),
  }),
  'audit-log': z.object({table: z.string(), before: z.number(), after: z.number()}),
  /** Ids of the incidents that were declared before this run. */
  'incidents-before': z.object({ids: z.array(z.string())}),
  /** Ids of those that were declared since, and are journalled. */
  'incidents-heard': z.object({ids: z.array(z.string())}),
  /** What was last asked at a terminal: it stands open while nothing was journalled behind it. */
  question: z.object({title: z.string(), roles: z.array(z.string())}),
  window: z.object({from: z.string(), to: z.string()}),
  watch: z.object({
    from: z.string(),
    to: z.string(),
    samples: z.number(),
    errors: z.number(),
    coverage: z.number(),
    p95Ms: z.number().nullable(),
  }),
  'release-tag': z.object({tag: z.string()}),
  /** What the checkpoint brings since the version that was live; for lead time and the list of changes. */
  changes: z.object({
    committedAt: z.string().nullable(),
    /** What people call that version. */
    since: z.string().nullable(),
    /** Newest first, the first of `total`. */
    commits: z.array(
      z.object({
        sha: z.string(),
        subject: z.string(),
        // What follows older journals do not tell.
        kind: z.enum(commitKinds).optional(),
        authors: z.array(z.string()).optional(),
        issues: z.array(z.object({text: z.string(), link: z.string().nullable()})).optional(),
      }),
    ),
    total: z.number().optional(),
    /** Over all commits. */
    kinds: z.partialRecord(z.enum(commitKinds), z.number()).optional(),
    authors: z.array(z.object({name: z.string(), commits: z.number()})).optional(),
    /** Commits of the live version that the checkpoint lacks. */
    gone: z.number().optional(),
    changelog: z.array(z.object({heading: z.string(), entries: z.array(z.string())})).optional(),
    /** null: nothing was live. Its commit is null where nothing here tells it. */
    live: z
      .object({
        id: z.string().nullable(),
        version: z.string().nullable(),
        tag: z.string().nullable(),
        commit: z.string().nullable(),
        at: z.string().nullable(),
      })
      .nullable()
      .optional(),
  }),
  /** Names of the dated documents by their key, chosen once so that a resume or an audit finds the same. */
  'document-names': z.record(z.string(), z.string().nullable()),
  /** How the documents come to a main that is kept for reviews; `number` null: a person has to ask. */
  'merge-request': z.object({
    branch: z.string(),
    link: z.string().nullable(),
    number: z.number().nullable(),
  }),
  approval: z.object({
    role: z.string(),
    name: z.string(),
    nonce: z.string(),
    issuedAt: z.string(),
    expiresAt: z.string(),
    fingerprint: z.string(),
    /** The signed bytes, their signature, and the signers they were verified against: enough for an audit. */
    statement: z.string(),
    signature: z.string().default(''),
    signers: z.string().default(''),
    /** The roles table's document, as it was on the remote's main. */
    decision: z.string().default(''),
  }),
  freeze: z.object({
    reason: z.string(),
    scope: z.string(),
    responsible: z.string(),
    planned: z.string(),
    plannedDate: z.string(),
    review: z.string(),
    exitCriteria: z.string(),
    tag: z.string().nullable(),
  }),
  'freeze-exit': z.object({
    holds: z.boolean(),
    commits: z.array(z.object({sha: z.string(), subject: z.string()})),
    files: z.array(z.string()),
  }),
  backlog: z.object({
    items: z.array(
      z.object({
        part: z.enum(['improvements', 'bugs', 'optimisations', 'features']),
        title: z.string(),
        origin: z.string(),
        link: z.string().nullable(),
      }),
    ),
  }),
} as const

export type FactName = keyof typeof factSchemas
type Immutable<T> = T extends readonly (infer E)[]
  ? readonly Immutable<E>[]
  : T extends object
    ? {readonly [K in keyof T]: Immutable<T[K]>}
    : T
type Facts = {readonly [N in FactName]: Immutable<z.output<(typeof factSchemas)[N]>>}
export type Fact<N extends FactName> = Facts[N]

const schemas: {readonly [N in FactName]: z.ZodType<Facts[N]>} = factSchemas

/** A fact checked by its schema; undefined where it is missing or of another shape. */
export function readFact<N extends FactName>(name: N, value: unknown): Fact<N> | undefined {
  const parsed = schemas[name].safeParse(value)
  return parsed.success ? parsed.data : undefined
}

/** The event that keeps a fact: the one way in which it is written. */
export const factRecorded = <N extends FactName>(name: N, value: Fact<N>) =>
  ({type: 'fact-recorded', name, value}) as const

/** The events of several facts, in the order given. */
export const factsRecorded = (found: {readonly [N in FactName]?: Fact<N>}) =>
  Object.entries(found).map(([name, value]) => ({type: 'fact-recorded', name, value}) as const)
