// Builds `public` anew inside a reset's transaction: PROD's own schema as it is committed, or the project's
// migrations, made equal in rights, owners and what hangs elsewhere. Either is read from the catalogues of
// the same server, and they are equal or the reset has not happened.

import type {Text} from '../../domain/text.ts'
import {type DatabaseCatalogue, readCatalogue} from './catalogue.ts'
import {
  type CatalogueComparisonOptions,
  type CatalogueDifference,
  compareCatalogues,
  describeDifferences,
  otherOrder,
} from './catalogue-compare.ts'
import {isOfSchema, reachable, schemaLike, withoutDefaultRights} from './clear-public.ts'
import {alreadyThere, runFile, runInAnyOrder, type SqlFile} from './migrations.ts'
import {repairs} from './repair.ts'
import type {ResetInputs} from './reset-inputs.ts'
import {stopped} from './reset-proofs.ts'
import {type DatabaseSession, identifier, stateOf} from './session.ts'
import type {Shape, ShapeSection} from './shape.ts'

/** How long a table that another session holds is waited for, where the role has no shorter time of its own. */
export const lockSeconds = 20

/**
 * Settings of the session, as every file finds them: pg_dump's output leaves an empty search_path behind. Keys that
 * wait for the end are checked here, since nobody may alter a table that they wait for.
 */
export function settler(session: DatabaseSession): () => Promise<void> {
  return async () => {
    await session.client.query(`
      reset all; reset role;
      set constraints all immediate; set constraints all deferred;
      set TimeZone = 'UTC'; set DateStyle = 'ISO, YMD'; set IntervalStyle = 'postgres'; set bytea_output = 'hex';
      set row_security = off; set client_min_messages = 'warning'; set check_function_bodies = on;
      set statement_timeout = 0; set idle_in_transaction_session_timeout = 0;
      select set_config('lock_timeout', least(nullif(setting::int, 0), ${lockSeconds * 1000})::text, false)
        from pg_catalog.pg_settings where name = 'lock_timeout'`)
  }
}

export function createBuild(tools: {
  session: DatabaseSession
  inputs: ResetInputs
  settle: () => Promise<void>
  /** Puts the reference rows back, before keys of other schemas are checked against them. */
  restore: () => Promise<void>
}) {
  const {session, inputs, settle, restore} = tools
  const {shape} = inputs
  const kept: string[] = []
  const hanging = shape.sections.filter(hangs)
  const empty: readonly string[] = []
  const build = {
    kept,
    /** Relations whose columns stand in another order than PROD's: no difference, and worth a word. */
    reordered: empty,
    /** The schema PROD has, whole; `rows`: with the reference rows. */
    shape: async ({rows}: {readonly rows: boolean}) => {
      // As in a new database: what is granted by default would stay beside what the shape grants.
      const defaults = await withoutDefaultRights(session)
      await schemaLike(session, {...shape, sections: shape.sections.filter(isNoDefault)})
      await runSections(session, shape, (section) => !isLate(section) && !isOfSchema(section))
      await settle()
      await schemaLike(session, shape)
      for (const sql of defaults) await session.client.query(sql)
      const late = shape.sections.some(isLate)
      if (rows || late) await restore()
      if (late) await runSections(session, shape, isLate)
      await settle()
    },
    /** What `shape` gives here, read; nothing of it stays. */
    expected: async (): Promise<DatabaseCatalogue> => {
      await session.client.query('savepoint expected')
      await build.shape({rows: false})
      const read = await readNested(session)
      await session.client.query('rollback to savepoint expected; release savepoint expected')
      return read
    },
    /** Rights on the schema, and what must be there before a migration makes a table. */
    before: async (files: readonly SqlFile[]) => {
      await schemaLike(session, shape)
      const early = shape.sections.filter(({type}) => type === 'EXTENSION')
      // One that a migration makes is left to it.
      const own = hanging.filter(({type, name}) => {
        const makes = new RegExp(`event\\s+trigger\\s+"?${escaped(name)}\\b`, 'i')
        const isMade = () =>
          files.some(({statements}) => statements.some(({sql}) => makes.test(sql)))
        return type === 'EVENT TRIGGER' && !isMade()
      })
      const functions = own.length === 0 ? [] : hanging.filter(isEventFunction)
      for (const {sql} of [...early, ...functions, ...own]) await session.client.query(sql)
      await settle()
    },
    run: async (files: readonly SqlFile[]) => {
      for (const file of files) kept.push(...(await runFile(session, file, settle)))
    },
    /** Rights, owners and what hangs elsewhere, then the proof that nothing differs from PROD. */
    likeProduction: async (expected: DatabaseCatalogue): Promise<DatabaseCatalogue> => {
      const options = compareOptions(inputs)
      const first = await readNested(session)
      const differences = compareCatalogues(expected, first, options)
      build.reordered = otherOrder(expected, first)
      if (differences.length === 0) return first
      if (
        differences.some(({name}) => /^(schema public$|comment on schema|default acl )/.test(name))
      )
        await schemaLike(session, shape)
      for (const sql of repairs(differences, expected)) await session.client.query(sql)
      // What is there already stays.
      await runSections(session, {...shape, sections: hanging, old: false}, () => true)
      await settle()
      const second = await readNested(session)
      const left = compareCatalogues(expected, second, options)
      if (left.length > 0) throw unlike(left)
      build.reordered = otherOrder(expected, second)
      return second
    },
  }
  return build
}

