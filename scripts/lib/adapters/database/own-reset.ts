// What a project's own reset script left, proved: PROD's schema is built in its place, in a transaction that
// gives everything back, read, and compared. The mark says that it was.

import type {Environment} from '../../domain/event.ts'
import {readCatalogue} from './catalogue.ts'
import {compareCatalogues, describeDifferences} from './catalogue-compare.ts'
import {clearPublic} from './clear-public.ts'
import type {Claim} from './identity.ts'
import {readMarker} from './identity.ts'
import {proveLocks} from './locks.ts'
import {keepRows} from './references.ts'
import {inTransaction} from './reset.ts'
import {compareOptions, createBuild, readNested, settler} from './reset-build.ts'
import {type ResetInputs, tablesToKeep} from './reset-inputs.ts'
import {stopped} from './reset-proofs.ts'
import {recordReset} from './reset-record.ts'
import type {DatabaseSession} from './session.ts'
import {readTables} from './tables.ts'

/** Throws a `Problem` (1) that names what differs; nothing but the mark stays. */
export async function proveOwnReset(input: {
  readonly session: DatabaseSession
  readonly claim: Claim
  readonly environment: Environment
  readonly inputs: ResetInputs
  readonly run: string
  readonly at: string
}): Promise<void> {
  const {session, inputs} = input
  await inTransaction(session, 'commit', async () => {
    const settle = settler(session)
    await settle()
    const marker = await readMarker(session, input.claim, input.environment)
    if (marker.verdict !== 'pass') throw stopped(marker.observed)
    await proveLocks(session)
    const actual = await readNested(session)
    const references = await tablesToKeep(session, inputs.references)
    const after = await readTables(session, {checksums: references, only: references})
    await session.client.query('savepoint proof')
    const rows = await keepRows(session, references, 'proof')
    await clearPublic(session, inputs.shape)
    const build = createBuild({session, inputs, settle, restore: rows.restore})
    await build.shape({rows: true})
    await build.run((inputs.migrations ?? []).filter(({version}) => inputs.fresh.includes(version)))
    const expected = await readCatalogue(session)
    await session.client.query('rollback to savepoint proof; release savepoint proof')
    const differences = compareCatalogues(expected, actual, compareOptions(inputs))
    if (differences.length > 0) {
      throw stopped(describeDifferences(differences), {
        fr: 'le script du projet (database.reset) ne redonne pas le schéma de PROD : le compléter, ou reprendre le schéma (npx zx scripts/snapshot.ts)',
        en: 'the project’s script (database.reset) does not give the shape of PROD: complete it, or take the shape again (npx zx scripts/snapshot.ts)',
      })
    }
    const mark = {
      run: input.run,
      shape: inputs.digest,
      fresh: inputs.fresh,
      before: after,
      after,
    }
    await recordReset(session, mark, actual, input.at)
  })
}
