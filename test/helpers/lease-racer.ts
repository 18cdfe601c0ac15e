// A process of its own that starts a run whenever it is told to: the parent writes `go` or `release`
// and reads who won. Arguments: the clone, and a name.

import {createInterface} from 'node:readline'
import {openRepository} from '../../scripts/lib/store/git/open-repository.ts'
import {type Lease, leasesOf} from '../../scripts/lib/store/lease/lease.ts'
import {gitEnvironment} from './repository.ts'

const [clone = '', name = ''] = process.argv.slice(2)
const repository = await openRepository(clone, {environment: gitEnvironment})
const leases = leasesOf({repository, clock: {now: () => new Date()}})
let lease: Lease | null = null

const say = (word: string) => void process.stdout.write(`${word}\n`)
say('ready')
for await (const line of createInterface({input: process.stdin})) {
  if (line === 'go') {
    const claim = {run: `run-${name}`, scenario: 'staging', kind: 'scenario'} as const
    const started = await leases.acquire({...claim, machine: name, operator: 'Test'})
    if (started.outcome !== 'held') lease = started.lease
    say(started.outcome === 'held' ? `held by ${started.holder.machine}` : started.outcome)
  } else {
    await lease?.releaseEmpty()
    lease = null
    say('released')
  }
}
