// Goal: the reset is right on databases of every kind that people have (kinds.test.ts tries a sample). Method:
// each kind on the PostgreSQL that npm brings, dumped by its pg_dump.

import {suite} from 'uvu'
import {kinds} from '../../../fixtures/database/kinds.ts'
import {isRight, kindServer, tryKind} from '../../../helpers/database-kinds.ts'

const every = suite('every kind of database')
const server = await kindServer('embedded')

for (const kind of kinds.filter(({from = 0}) => from <= server.version)) {
  for (const mode of ['migrations', 'shape'] as const) {
    every(`${kind.name}: by ${mode}`, async () => isRight(await tryKind(server, kind, mode), kind))
  }
}

every.after(server.stop)
every.run()