export const compareOptions = ({
  shape,
  ownPartitions,
}: Pick<ResetInputs, 'shape' | 'ownPartitions'>): CatalogueComparisonOptions => ({
  ownPartitions,
  notNullNames: !shape.old && Number.parseInt(shape.source.server, 10) >= 18,
})

/** The settings that a reading needs end with it. */
export async function readNested(session: DatabaseSession): Promise<DatabaseCatalogue> {
  await session.client.query('savepoint reading')
  try {
    return await readCatalogue(session)
  } finally {
    await session.client.query('rollback to savepoint reading; release savepoint reading')
  }
}

// A key of another schema's table is checked against the rows that are there already.
const isLate = ({type, schema}: ShapeSection): boolean =>
  type === 'FK CONSTRAINT' && schema !== 'public'

/** What hangs on `public` without being in it: migrations may not make it, and PROD's is taken. */
function hangs(section: ShapeSection): boolean {
  const {type, schema} = section
  return (
    ['EVENT TRIGGER', 'PUBLICATION', 'PUBLICATION TABLE', 'PUBLICATION TABLES IN SCHEMA'].includes(
      type,
    ) ||
    (schema !== 'public' &&
      ['TRIGGER', 'POLICY', 'FK CONSTRAINT', 'COMMENT', 'VIEW'].includes(type)) ||
    isEventFunction(section)
  )
}

const isNoDefault = ({type}: ShapeSection): boolean => type !== 'DEFAULT ACL'

const isEventFunction = ({type, schema, sql}: ShapeSection): boolean =>
  type === 'FUNCTION' && schema === 'public' && /\bRETURNS event_trigger\b/i.test(sql)

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Many sections in one statement each time: a remote database is a round trip away, and each answer is held. */
const chunkLength = 64_000

async function runSections(
  session: DatabaseSession,
  shape: Shape,
  wanted: (section: ShapeSection) => boolean,
): Promise<void> {
  const {client} = session
  const within = await reachable(session)
  const there = await publicationsOf(session)
  const sections = shape.sections
    .filter(wanted)
    .filter(({type, owner}) => type !== 'DEFAULT ACL' || within.has(owner))
    .map((section) => (section.type === 'PUBLICATION' ? publication(section, there) : section))
  await client.query(`set search_path = ''; set check_function_bodies = off`)
  if (shape.old)
    return runInAnyOrder(
      session,
      sections.map(({sql}) => sql),
    )
  for (let at = 0; at < sections.length; ) {
    let length = 0
    let end = at
    while (end < sections.length && (end === at || length < chunkLength)) {
      length += sections[end]?.sql.length ?? 0
      end++
    }
    await runChunk(session, shape, sections.slice(at, end))
    at = end
  }
}

