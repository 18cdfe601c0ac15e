// Goal: as the sample's. Method: every kind that the statements which made it can tell, on the PostgreSQL that npm
// brings: there no pg_dump knows that server.

import {suite} from 'uvu'
import {kinds} from '../../../fixtures/database/kinds.ts'
import {isRight, kindServer, tryKind} from '../../../helpers/database-kinds.ts'

const every = suite('every kind of database')
const server = await kindServer('embedded')

for (const kind of kinds.filter(
  ({dumped, from = 0}) => dumped !== true && from <= server.version,
)) {
  for (const mode of ['migrations', 'shape'] as const) {
    every(`${kind.name}: by ${mode}`, async () => isRight(await tryKind(server, kind, mode), kind))
  }
}

every.after(server.stop)
every.run()
