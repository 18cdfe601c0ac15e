// A sample of `npm run test:faults`: one fault of each kind.

import {suite} from 'uvu'
import {areas} from '../faults/areas.ts'
import {survive} from '../faults/fault.ts'

const sample: readonly (readonly [area: string, fault: string])[] = [
  ['disk', 'full between the deployment and its outcome'],
  ['git', 'the remote is away, and a rollback goes ahead all the same'],
  ['death', 'dead before the deployment took effect, taken over without the artifact: built anew'],
]

const faults = suite('faults that lie, a sample')

for (const [area, name] of sample) {
  faults(`${area}: ${name}`, async () => {
    const found = (await areas[area]?.())?.find((fault) => fault.name === name)
    // Where the machine cannot make a disk full, there is nothing to try.
    if (found === undefined && area === 'disk') return
    if (found === undefined) throw new Error(`no fault "${name}"`)
    await survive(found)
  })
}

faults.run()
