// The tags that this project has ever validated: those of its gates, and those that runs were made from.

import {gatesByMonth, readGate} from '../policy/gate-file.ts'
import {recordsOf} from './context-of.ts'
import type {Session} from './session.ts'

/** Their names. A gate that cannot be read names none; lint says so where it counts. */
export async function validatedTags(session: Session): Promise<readonly string[]> {
  const root = session.world.project
  const paths = [...(await gatesByMonth(root)).values()].flat()
  const gates = await Promise.all(
    paths.map((path) =>
      readGate(root, path).then(
        ({tag}) => [tag],
        () => [],
      ),
    ),
  )
  const {runs} = await recordsOf(session)
  return [...new Set([...gates.flat(), ...runs.map(({tag}) => tag)])]
}
