// What the two products share: one lazily opened connection behind the interface that the engine knows,
// each question a look of its own. Identity is proven on the connection that answers everything else.

import {diskProblem} from '../../base/disk-problem.ts'
import type {Environment} from '../../domain/event.ts'
import {Problem as Expected, type Problem, problem} from '../../domain/problem.ts'
import {fingerprintOfRef} from '../../domain/secret.ts'
import {join} from '../../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Database} from '../../kit/ports/database.ts'
import {judgeBackup, takeBackup} from './backup.ts'
import {parseConnection} from './connection.ts'
import {judgeHistory, unmadeTables} from './history.ts'
import {type Claim, firstOf, type Reading, readClaim, readMarker} from './identity.ts'
import {
  judgeEmpty,
  judgeReferences,
  judgeRefusal,
  judgeRowSecurity,
  judgeShape,
  judgeViews,
} from './judgements.ts'
import {judgeLocks} from './locks.ts'
import {readMigrations} from './migrations.ts'
import {judgePool, refuseTransactionPool} from './pool.ts'
import {type Product, sameTarget} from './project-ref.ts'
import {ownTables, readResetInputs} from './reset-inputs.ts'
import {lastReset} from './reset-record.ts'
import {
  type DatabaseSession,
  driverReason,
  identifier,
  openDatabaseSession,
  openReader,
  type Reader,
} from './session.ts'
import type {Shape} from './shape.ts'
import {readShape} from './shape-file.ts'
import {readTables, tableNames} from './tables.ts'

interface Opened {
  readonly reader: Reader
  readonly claim: Claim
  /** A read-only role of its own, not merely a read-only transaction. */
  readonly ownRole: boolean
}

/** A question inside one look. */
interface Asked extends Opened {
  readonly session: DatabaseSession
}

