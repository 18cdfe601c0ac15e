// One run at a time per project, across machines: a ref on the remote (`refs/postgate/lease`) that
// only a compare-and-swap can create, move or remove. It carries the journal and the manifest of what
// was built, so that another clone can go on. Who holds it is the remote's own word: a push that ended with 0, else a look; never an error's text.

import {randomUUID} from 'node:crypto'
import type {Clock} from '../../base/clock.ts'
import type {Scenario} from '../../domain/event.ts'
import {writeCommit, writeFlatTree} from '../git/objects.ts'
import {hasPushRight} from '../git/push-right.ts'
import {changeRefs, type RefChange, refStore} from '../git/ref-store.ts'
import {isRemoteAway, type RemoteAway, remoteRefused} from '../git/remote-problem.ts'
import type {Identity, Repository} from '../git/repository.ts'
import {forgetNonce, rememberedNonce, rememberNonce} from './memory.ts'
import {LeaseLost, leaseLost, leaseNotFree} from './problem.ts'
import {type LeaseClaim, type LeaseHolder, readHolder} from './record.ts'
import {sendingSoon} from './sending-soon.ts'

export const leaseRef = 'refs/postgate/lease'
export const recordRef = (run: string): string => `refs/postgate/runs/${run}`

export interface Lease {
  readonly holder: LeaseHolder
  /** Sends the journal along; else why nothing was sent (away, or refused). Throws `LeaseLost`. */
  readonly sync: (journal: string) => Promise<'synced' | RemoteAway>
  /** The same within a second, or together with what is sent before: an outcome that an intent follows at
   * once needs no journey of its own. Tried again as long as the remote is away. Throws the `LeaseLost`
   * that an earlier one met. */
  readonly syncSoon: (journal: () => string) => void
  /** The same where nothing was sent for so long: what is measured for hours is not on this machine alone. */
  readonly syncAfter: (ms: number, journal: () => string) => void
  /** Sends what waits to be sent; where that fails, the journal here has it. */
  readonly flush: () => Promise<void>
  /** The end of a run: its record is created and the lease removed, both or neither. Safe to repeat.
   * Throws `RemoteAway` or `LeaseLost` (3). */
  readonly release: (end: {readonly archive: string; readonly journal: string}) => Promise<void>
  /** A run that was refused or paused before its first effect leaves nothing behind. */
  readonly releaseEmpty: () => Promise<void>
}

/** So often a holder may be faster with its own journal than whoever takes it over. */
const takeOverMost = 9

export interface LeaseFound {
  readonly holder: LeaseHolder
  /** The journal it carries; empty before the first sync. */
  readonly journal: string
  /** Whether this clone holds it. */
  readonly ours: boolean
}

export interface Leases {
  /** Who holds it; null: nobody. Throws `RemoteAway`. */
  readonly read: () => Promise<LeaseFound | null>
  /** The journal of a run that has ended, wherever it did; null: it has no record. Throws `RemoteAway`. */
  readonly recorded: (run: string) => Promise<string | null>
  /** Creates the lease, or recognises this clone's own. Of any number at once exactly one acquires it. */
  readonly acquire: (
    claim: LeaseClaim,
  ) => Promise<
    | ({readonly outcome: 'acquired' | 'resumed'; readonly lease: Lease} & Carried)
    | {readonly outcome: 'held'; readonly holder: LeaseHolder}
  >
  /** This clone's own lease, without asking the remote anything; null: it has none. */
  readonly own: () => Promise<Lease | null>
  /** Replaces the holder's value, and goes on with its run and journal. Throws a `Problem` (3) when
   * there is nothing to take over, or another was faster. */
  readonly takeOver: (by: {
    readonly machine: string
    readonly operator: string
    readonly why: string
  }) => Promise<{readonly lease: Lease; readonly from: LeaseHolder} & Carried>
}

/** What a lease carries for whoever goes on with its run. */
export interface Carried {
  readonly journal: string
  /** Of the artifact that was built where it was held; null where none was. */
  readonly manifest: string | null
}

