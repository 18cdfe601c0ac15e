// PROD's shape as the project commits it: what pg_dump said of such a PROD, kept beside the SQL that makes it, so
// that the sandbox needs no program of PostgreSQL's but the server. A test compares the two.

import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {parseConnection} from '../adapters/database/connection.ts'
import {openReader} from '../adapters/database/session.ts'
import {parseShape, shapeText} from '../adapters/database/shape-file.ts'
import {fingerprintOfRef} from '../domain/secret.ts'

export const shapeFile = join(import.meta.dirname, 'database/shape.sql')

export async function shapeOfProduction(input: {
  url: string
  ref: string
  at: Date
}): Promise<string> {
  const kept = parseShape(await readFile(shapeFile, 'utf8'), 'shape.sql')
  const reader = await openReader({
    connection: parseConnection(input.url, 'PROD_DB_URL'),
    name: 'PROD',
  })
  try {
    const [row] = await reader.look(({rows}) =>
      rows<{version: string}>(`select current_setting('server_version') as version`),
    )
    const source = {
      environment: 'production',
      ref: fingerprintOfRef(input.ref),
      server: row?.version.split(' ')[0] ?? '',
      takenAt: input.at.toISOString(),
    }
    return shapeText({...kept, source})
  } finally {
    await reader.close()
  }
}
