// Proves what a project's own reset script made, and leaves the mark that Postgate's own reset leaves: PROD's
// shape is built beside it on the same server, read, and rolled back.

import type {AdapterTools} from '../../kit/adapter-tools.ts'
import {compareCatalogues} from './catalogue-compare.ts'
import {clearPublic} from './clear-public.ts'
import {type Claim, readMarker} from './identity.ts'
import {refuseTransactionPool} from './pool.ts'
import type {Product} from './project-ref.ts'
import {keepRows} from './references.ts'
import {inTransaction} from './reset.ts'
import {compareOptions, createBuild, readNested, settler, unlike} from './reset-build.ts'
import {readResetInputs} from './reset-inputs.ts'
import {proveEmpty, stopped} from './reset-proofs.ts'
import {recordReset} from './reset-record.ts'
import {openSession} from './session.ts'
import {shapeDigest} from './shape.ts'
import {readTables} from './tables.ts'

/** Throws a `Problem` (1, 3) where the database is not as a reset leaves it; nothing is then recorded. */
export async function adoptReset(input: {
  readonly tools: Pick<AdapterTools, 'world' | 'project'>
  readonly claim: Claim
  readonly product: Product
  readonly run: string
}): Promise<void> {
  const {tools, claim, product} = input
  const {world} = tools
  // The shape alone: which migrations the script ran is its own affair.
  const {database} = tools.project
  const project = {
    ...tools.project,
    database: database && {...database, migrations: undefined, seed: undefined},
  }
  await refuseTransactionPool(claim.connection, 'STAGING')
  const session = await openSession({connection: claim.connection, name: 'STAGING'})
  try {
    await inTransaction(session, 'commit', async () => {
      const marker = await readMarker(session, claim, 'staging')
      if (marker.verdict !== 'pass') throw stopped(marker.observed)
      const inputs = await readResetInputs({
        ...{session, project, root: world.project, checkpoint: world.project, product},
        environment: world.environment,
      })
      const settle = settler(session)
      await settle()
      const final = await readNested(session)
      const rows = await keepRows(session, inputs.references, 'before')
      await session.client.query('savepoint beside')
      await clearPublic(session, inputs.shape)
      const restore = () => rows.restore()
      const expected = await createBuild({session, inputs, settle, restore}).expected()
      await session.client.query('rollback to savepoint beside; release savepoint beside')
      const differences = compareCatalogues(expected, final, compareOptions(inputs))
      if (differences.length > 0) throw unlike(differences)
      const {references} = inputs
      const tables = await readTables(session, {checksums: references})
      await proveEmpty(tables, references)
      const kept = Object.fromEntries(
        Object.entries(tables).filter(([name]) => references.includes(name)),
      )
      const mark = {
        run: input.run,
        shape: shapeDigest(inputs.shape),
        fresh: [],
        before: kept,
        after: kept,
      }
      await recordReset(session, mark, final, world.clock.now().toISOString())
    })
  } finally {
    await session.close()
  }
}