export interface LeasesParts {
  readonly repository: Repository
  readonly clock: Pick<Clock, 'now'>
  /** Text of the manifest that goes with this journal; null where there is none here. */
  readonly manifest?: (journal: string) => Promise<string | null>
}

export function leasesOf({repository, clock, manifest}: LeasesParts): Leases {
  const store = refStore(repository)
  const {git} = repository
  let words = ''
  let identity: Identity | undefined

  /** `again`: as it is at this moment; else as the last look or our own push left it. */
  const value = async (how: {again?: boolean} = {}) =>
    (await store.read([leaseRef], how)).get(leaseRef) ?? null

  const holderAt = async (object: string): Promise<LeaseHolder> => {
    await repository.fetchObjects([object])
    return readHolder(await repository.showFile(object, 'lease.json'))
  }
  const journalAt = async (object: string) =>
    (await repository.showFile(object, 'journal.jsonl')) ?? ''

  const manifestAt = (object: string) => repository.showFile(object, 'manifest.sha256')

  const write = async (
    holder: LeaseHolder,
    journal: string,
    message: string,
    carried?: string | null,
  ) => {
    const lines = `${JSON.stringify(holder, null, 2)}\n`
    const built = carried === undefined ? ((await manifest?.(journal)) ?? null) : carried
    const tree = await writeFlatTree(git, {
      'journal.jsonl': journal,
      'lease.json': lines,
      ...(built !== null && {'manifest.sha256': built}),
    })
    identity ??= await repository.identity()
    return writeCommit({git, tree, parents: [], message, date: clock.now(), identity})
  }

  /** Changes the lease (and more, all or none) and says what the refs hold afterwards. */
  const swap = async (from: string | null, to: string | null, more: readonly RefChange[] = []) => {
    const {now, words: said} = await changeRefs(store, [...more, {ref: leaseRef, from, to}])
    words = said
    return now
  }
  const refused = () => remoteRefused(repository.remote, words)

  function leaseOf(holder: LeaseHolder, first: string | null): Lease {
    let known = first

    /** What the ref holds now, if it is ours by nonce: a push whose answer was lost is ours too. */
    const ours = async (): Promise<string> => {
      const now = await value()
      if (now === null) throw leaseLost(null)
      if (now !== known) {
        const other = await holderAt(now)
        if (other.nonce !== holder.nonce) throw leaseLost(other)
        known = now
      }
      return now
    }

    let sentAt = clock.now().getTime()
    const send = async (journal: string) => {
      const next = await write(holder, journal, `Lease of ${holder.run}`)
      for (;;) {
        const from = known ?? (await ours())
        if (from === next) return
        const now = (await swap(from, next)).get(leaseRef)
        if (now === next) {
          known = next
          return
        }
        // Still what it was: the remote refused or lost the push. Else it is ours by nonce, or lost.
        if ((await ours()) === from) throw refused()
      }
    }

    const sync = async (journal: string): Promise<'synced' | RemoteAway> => {
      sentAt = clock.now().getTime()
      try {
        await send(journal)
        return 'synced'
      } catch (error) {
        if (isRemoteAway(error)) return error
        throw error
      }
    }
    const soon = sendingSoon(async (journal) => {
      try {
        return (await sync(journal)) === 'synced'
      } catch (error) {
        // What else went wrong here is told by the next that has to arrive.
        if (error instanceof LeaseLost) throw error
        return false
      }
    })

    return {
      holder,
      async sync(journal) {
        await soon.overtake()
        return sync(journal)
      },
      syncSoon: soon.begin,
      syncAfter(ms, journal) {
        if (clock.now().getTime() - sentAt < ms) return
        sentAt = clock.now().getTime()
        soon.begin(journal)
      },
      flush: soon.flush,
      async release({archive, journal}) {
        await soon.overtake()
        const ref = recordRef(archive)
        const before = await store.read([leaseRef, ref])
        const there = before.get(ref) ?? null
        if (there !== null) await repository.fetchObjects([there])
        const same = there !== null && (await journalAt(there)) === journal
        if (same && (await isNotOurs(before.get(leaseRef) ?? null))) {
          await keep(ref, there)
          return forgetNonce(repository)
        }
        const from = await ours()
        const record = same ? there : await write(holder, journal, `Record of ${archive}`)
        const after = await swap(from, null, [{ref, from: there, to: record}])
        if (after.get(ref) !== record || after.get(leaseRef) === from) {
          await ours()
          throw refused()
        }
        await keep(ref, record)
        await forgetNonce(repository)
      },
      async releaseEmpty() {
        // Whose lease it is, is looked at here.
        await soon.overtake().catch(() => {})
        const now = await value()
        if (now !== null && !(await isNotOurs(now))) {
          const after = (await swap(now, null)).get(leaseRef)
          if (after === now) throw refused()
        }
        await forgetNonce(repository)
      },
    }

    async function isNotOurs(object: string | null): Promise<boolean> {
      if (object === null) return true
      return object !== known && (await holderAt(object)).nonce !== holder.nonce
    }
  }

  /** The record here too: it is what is known when the remote is away. */
  const keep = async (ref: string, object: string) => {
    if (repository.remote !== null) await git.attempt(['update-ref', ref, object])
  }

  return {
    async read() {
      const object = await value({again: true})
      if (object === null) return null
      const holder = await holderAt(object)
      const ours = holder.nonce === (await rememberedNonce(repository))?.nonce
      return {holder, journal: await journalAt(object), ours}
    },

    async recorded(run) {
      const ref = recordRef(run)
      const object = (await store.read([ref])).get(ref)
      if (object === undefined) return null
      await repository.fetchObjects([object])
      return journalAt(object)
    },

    async acquire(claim) {
      const present = await value()
      if (present !== null) return found(present)
      // A lease that could be made and neither moved nor removed would lock everybody out. Undoing asks
      // for no right beforehand.
      if (claim.kind !== 'rollback') await hasPushRight(repository, clock.now())
      const holder = {...claim, since: clock.now().toISOString(), nonce: randomUUID()}
      const object = await write(holder, '', `Lease of ${claim.run}`)
      // Before the push: if we die after it, this clone still knows that the lease is its own.
      await rememberNonce(repository, holder)
      const now = (await swap(null, object)).get(leaseRef)
      if (now === object) {
        return {
          ...{outcome: 'acquired', lease: leaseOf(holder, object)},
          ...{journal: '', manifest: null},
        }
      }
      if (now === undefined) throw refused()
      return found(now)
    },

    async own() {
      const holder = await rememberedNonce(repository)
      return holder === null ? null : leaseOf(holder, null)
    },

    async takeOver({machine, operator, why}) {
      for (let left = takeOverMost; ; left -= 1) {
        const object = await value({again: true})
        if (object === null) throw leaseNotFree(null)
        const from = await holderAt(object)
        const [journal, built] = [await journalAt(object), await manifestAt(object)]
        const since = clock.now().toISOString()
        const holder = {...from, machine, operator, since, nonce: randomUUID()}
        const message = `Lease of ${holder.run}, taken over: ${why}`
        const next = await write(holder, journal, message, built)
        await rememberNonce(repository, holder)
        const now = (await swap(object, next)).get(leaseRef) ?? null
        if (now === next) return {lease: leaseOf(holder, next), journal, manifest: built, from}
        if (now === object) throw refused()
        const by = now === null ? null : await holderAt(now)
        // Who holds it lives after all, and wrote on meanwhile: what it wrote is taken over with the rest.
        if (by?.nonce !== from.nonce || left === 0) throw leaseNotFree(by)
      }
    },
  }

  async function found(object: string) {
    const holder = await holderAt(object)
    if (holder.nonce !== (await rememberedNonce(repository))?.nonce) {
      return {outcome: 'held' as const, holder}
    }
    const lease = leaseOf(holder, object)
    const [journal, built] = [await journalAt(object), await manifestAt(object)]
    return {outcome: 'resumed' as const, lease, journal, manifest: built}
  }
}

/** A claim for a run of `scenario`; what else the lease says is added when it is acquired. */
export const claimOf = (
  run: string,
  scenario: Scenario,
  kind: LeaseClaim['kind'],
  {machine, operator}: {readonly machine: string; readonly operator: string},
): LeaseClaim => ({run, scenario, kind, machine, operator})
