// The shapes that are kept beside the SQL of the sandbox and of the tests' fixture, as pg_dump gives them today:
// `npx zx test/real/shapes.ts` writes them again.

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parseConnection} from '../../scripts/lib/adapters/database/connection.ts'
import type {Shape} from '../../scripts/lib/adapters/database/shape.ts'
import {shapeText} from '../../scripts/lib/adapters/database/shape-file.ts'
import {isCalled} from '../../scripts/lib/base/entry.ts'
import {fingerprintOfRef} from '../../scripts/lib/domain/secret.ts'
import {databaseUrl, makeDatabases} from '../../scripts/lib/sandbox/database.ts'
import {startPostgres} from '../../scripts/lib/sandbox/postgres.ts'
import {shapeFile} from '../../scripts/lib/sandbox/shape.ts'
import {dumpedShape} from '../helpers/pg-dump.ts'
import {fixtures, productionRef, testServer} from '../helpers/postgres.ts'

const source = {
  environment: 'production',
  ref: fingerprintOfRef(productionRef),
  takenAt: '2026-01-20T10:00:00Z',
}
const migrations = join(
  import.meta.dirname,
  '../../scripts/lib/sandbox/template/supabase/migrations',
)

/** By the file that keeps each. */
export async function shapesToday(): Promise<Readonly<Record<string, Shape>>> {
  return {
    [shapeFile]: await ofSandbox(),
    [join(fixtures, 'shape.sql')]: await ofFixture(),
  }
}

async function ofFixture(): Promise<Shape> {
  const server = await testServer({binaries: 'installed'})
  try {
    return await dumpedShape(
      parseConnection(server.url('production', productionRef), 'URL'),
      source,
    )
  } finally {
    await server.stop()
  }
}

async function ofSandbox(): Promise<Shape> {
  const folder = mkdtempSync(join(tmpdir(), 'postgate-shapes-'))
  const server = await startPostgres({folder, binaries: 'installed'})
  try {
    const one = (ref: string) => ({ref, dbPassword: 'x', readerPassword: 'x', smokePassword: 'x'})
    const environments = {staging: one('a'.repeat(20)), production: one('b'.repeat(20))}
    const state = {environments, gatewayPassword: 'x'}
    await makeDatabases({superuserUrl: server.superuserUrl, migrations, state})
    const url = databaseUrl(server.superuserUrl, 'production')
    return await dumpedShape(parseConnection(url, 'URL'), source)
  } finally {
    await server.stop()
    rmSync(folder, {recursive: true, force: true})
  }
}

if (isCalled(import.meta.url)) {
  for (const [file, shape] of Object.entries(await shapesToday())) {
    writeFileSync(file, shapeText(shape))
    console.log(file, shape.sections.length)
  }
}
