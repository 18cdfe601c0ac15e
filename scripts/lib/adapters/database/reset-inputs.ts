// Everything a reset reads, read and checked before anything is dropped.

import {problem} from '../../domain/problem.ts'
import type {Project} from '../../domain/project.ts'
import type {Text} from '../../domain/text.ts'
import {globOf} from './catalogue-compare.ts'
import {reachable} from './clear-public.ts'
import {withLaterValues} from './enum-values.ts'
import {judgeHistory, unmadeTables} from './history.ts'
import {readMigrations, readSqlFile, type SqlFile} from './migrations.ts'
import type {Product} from './project-ref.ts'
import {danglingReferences} from './references.ts'
import type {DatabaseSession} from './session.ts'
import {namesOf, type Shape, shapeDigest} from './shape.ts'
import {readShape} from './shape-file.ts'
import {rolesOf, withKnownRights, withRoles} from './shape-roles.ts'
import {cliReady, workFolder} from './supabase-cli.ts'
import {tableNames} from './tables.ts'

/** A run of files, and what is done when they have run. */
export interface MigrationBatch {
  readonly files: readonly SqlFile[]
  readonly next: 'restore' | 'compare' | null
}

export interface ResetInputs {
  /** As STAGING's server takes it: with its names of roles, and the rights that it knows. */
  readonly shape: Shape
  /** Of the shape as it is committed. */
  readonly digest: string
  /** Null where the project has none: the shape itself is then built. */
  readonly migrations: readonly SqlFile[] | null
  readonly seed: SqlFile | null
  readonly references: readonly string[]
  /** Tables that the application itself fills (audit logs): emptied last. */
  readonly mayChange: readonly string[]
  readonly fresh: readonly string[]
  readonly plan: readonly MigrationBatch[] | 'shape'
  /** The same, with the values that this release adds to PROD's enums in the types from the start; null without a release of its own. */
  readonly together: readonly MigrationBatch[] | null
  /** Partitions that the application makes at run time: not compared. */
  readonly ownPartitions: readonly string[]
  /** Where Supabase's CLI applies what PROD lacks, once the rest is committed; null: the plan does it. */
  readonly cli: {readonly work: string; readonly history: readonly SqlFile[]} | null
}

/**
 * Reads shape (from the project), migrations and seed (from the checkpoint's folder), and asks the database for what they need.
 * Throws a `Problem`: 2 unreadable, 3 read and false. Changes nothing.
 */
export async function readResetInputs(input: {
  readonly session: DatabaseSession
  readonly project: Project
  readonly root: string
  /** The committed shape, where it was read already. */
  readonly committed?: Shape | null
  readonly checkpoint: string
  readonly product: Product
  /** Where the CLI is looked for, where one is used. */
  readonly environment: Readonly<Record<string, string | undefined>>
}): Promise<ResetInputs> {
  const {project, session} = input
  const settings = project.database
  if (settings === undefined)
    throw blocked({
      fr: 'postgate.yaml ne décrit pas de base',
      en: 'postgate.yaml describes no database',
    })
  const {committed = await readShape(input.root, settings.shape)} = input
  if (committed === null) {
    throw blocked(
      {fr: `${settings.shape} n’existe pas`, en: `there is no ${settings.shape}`},
      {
        fr: 'prendre le schéma de PROD et le commiter : npx zx scripts/snapshot.ts',
        en: 'take the shape of PROD and commit it: npx zx scripts/snapshot.ts',
      },
    )
  }
  const major = await majorVersion(session)
  refuseOldServer(major)
  const named = withRoles(committed.sections, settings.roles)
  const shape = {...committed, sections: withKnownRights(named, major)}
  const {checkpoint} = input
  const migrations =
    settings.migrations === undefined ? null : await readMigrations(checkpoint, settings.migrations)
  const seed = settings.seed === undefined ? null : await readSqlFile(checkpoint, settings.seed)
  const references = settings.reference.map((name) => name.replace(/^public\./, ''))
  await checkDatabase({session, shape, references})
  const files = migrations !== null && migrations.length > 0 ? migrations : null
  const partial =
    files === null
      ? null
      : judgeHistory(
          settings.migrations ?? '',
          unmadeTables(files, ownTables(shape, settings.ownPartitions)),
        )
  if (partial !== null) throw blocked(partial.observed, partial.next)
  if (files !== null && ofProduction(files, shape).length === 0) throw unknownToProduction(files)
  const cli =
    files === null || settings.migrateWith === 'postgate'
      ? null
      : await cliInputs(input, shape, files)
  const applied = await appliedVersions(session)
  const planned = (run: readonly SqlFile[]) => planOf(run, shape, applied)
  const fresh = files === null ? [] : freshOf(files, shape)
  return {
    shape,
    digest: shapeDigest(committed),
    migrations: files,
    seed,
    references,
    mayChange: settings.mayChange.map((name) => name.replace(/^public\./, '')),
    fresh,
    plan: files === null || cli !== null ? 'shape' : planned(withValues(files, shape)),
    together: files === null || fresh.length === 0 ? null : planned(withLaterValues(files)),
    ownPartitions: settings.ownPartitions,
    cli,
  }
}

