// The proofs that a database gives: each a question to its catalogue or its rows, answered with what
// was seen. Names and counts only, never a row's contents.

import type {Text} from '../../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import type {TableState} from '../../kit/ports/database.ts'
import {counted, rowCount, tableCount, words} from '../../words/observed.ts'
import {readCatalogue} from './catalogue.ts'
import {compareCatalogues, describeDifferences} from './catalogue-compare.ts'
import type {Product} from './project-ref.ts'
import {relationsOf} from './relations.ts'
import {lastCatalogue, lastReset} from './reset-record.ts'
import {definerViews, unprotectedTables} from './row-security.ts'
import {type DatabaseSession, type Reader, stateOf} from './session.ts'
import {namesOf, type Shape, shapeDigest} from './shape.ts'
import {readTables} from './tables.ts'

/** Every table of `public` but `except` has no row. */
export async function judgeEmpty(
  session: DatabaseSession,
  except: readonly string[],
): Promise<Judgement> {
  const tables = await readTables(session)
  const checked = Object.entries(tables).filter(([name]) => !except.includes(name))
  const filled = checked.filter(([, {rows}]) => rows > 0)
  if (Object.keys(tables).length === 0) {
    return fail({fr: 'le schéma public n’a aucune table', en: 'the schema public has no table'})
  }
  if (filled.length > 0) {
    const names = filled.map(([name, {rows}]) => `${name} (${rows})`).join(', ')
    return fail({fr: `non vides : ${names}`, en: `not empty: ${names}`})
  }
  const empty = counted(
    checked.length,
    ['table transactionnelle', 'tables transactionnelles'],
    ['transactional table', 'transactional tables'],
  )
  return pass(words`${empty}, ${rowCount(0)}`)
}

/** The views of the committed shape, and no view that walks around row security unseen. */
export async function judgeViews(
  session: DatabaseSession,
  shape: Shape | null,
  path: string,
): Promise<Judgement> {
  if (shape === null) return noShape(path)
  const rows = await relationsOf(session, 'vm')
  const there = new Set(rows.map(({name}) => name))
  const expected = namesOf(shape, 'VIEW', 'MATERIALIZED VIEW')
  const missing = expected.filter((name) => !there.has(name))
  if (missing.length > 0) {
    return fail({
      fr: `vues absentes : ${missing.join(', ')}`,
      en: `views missing: ${missing.join(', ')}`,
    })
  }
  const unfilled = rows.flatMap(({name, populated}) =>
    populated || shape.unpopulated.includes(`public.${name}`) ? [] : [name],
  )
  const remark = await remarkOnViews(session)
  const empty = unfilled.length === 0 ? null : unfilled.join(', ')
  const views = counted(
    expected.length,
    ['vue présente', 'vues présentes'],
    ['view present', 'views present'],
  )
  const never = {fr: ' ; jamais remplies : ', en: '; never filled: '}
  return pass(words`${views}${empty === null ? '' : words`${never}${empty}`}${remark}`)
}

/** The reference rows of `before`; what migrations of this release changed since is told. */
export async function judgeReferences(
  session: DatabaseSession,
  before: Readonly<Record<string, TableState>>,
): Promise<Judgement> {
  const names = Object.keys(before)
  if (names.length === 0) {
    return pass({fr: 'aucun référentiel déclaré', en: 'no reference table declared'})
  }
  const columns = Object.fromEntries(
    Object.entries(before).flatMap(([name, state]) =>
      state.columns ? [[name, state.columns]] : [],
    ),
  )
  const now = await readTables(session, {checksums: names, columns})
  const whole = await readTables(session, {checksums: names})
  const reset = await lastReset(session)
  const lost: string[] = []
  const changed: string[] = []
  for (const [name, state] of Object.entries(before)) {
    const [same, present] = [now[name], whole[name]]
    if (same === undefined || present === undefined) lost.push(name)
    else if (state.sha256 === null) lost.push(name)
    else if (same.sha256 === state.sha256) continue
    // The reset itself proved these rows before it ran the migrations that changed them.
    else if (
      reset?.before[name]?.sha256 === state.sha256 &&
      reset.after[name]?.sha256 === present.sha256
    )
      changed.push(name)
    else lost.push(name)
  }
  if (lost.length > 0) {
    return fail({
      fr: `référentiels modifiés : ${lost.join(', ')}`,
      en: `reference tables changed: ${lost.join(', ')}`,
    })
  }
  const rows = Object.values(whole)
    .filter((state) => state.sha256 !== null)
    .reduce((sum, state) => sum + state.rows, 0)
  const note: Text =
    changed.length === 0
      ? {fr: '', en: ''}
      : {
          fr: ` ; complétés par les migrations de cette version : ${changed.join(', ')}`,
          en: `; completed by this release's migrations: ${changed.join(', ')}`,
        }
  const tables = counted(
    names.length,
    ['référentiel', 'référentiels'],
    ['reference table', 'reference tables'],
  )
  const equal = {fr: 'sommes de contrôle égales', en: 'equal checksums'}
  return pass(words`${tables}, ${rowCount(rows)}, ${equal}${note}`)
}