/** A read-only database of the environment. Nothing is connected to before it is asked something. */
export function openDatabase(
  tools: AdapterTools,
  product: Product,
  more: {readonly vendorBackup?: (ref: string, maxAgeMs: number) => Promise<Judgement>} = {},
): Database {
  const settings = tools.project.database
  const shapePath = settings?.shape ?? 'database/shape.sql'
  const shape = () => readShape(tools.world.project, shapePath)
  let opening: Promise<Opened> | undefined
  const claimed = async (): Promise<Reading<Claim>> =>
    readClaim(await claimInput(tools, product, shape))
  const opened = () => {
    opening ??= open(tools, claimed).catch((error: unknown) => {
      opening = undefined
      throw error
    })
    return opening
  }
  const close = async () => {
    const current = opening
    opening = undefined
    await current?.then(({reader}) => reader.close()).catch(() => {})
  }
  /** A broken connection is dropped: the next question opens another. What the server does not answer is a `Problem` (3). */
  const ask = async <T>(question: (opened: Opened) => Promise<T>): Promise<T> => {
    try {
      return await question(await opened())
    } catch (error) {
      await close()
      throw error instanceof Expected ? error : (diskProblem(error) ?? unanswered(error))
    }
  }
  /** Judgements never throw for what a database can do: no answer is unknown. */
  const judged = async (question: () => Promise<Judgement>): Promise<Judgement> => {
    try {
      return await question()
    } catch (error) {
      if (!(error instanceof Expected)) throw error
      const {what, why, next, exit} = error.parts
      if (exit === 2) throw error
      const verdict = error instanceof Refused ? fail : unknown
      return verdict(
        error instanceof Refused ? what : (why ?? what),
        next === undefined ? {} : {next},
      )
    }
  }
  const look = <T>(question: (asked: Asked) => Promise<T>): Promise<T> =>
    ask((opened) => opened.reader.look((session) => question({...opened, session})))
  const judge = (question: (asked: Asked) => Promise<Judgement>) => judged(() => look(question))
  const byCli = settings?.migrateWith === 'supabase-cli' && tools.environment === 'staging'
  return {
    product,
    ...(tools.environment === 'staging' && {
      ready: () =>
        judged(async () => {
          const partial = await historyOf(tools, shape)
          if (partial !== null) return partial
          // By the URL that a reset would use, also where looks have a role of their own.
          const claim = await claimed()
          if (!claim.ok) return claim.judgement
          const pool = await judgePool(claim.value, 'STAGING')
          const locks = pool.verdict === 'pass' ? await judge(lockJudgement) : pool
          if (locks.verdict !== 'pass') return locks
          if (!byCli || pool.verdict !== 'pass') return pool
          const cli = await (await import('./supabase-cli.ts')).cliReady(tools.world.environment)
          return cli.verdict === 'pass' ? pass(join([cli.observed, pool.observed], ', ')) : cli
        }),
    }),
    identify: () =>
      judge(async ({session, claim, ownRole}) => {
        const environment = tools.environment ?? 'staging'
        const marker = await readMarker(session, claim, environment)
        const [row] = await session.rows<{role: string; read: string}>(
          `select current_user as role, current_setting('transaction_read_only') as read`,
        )
        const identity = {
          database: claim.connection.database,
          ref: fingerprintOfRef(claim.ref).slice(0, 12),
          role: (row?.role ?? '').replace(`.${claim.ref}`, ''),
          readOnly: ownRole || row?.read === 'on',
        }
        return {...marker, facts: {'database-identity': identity}}
      }),
    ...(tools.environment === 'staging' && {
      resettable: async (commit) => {
        const claim = await claimed()
        if (!claim.ok) return claim.judgement
        const {foreseeReset} = await import('./rehearsal.ts')
        return judged(() => foreseeReset({tools, claim: claim.value, product, commit}))
      },
      rehearse: async ({commit, say}) => {
        const claim = await claimed()
        if (!claim.ok) return claim.judgement
        const {rehearse} = await import('./rehearsal.ts')
        return rehearse({tools, claim: claim.value, product, commit, say})
      },
    }),
    tables: (options) => look(({session}) => readTables(session, options)),
    tablesEmpty: (except) => judge(({session}) => judgeEmpty(session, except.map(bare))),
    viewsPresent: () => judge(async ({session}) => judgeViews(session, await shape(), shapePath)),
    referencesIntact: (before) => judge(({session}) => judgeReferences(session, before)),
    rowSecurity: () =>
      judge(async ({session}) => judgeRowSecurity(session, await shape(), product)),
    sameShape: () =>
      judge(async ({session}) =>
        judgeShape({
          session,
          shape: await shape(),
          path: shapePath,
          ownPartitions: settings?.ownPartitions ?? [],
        }),
      ),
    proveShape: async ({run, at, checkpoint}) => {
      const reading = await claimed()
      if (!reading.ok) throw refusedClaim(reading.judgement)
      const {connection} = reading.value
      await refuseTransactionPool(connection, 'STAGING')
      const {proveOwnReset} = await import('./own-reset.ts')
      const session = await openDatabaseSession({connection, name: 'STAGING'})
      try {
        const {project, world} = tools
        const inputs = await readResetInputs({
          ...{session, project, root: world.project, checkpoint, product},
          environment: world.environment,
        })
        const given = {session, claim: reading.value, inputs, run, at}
        await proveOwnReset({...given, environment: 'staging'})
      } finally {
        await session.close()
      }
    },
    backup: (file) =>
      ask(async ({reader, claim}) =>
        takeBackup(
          {
            reader,
            connection: claim.connection,
            name: nameOf(tools),
            $: tools.$,
            trial: tools,
            path: tools.world.environment.PATH ?? '',
          },
          file,
        ),
      ),
    backupReadable: (file) => judgeBackup({$: tools.$}, file),
    vendorBackup: async (maxAgeMs) => {
      const claim = await claimed()
      if (!claim.ok) return claim.judgement
      return more.vendorBackup === undefined
        ? unknown(
            {
              fr: 'ce produit ne dit rien de ses sauvegardes',
              en: 'this product tells nothing of its backups',
            },
            {attestable: {}},
          )
        : more.vendorBackup(claim.value.ref, maxAgeMs)
    },
    refusesWrites: () => judged(() => ask(({reader, ownRole}) => judgeRefusal(reader, ownRole))),
    lastReset: () => look(({session}) => lastReset(session)),
    countRows: (table) => look(({session}) => countRows(session, bare(table))),
    close,
  }
}

const lockJudgement = ({session}: Asked) => judgeLocks(session)

const bare = (table: string) => table.replace(/^public\./, '')

