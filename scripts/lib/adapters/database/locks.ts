// One transaction holds a lock for each thing that it drops and each relation that it makes until its end. A
// server has room for so many, set when it starts: counted before anything begins.

import {problem} from '../../domain/problem.ts'
import {fail, type Judgement, pass} from '../../domain/verdict.ts'
import {closure, publicRoot} from './catalogue.ts'
import {type DatabaseSession, stateOf} from './session.ts'

export interface LockRoom {
  readonly needed: number
  /** What the settings promise, less what others hold. */
  readonly room: number
  /** Of `max_locks_per_transaction`. */
  readonly setting: number
  readonly wanted: number
}

/** Counts what a reset of this database will lock, and what the server has room for. Reads only. */
export async function lockRoom(session: DatabaseSession): Promise<LockRoom> {
  const [row] = await session.rows<{needed: string; slots: string; setting: string; taken: string}>(
    `${closure(publicRoot)}
     select (select count(*) from (select distinct classid, objid from hung) h)
         + (select count(*) from pg_catalog.pg_class c where c.oid in (select objid from hung where classid = 'pg_catalog.pg_class'::regclass)) as needed,
       (select sum(setting::bigint) from pg_catalog.pg_settings where name in ('max_connections', 'max_prepared_transactions',
         'autovacuum_worker_slots', 'max_worker_processes', 'max_wal_senders')
         or (name = 'autovacuum_max_workers' and not exists (select from pg_catalog.pg_settings where name = 'autovacuum_worker_slots'))) as slots,
       current_setting('max_locks_per_transaction') as setting,
       (select count(*) from pg_catalog.pg_locks where not fastpath and pid <> pg_backend_pid()) as taken`,
  )
  const needed = Number(row?.needed)
  const slots = Number(row?.slots)
  const setting = Number(row?.setting)
  const taken = Number(row?.taken)
  return {
    needed,
    room: setting * slots - taken,
    setting,
    wanted: Math.ceil((needed + taken) / slots / 16) * 16,
  }
}

/** What a plan and a rehearsal say before they begin. */
export async function judgeLocks(session: DatabaseSession): Promise<Judgement> {
  const {needed, room, setting, wanted} = await lockRoom(session)
  if (needed <= room || (await holds(session, needed)))
    return pass({
      fr: `${needed} verrous pour le reset, le serveur les tient`,
      en: `${needed} locks for the reset, the server has room for them`,
    })
  return fail(
    {
      fr: `le reset prendrait ${needed} verrous en une transaction, le serveur n’a pas cette place (${room} assurés, max_locks_per_transaction = ${setting})`,
      en: `the reset would take ${needed} locks in one transaction, the server has no room for them (sure of ${room}, max_locks_per_transaction = ${setting})`,
    },
    {
      next: {
        fr: `sur STAGING : alter system set max_locks_per_transaction = ${wanted}; puis redémarrer le serveur`,
        en: `on STAGING: alter system set max_locks_per_transaction = ${wanted}; then restart the server`,
      },
    },
  )
}

/**
 * The settings promise a number; a server has some more, of memory that nobody else took. Whether it is enough is
 * tried with as many locks on nothing, which are given back at once.
 */
async function holds(session: DatabaseSession, needed: number): Promise<boolean> {
  await session.client.query('savepoint locks')
  try {
    await session.rows(
      `select count(pg_catalog.pg_try_advisory_xact_lock_shared(pg_catalog.hashtext('postgate locks'), n)) from pg_catalog.generate_series(1, $1::int) n`,
      [needed],
    )
    return true
  } catch (error) {
    if (stateOf(error) !== '53200') throw error
    return false
  } finally {
    await session.client.query('rollback to savepoint locks; release savepoint locks')
  }
}

/** Throws a `Problem` (3): nothing has been touched. */
export async function proveLocks(session: DatabaseSession): Promise<void> {
  const judgement = await judgeLocks(session)
  if (judgement.verdict === 'pass') return
  throw problem({
    what: {
      fr: 'Le reset est refusé : rien n’a été supprimé.',
      en: 'The reset is refused: nothing was dropped.',
    },
    why: judgement.observed,
    ...(judgement.next !== undefined && {next: judgement.next}),
    exit: 3,
  })
}
