// Goal: what pg_dump writes as a backup can be restored, also with an extension in `public`. Method: the real
// programs, a PROD-like database, and a scratch database that gets nothing but what the backup rests on.

import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {Problem} from '../../scripts/lib/domain/problem.ts'
import {inLang} from '../../scripts/lib/domain/text.ts'
import {backUp} from '../helpers/backup.ts'
import {testServer} from '../helpers/postgres.ts'

const backup = suite('backups by pg_dump')
const server = await testServer({binaries: 'installed'})
const folder = mkdtempSync(join(tmpdir(), 'postgate-backup-'))
const fence = [
  'pg_dump --format=custom --schema=public --no-password --file=<file>',
  'pg_dump --format=custom --schema=public --extension=<extensions> --no-password --file=<file>',
  'pg_restore --list <file>',
  'pg_restore --file=/dev/null <file>',
].join('\n')

const cases: Readonly<Record<string, string>> = {
  'a plain application': 'select 1',
  'extensions in public': `create extension citext with schema public; create extension "uuid-ossp" with schema public;
    set role postgate_owner; create table public.people (id uuid primary key default public.uuid_generate_v4(), name public.citext unique);
    insert into public.people (name) values ('A')`,
  'ranges, collations and aggregates': `set role postgate_owner; create type public.floats as range (subtype = float8);
    create collation public.french (provider = libc, locale = 'C'); create aggregate public.mysum (int) (sfunc = int4pl, stype = int, initcond = '0');
    create table public.t (id int primary key, r public.floats, x text collate public.french); insert into public.t values (1, '[1,2)', 'x')`,
}

for (const [name, sql] of Object.entries(cases)) {
  backup(`${name}: restored and compared`, async () => {
    const database = name.replaceAll(/\W/g, '_')
    await server.staging(database)
    await server.query(database, sql)
    const file = join(folder, database)
    const {checked} = await backUp({server, database, folder, file, fence}).catch(
      (error: unknown) => {
        throw error instanceof Problem ? new Error(inLang(error.parts.why ?? '', 'en')) : error
      },
    )
    assert.match(inLang(checked, 'en'), /^restored into a scratch database and compared: \d tables/)
  })
}

backup.after(async () => {
  await server.stop()
  rmSync(folder, {recursive: true})
})
backup.run()