export async function judgeRowSecurity(
  session: DatabaseSession,
  shape: Shape | null,
  product: Product,
): Promise<Judgement> {
  const relations = await relationsOf(session)
  const open = unprotectedTables(relations, shape, product)
  if (open.length > 0)
    return fail({fr: `RLS absente : ${open.join(', ')}`, en: `no row security: ${open.join(', ')}`})
  const closed = relations.filter(({rowSecurity}) => rowSecurity).length
  const remark = await remarkOnViews(session)
  const tables = tableCount(closed)
  return pass(words`${{fr: 'RLS active sur', en: 'row security on'}} ${tables}${remark}`)
}

async function remarkOnViews(session: DatabaseSession): Promise<{fr: string; en: string}> {
  const views = await definerViews(session)
  if (views.length === 0) return {fr: '', en: ''}
  return {
    fr: ` ; à revoir, sans security_invoker : ${views.join(', ')}`,
    en: `; to be reviewed, without security_invoker: ${views.join(', ')}`,
  }
}

/**
 * Whether the catalogues say what they said when the last reset had proved them, of this shape: PROD's and STAGING's are
 * only alike where both are read on one server, and that a reset alone can do.
 */
export async function judgeShape(input: {
  session: DatabaseSession
  shape: Shape | null
  path: string
  ownPartitions: readonly string[]
}): Promise<Judgement> {
  const {session, shape} = input
  if (shape === null) return noShape(input.path)
  const reset = await lastReset(session)
  const proven = await lastCatalogue(session)
  if (reset === null || proven === null) {
    return unknown(
      {
        fr: 'aucun reset de Postgate n’a prouvé le schéma de cette base',
        en: 'no reset by Postgate has proved the shape of this database',
      },
      {next: {fr: 'refaire le reset', en: 'reset again'}},
    )
  }
  if (reset.shape !== shapeDigest(shape)) {
    return fail(
      {
        fr: `le dernier reset a prouvé un autre schéma que ${input.path}`,
        en: `the last reset proved another shape than ${input.path}`,
      },
      {next: {fr: 'refaire le reset', en: 'reset again'}},
    )
  }
  const now = await readCatalogue(session)
  const differences = compareCatalogues(proven, now, {ownPartitions: input.ownPartitions})
  if (differences.length > 0) {
    return fail(describeDifferences(differences), {
      next: {
        fr: 'refaire le reset, ou reprendre le schéma de PROD : npx zx scripts/snapshot.ts',
        en: 'reset again, or take the shape of PROD again: npx zx scripts/snapshot.ts',
      },
    })
  }
  const taken = shape.source.takenAt.slice(0, 10)
  const size = namesOf(shape, 'TABLE').length
  const old = shape.old
    ? {
        fr: ' (forme ancienne : propriétaires et commentaires inconnus, le reprendre par npx zx scripts/snapshot.ts)',
        en: ' (old form: owners and comments unknown, take it again with npx zx scripts/snapshot.ts)',
      }
    : {fr: '', en: ''}
  const fresh = reset.fresh.join(', ')
  return pass(
    fresh === ''
      ? words`${{fr: `conforme au schéma de PROD du ${taken} :`, en: `equal to the shape of PROD of ${taken}:`}} ${tableCount(size)}${old}`
      : {
          fr: `conforme au schéma de PROD du ${taken}, plus les migrations de cette version : ${fresh}${old.fr}`,
          en: `equal to the shape of PROD of ${taken}, plus this release's migrations: ${fresh}${old.en}`,
        },
  )
}

/**
 * Proves that a look cannot write. A role of its own is refused even where it asks for a writing
 * transaction; any other role is only kept from writing by its transaction, and the answer says so.
 */
export async function judgeRefusal(reader: Reader, ownRole: boolean): Promise<Judgement> {
  const state = await reader.look(
    async ({client}) => {
      try {
        await client.query('create table public.postgate_write_probe (x int)')
        return ''
      } catch (error) {
        return stateOf(error)
      }
    },
    ownRole ? 'read write' : 'read only',
  )
  const writable = ownRole ? await reader.look(writableTables) : []
  if (writable.length > 0) {
    return fail({
      fr: `le rôle de lecture peut écrire dans : ${writable.slice(0, 5).join(', ')}`,
      en: `the read-only role can write to: ${writable.slice(0, 5).join(', ')}`,
    })
  }
  if (state === '42501')
    return pass({
      fr: 'écriture refusée : le rôle n’en a pas le droit',
      en: 'write refused: the role lacks the right',
    })
  if (state === '25006' && !ownRole) {
    return pass({
      fr: 'écriture refusée par la transaction en lecture seule (sans rôle séparé)',
      en: 'write refused by the read-only transaction (no separate role)',
    })
  }
  return fail({fr: 'une écriture n’a pas été refusée', en: 'a write was not refused'})
}

const writableTables = async (session: DatabaseSession): Promise<string[]> =>
  (await relationsOf(session)).flatMap(({name, writable}) => (writable ? [name] : []))

const noShape = (path: string): Judgement =>
  unknown(
    {fr: `${path} n’existe pas`, en: `there is no ${path}`},
    {
      next: {
        fr: 'prendre le schéma de PROD et le commiter : npx zx scripts/snapshot.ts',
        en: 'take the shape of PROD and commit it: npx zx scripts/snapshot.ts',
      },
    },
  )