/** PROD's own history must be known, and be in the checkpoint: the CLI refuses one that it cannot tell. */
async function cliInputs(
  input: Parameters<typeof readResetInputs>[0],
  shape: Shape,
  files: readonly SqlFile[],
): Promise<ResetInputs['cli']> {
  const work = workFolder(input.checkpoint, input.project.database?.migrations ?? '')
  const ready = await cliReady(input.environment)
  if (ready.verdict !== 'pass') throw blocked(ready.observed, ready.next)
  const {migrations} = shape
  if (input.product !== 'supabase' || migrations === null) {
    throw blocked({
      fr: 'l’historique des migrations de PROD n’est pas connu : supabase-cli ne saurait pas lesquelles manquent',
      en: 'the history of PROD’s migrations is not known: supabase-cli could not tell which are missing',
    })
  }
  const lost = migrations.filter((version) => files.every((file) => file.version !== version))
  if (lost.length > 0) {
    throw blocked({
      fr: `des migrations de PROD ne sont pas dans le checkpoint : ${lost.join(', ')}`,
      en: `migrations of PROD are not in the checkpoint: ${lost.join(', ')}`,
    })
  }
  return {work, history: files.filter(({version}) => migrations.includes(version))}
}

const freshOf = (files: readonly SqlFile[], shape: Pick<Shape, 'migrations'>): string[] => {
  const production = ofProduction(files, shape)
  return files.filter((file) => !production.includes(file)).map(({version}) => version)
}

/** Partitions aside, which may be made while an application runs. */
export const ownTables = (shape: Shape, ownPartitions: readonly string[]): string[] => {
  const partitions = namesOf(shape, 'TABLE ATTACH')
  const own = ownPartitions.map(globOf)
  return namesOf(shape, 'TABLE').filter(
    (name) => !partitions.includes(name) && !own.some((glob) => glob.test(name)),
  )
}

/** A value that this release adds is no value of PROD's yet: it stands in the types that the release makes. */
function withValues(files: readonly SqlFile[], shape: Pick<Shape, 'migrations'>): SqlFile[] {
  const production = ofProduction(files, shape)
  const run = new Map(
    [production, files.filter((file) => !production.includes(file))]
      .flatMap((group) => withLaterValues(group))
      .map((file) => [file.version, file]),
  )
  return files.map((file) => run.get(file.version) ?? file)
}

/**
 * What PROD's history names, and a dump of the time before it: files that come before the first named one.
 * An empty history beside a full schema says nothing.
 */
function ofProduction(files: readonly SqlFile[], {migrations}: Pick<Shape, 'migrations'>) {
  if (migrations === null || migrations.length === 0) return files
  const first = files.findIndex(({version}) => migrations.includes(version))
  return files.filter(({version}, index) => index < first || migrations.includes(version))
}

/**
 * PROD's migrations give PROD's shape, which is compared at that point; STAGING's own give the tables from which
 * the reference rows came, which are put back at that point; what is left runs on top, as it will in PROD.
 */
export function planOf(
  files: readonly SqlFile[],
  shape: Pick<Shape, 'migrations'>,
  applied: readonly string[] | null,
): readonly MigrationBatch[] {
  const production = ofProduction(files, shape).map(({version}) => version)
  // In the order of their names up to the last one that ran: a gap in the history is no gap in the schema.
  const last = files.findLastIndex(({version}) => applied?.includes(version))
  const staging = last < 0 ? production : files.slice(0, last + 1).map(({version}) => version)
  const inProduction = files.filter(({version}) => production.includes(version))
  const inStaging = files.filter(({version}) => staging.includes(version))
  const behind = inStaging.every((file) => inProduction.includes(file))
  const [first, second] = behind ? [inStaging, inProduction] : [inProduction, inStaging]
  const later = second.filter((file) => !first.includes(file))
  const rest = files.filter((file) => !first.includes(file) && !later.includes(file))
  return [
    {files: first, next: behind ? 'restore' : 'compare'},
    {files: later, next: behind ? 'compare' : 'restore'},
    {files: rest, next: null},
  ]
}

/** How its catalogues refer to each other, which conformity is judged along, a server tells from 14 on. */
export function refuseOldServer(major: number): void {
  if (major >= 14) return
  throw blocked(
    {
      fr: `STAGING est en PostgreSQL ${major} : il en faut 14 ou plus récent`,
      en: `STAGING is on PostgreSQL ${major}: 14 or newer is needed`,
    },
    {
      fr: 'mettre le serveur de STAGING à jour, puis relancer la même commande',
      en: 'upgrade STAGING’s server, then run the same command again',
    },
  )
}

