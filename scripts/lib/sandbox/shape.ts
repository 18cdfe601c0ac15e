// PROD's shape as the project commits it: taken by the very code that `snapshot.ts` uses.

import {parseConnection} from '../adapters/database/connection.ts'
import {fingerprint} from '../adapters/database/project-ref.ts'
import {openReader} from '../adapters/database/session.ts'
import {shapeText} from '../adapters/database/shape-file.ts'
import {takeShape} from '../adapters/database/take-shape.ts'

export async function shapeOfProduction(input: {
  url: string
  ref: string
  at: Date
}): Promise<string> {
  const reader = await openReader({
    connection: parseConnection(input.url, 'PROD_DB_URL'),
    name: 'PROD',
  })
  try {
    return await reader.look(async (session) => {
      const [row] = await session.rows<{version: string}>('show server_version')
      const source = {
        environment: 'production',
        ref: fingerprint(input.ref),
        server: Object.values(row ?? {}).join(''),
        takenAt: input.at.toISOString(),
      }
      return shapeText(await takeShape(session, source, {nested: true}))
    })
  } finally {
    await reader.close()
  }
}
