// PROD's shape as the project commits it: taken by the very code that `snapshot.ts` uses.

import {parseConnection} from '../adapters/database/connection.ts'
import {fingerprint} from '../adapters/database/project-ref.ts'
import {openSession} from '../adapters/database/session.ts'
import {shapeText} from '../adapters/database/shape-file.ts'
import {takeShape} from '../adapters/database/take-shape.ts'

export async function shapeOfProduction(input: {
  url: string
  ref: string
  at: Date
}): Promise<string> {
  const session = await openSession({
    connection: parseConnection(input.url, 'PROD_DB_URL'),
    readOnly: true,
    name: 'PROD',
  })
  try {
    const [row] = await session.rows<{version: string}>('show server_version')
    const shape = await takeShape(session, {
      environment: 'production',
      ref: fingerprint(input.ref),
      server: Object.values(row ?? {}).join(''),
      takenAt: input.at.toISOString(),
    })
    return shapeText(shape)
  } finally {
    await session.close()
  }
}