async function majorVersion({rows}: DatabaseSession): Promise<number> {
  const [row] = await rows<{major: number}>(
    `select current_setting('server_version_num')::int / 10000 as major`,
  )
  return row?.major ?? 0
}

async function appliedVersions(session: DatabaseSession): Promise<readonly string[] | null> {
  const [there] = await session.rows<{there: boolean}>(
    `select to_regclass('supabase_migrations.schema_migrations') is not null as there`,
  )
  if (!there?.there) return null
  const rows = await session.rows<{version: string}>(
    'select version::text as version from supabase_migrations.schema_migrations',
  )
  // An empty history beside a full schema says nothing.
  return rows.length === 0 ? null : rows.map(({version}) => version)
}

async function checkDatabase({
  session,
  shape,
  references,
}: {
  session: DatabaseSession
  shape: Shape
  references: readonly string[]
}): Promise<void> {
  await checkRoles(session, shape)
  const tables = namesOf(shape, 'TABLE')
  const absent = references.filter((name) => !tables.includes(name))
  const there = await tableNames(session)
  const missing = references.filter((name) => there.length > 0 && !there.includes(name))
  const unknown = absent.length > 0 ? absent : missing
  if (unknown.length > 0) {
    throw blocked({
      fr: `référentiels introuvables : ${unknown.join(', ')}`,
      en: `reference tables not found: ${unknown.join(', ')}`,
    })
  }
  const dangling = await danglingReferences(session, references)
  if (dangling.length > 0) {
    throw blocked({
      fr: `des référentiels pointent vers des tables qui seraient vidées : ${dangling.join(', ')}`,
      en: `reference tables point at tables that would be emptied: ${dangling.join(', ')}`,
    })
  }
}

/** Every role must be there, and owners must be roles that this session may act for. */
async function checkRoles(session: DatabaseSession, shape: Shape): Promise<void> {
  const within = await reachable(session)
  const sections = shape.sections.filter(
    ({type, owner}) => type !== 'DEFAULT ACL' || within.has(owner),
  )
  const known = await session.rows<{name: string}>('select rolname as name from pg_roles')
  const names = new Set(known.map(({name}) => name))
  const roles = [...rolesOf(sections)].sort(([one], [other]) => (one < other ? -1 : 1))
  const mapping = (list: readonly string[]): Text => {
    const lines = `database: {roles: {${list.map((name) => `${name}: …`).join(', ')}}}`
    return {
      fr: `créer ces rôles sur STAGING, ou dire dans postgate.yaml lequel en tient lieu : ${lines}`,
      en: `make these roles on STAGING, or say in postgate.yaml which one stands for each: ${lines}`,
    }
  }
  const missing = roles.flatMap(([role]) => (names.has(role) ? [] : [role]))
  if (missing.length > 0) {
    throw blocked(
      {
        fr: `le schéma de PROD nomme des rôles absents de STAGING : ${missing.join(', ')}`,
        en: `the shape of PROD names roles that STAGING does not have: ${missing.join(', ')}`,
      },
      mapping(missing),
    )
  }
  const foreign = roles.flatMap(([role, use]) =>
    use === 'owner' && !within.has(role) ? [role] : [],
  )
  if (foreign.length > 0) {
    throw blocked(
      {
        fr: `des objets de PROD appartiennent à ${foreign.join(', ')}, pour qui le rôle qui remet à vide ne peut agir`,
        en: `things of PROD belong to ${foreign.join(', ')}, for whom the role that resets cannot act`,
      },
      mapping(foreign),
    )
  }
}

/** The reference tables that exist: all of them, or none in a database that was never filled. */
export async function tablesToKeep(
  session: DatabaseSession,
  references: readonly string[],
): Promise<string[]> {
  const there = await tableNames(session)
  return references.filter((name) => there.includes(name))
}

function unknownToProduction([first]: readonly SqlFile[]) {
  const version = first?.version ?? ''
  return blocked(
    {
      fr: 'l’historique des migrations de PROD n’en nomme aucune de ce dossier : lesquelles PROD a-t-elle ?',
      en: 'the history of PROD’s migrations names none of this folder: which of them does PROD have?',
    },
    {
      fr: `le dire à PROD (supabase migration repair --status applied ${version}), reprendre le schéma (npx zx scripts/snapshot.ts), ou retirer database.migrations de postgate.yaml`,
      en: `tell PROD (supabase migration repair --status applied ${version}), take the shape again (npx zx scripts/snapshot.ts), or take database.migrations out of postgate.yaml`,
    },
  )
}

function blocked(why: Text, next?: Text) {
  return problem({
    what: {
      fr: 'Le reset est refusé : rien n’a été supprimé.',
      en: 'The reset is refused: nothing was dropped.',
    },
    why,
    next: next ?? {
      fr: 'corriger postgate.yaml ou STAGING, puis relancer la même commande',
      en: 'correct postgate.yaml or STAGING, then run the same command again',
    },
    exit: 3,
  })
}
