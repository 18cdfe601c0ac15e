// A rollback does not wait for the remote: where it is away, the lease is taken as soon as it answers
// again, and until then nothing is sent. Nothing but undoing may begin like this.

import type {Clock} from '../../base/clock.ts'
import {isRemoteAway, type RemoteAway} from '../git/remote-problem.ts'
import type {Lease, Leases} from './lease.ts'
import {leaseHeld} from './problem.ts'
import type {LeaseClaim} from './record.ts'

/** `why`: what the remote's absence was told with; thrown where the end of the run needs it. */
export function lateLease(
  leases: Leases,
  claim: LeaseClaim,
  {clock, why}: {clock: Pick<Clock, 'now'>; why: RemoteAway},
): Lease {
  let taken: Lease | null = null
  /** null: still away. Throws a `Problem` (3) where another machine was faster. */
  const take = async (): Promise<Lease | null> => {
    if (taken !== null) return taken
    try {
      const got = await leases.acquire(claim)
      if (got.outcome === 'held') throw leaseHeld(got.holder, clock.now())
      taken = got.lease
      return taken
    } catch (error) {
      if (isRemoteAway(error)) return null
      throw error
    }
  }
  return {
    holder: {...claim, since: clock.now().toISOString(), nonce: ''},
    sync: async (journal) => (await take())?.sync(journal) ?? why,
    // Not yet taken: the next intent takes it, and sends all there is.
    syncSoon: (journal) => taken?.syncSoon(journal),
    syncAfter: (ms, journal) => taken?.syncAfter(ms, journal),
    flush: async () => taken?.flush(),
    release: async (end) => {
      const lease = await take()
      if (lease === null) throw why
      await lease.release(end)
    },
    releaseEmpty: async () => taken?.releaseEmpty(),
  }
}