async function countRows(session: DatabaseSession, table: string): Promise<number> {
  if (!(await tableNames(session)).includes(table)) {
    throw problem({
      what: {fr: `La table ${table} n’existe pas.`, en: `There is no table ${table}.`},
      exit: 3,
    })
  }
  const [row] = await session.rows<{n: string}>(
    `select count(*)::text as n from public.${identifier(table)}`,
  )
  return Number(row?.n)
}

export async function claimInput(
  tools: Pick<AdapterTools, 'project' | 'environment' | 'env' | 'otherEnv'>,
  product: Product,
  shape: () => Promise<{source: {ref: string; environment: string}} | null>,
) {
  const environment: Environment = tools.environment ?? 'staging'
  const {staging, production} = tools.project.environments
  const [settings, otherSettings] =
    environment === 'staging' ? [staging, production] : [production, staging]
  if (settings === undefined || tools.env === null) {
    throw problem({
      what: {fr: 'Aucun environnement PROD n’est décrit.', en: 'No PROD environment is described.'},
      next: {fr: 'compléter postgate.yaml', en: 'complete postgate.yaml'},
      exit: 2,
    })
  }
  const source = environment === 'staging' ? (await shape())?.source : undefined
  const productionPrint = source?.environment === 'production' ? source.ref : null
  return {
    environment,
    product,
    settings,
    otherSettings,
    env: tools.env,
    otherEnv: tools.otherEnv,
    productionPrint,
  }
}

/** What is missing in the migrations as they lie in the project; null where the reset has what it needs. */
async function historyOf(
  {world, project}: AdapterTools,
  shape: () => Promise<Shape | null>,
): Promise<Judgement | null> {
  const folder = project.database?.migrations
  if (folder === undefined) return null
  const [files, known] = await Promise.all([readMigrations(world.project, folder), shape()])
  return judgeHistory(
    folder,
    unmadeTables(
      files,
      known === null ? null : ownTables(known, project.database?.ownPartitions ?? []),
    ),
  )
}

const nameOf = ({environment}: AdapterTools) => (environment === 'production' ? 'PROD' : 'STAGING')

/** The claim was read and is false: nothing was connected to. */
class Refused extends Expected {}

const refusedClaim = ({observed, next}: Judgement) =>
  new Refused({what: observed, ...(next === undefined ? {} : {next}), exit: 3})

async function open(tools: AdapterTools, claimed: () => Promise<Reading<Claim>>): Promise<Opened> {
  const reading = await claimed()
  if (!reading.ok) throw refusedClaim(reading.judgement)
  const claim = reading.value
  const {staging, production} = tools.project.environments
  const keys = (tools.environment === 'production' ? production : staging)?.database
  const readOnlyUrl =
    keys?.readOnlyUrl === undefined || tools.env === null
      ? undefined
      : firstOf(tools.env, keys.readOnlyUrl)
  const name = nameOf(tools)
  if (readOnlyUrl === undefined || keys?.readOnlyUrl === undefined) {
    return {
      reader: await openReader({connection: claim.connection, name}),
      claim,
      ownRole: false,
    }
  }
  const connection = parseConnection(readOnlyUrl, keys.readOnlyUrl)
  if (!sameTarget(connection, claim.connection)) {
    throw new Refused({
      what: {
        fr: `${keys.readOnlyUrl} ne désigne pas la même base que ${keys.url}`,
        en: `${keys.readOnlyUrl} does not name the same database as ${keys.url}`,
      },
      exit: 3,
    })
  }
  return {
    reader: await openReader({connection, name}),
    claim: {...claim, connection},
    ownRole: true,
  }
}

function unanswered(error: unknown): Problem {
  const code = driverReason(error)
  // "query would be affected by row-level security policy"
  const filtered = code === '42501'
  return problem({
    what: {fr: 'La base de données n’a pas répondu.', en: 'The database did not answer.'},
    why: filtered
      ? {
          fr: 'le rôle n’a pas le droit de tout lire (42501) : ses lignes seraient filtrées',
          en: 'the role may not read everything (42501): its rows would be filtered',
        }
      : code,
    next: filtered
      ? {
          fr: 'donner au rôle le droit de lecture et BYPASSRLS',
          en: 'give the role the right to read, and BYPASSRLS',
        }
      : {fr: 'relancer la même commande', en: 'run the same command again'},
    exit: 3,
  })
}