/** All at once; what fails is told by its section, and what another schema has already stays. */
async function runChunk(
  session: DatabaseSession,
  shape: Shape,
  sections: readonly ShapeSection[],
): Promise<void> {
  const {client} = session
  await client.query('savepoint chunk')
  try {
    await client.query(sections.map(({sql}) => sql).join('\n'))
  } catch {
    await client.query('rollback to savepoint chunk')
    for (const section of sections) {
      await client.query('savepoint section')
      try {
        await client.query(section.sql)
        await client.query('release savepoint section')
      } catch (error) {
        await client.query('rollback to savepoint section')
        if (!hangs(section) || !alreadyThere.has(stateOf(error)))
          throw unbuilt(section, error, await olderThan(session, shape))
      }
    }
  }
  await client.query('release savepoint chunk')
}

async function publicationsOf(session: DatabaseSession): Promise<ReadonlyMap<string, boolean>> {
  const rows = await session.rows<{name: string; all: boolean}>(
    'select pubname as name, puballtables as all from pg_catalog.pg_publication',
  )
  return new Map(rows.map(({name, all}) => [name, all]))
}

/** A publication outlives what it publishes; only what it does is set as PROD has it. */
function publication(section: ShapeSection, there: ReadonlyMap<string, boolean>): ShapeSection {
  const {name, sql} = section
  const all = there.get(name)
  if (all === undefined) return section
  if (all !== / FOR ALL TABLES\b/.test(sql))
    return {...section, sql: `drop publication ${identifier(name)};\n${sql}`}
  const options = / WITH (\([^)]*\));/.exec(sql)?.[1]
  return {
    ...section,
    sql: options === undefined ? '' : `alter publication ${identifier(name)} set ${options};\n`,
  }
}

/** STAGING's version and PROD's, where STAGING's is the older one: it may not know all that PROD has. */
async function olderThan({rows}: DatabaseSession, {source}: Shape): Promise<Text | null> {
  const [row] = await rows<{version: string}>(`select current_setting('server_version') as version`)
  const [here, there] = [row?.version ?? '', source.server].map((one) => Number.parseInt(one, 10))
  if (here === undefined || there === undefined || here >= there) return null
  return {
    fr: `STAGING est en PostgreSQL ${here}, PROD en ${there} : mettre STAGING à la version de PROD`,
    en: `STAGING is on PostgreSQL ${here}, PROD on ${there}: bring STAGING to PROD’s version`,
  }
}

function unbuilt({name, type, schema}: ShapeSection, error: unknown, older: Text | null) {
  const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''
  return stopped(
    {
      fr: `le schéma de PROD ne se reconstruit pas ici : ${type} ${schema === '-' ? '' : `${schema}.`}${name} : ${stateOf(error)} ${said}`,
      en: `the shape of PROD cannot be built here: ${type} ${schema === '-' ? '' : `${schema}.`}${name}: ${stateOf(error)} ${said}`,
    },
    older ?? {
      fr: 'donner à STAGING ce qui manque (rôle, extension), ou reprendre le schéma : npx zx scripts/snapshot.ts',
      en: 'give STAGING what it lacks (role, extension), or take the shape again: npx zx scripts/snapshot.ts',
    },
  )
}

export function unlike(differences: readonly CatalogueDifference[]) {
  const told: Text = describeDifferences(differences)
  return stopped(told, {
    fr: 'les migrations ne redonnent pas le schéma de PROD : les compléter, ou reprendre le schéma (npx zx scripts/snapshot.ts)',
    en: 'the migrations do not give the shape of PROD: complete them, or take the shape again (npx zx scripts/snapshot.ts)',
  })
}
