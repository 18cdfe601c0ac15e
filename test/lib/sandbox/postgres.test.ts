// Goal: the server of the sandbox comes up from either set of programs, again and again in one folder,
// and never outlives its command. Method: real servers; one command is really killed.

import {spawn} from 'node:child_process'
import {existsSync} from 'node:fs'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {startPostgres} from '../../../scripts/lib/sandbox/postgres.ts'
import {findBinaries} from '../../../scripts/lib/sandbox/postgres-binaries.ts'
import {isAlive} from '../../../scripts/lib/sandbox/postgres-leftover.ts'
import {serverUser} from '../../../scripts/lib/sandbox/postgres-user.ts'

const postgres = suite('sandbox postgres')

const inFolder = async (use: (folder: string) => Promise<void>) => {
  const folder = await mkdtemp(join(tmpdir(), 'postgate-pg-'))
  try {
    await use(folder)
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

const ask = async (url: string, sql: string): Promise<string> => {
  const {default: pg} = await import('pg')
  const client = new pg.Client({connectionString: url})
  await client.connect()
  const {rows} = await client.query<{answer: string}>(sql)
  await client.end()
  return String(rows[0]?.answer)
}

const pidOf = async (folder: string) =>
  Number((await readFile(join(folder, 'data/postmaster.pid'), 'utf8')).split('\n')[0])

for (const kind of ['path', 'embedded'] as const) {
  postgres(`keeps its rows and its port from one start to the next (${kind})`, () =>
    inFolder(async (folder) => {
      // `postgres` on PATH is optional; the package is not.
      if (
        kind === 'path' &&
        (await findBinaries(folder, {kind, user: await serverUser(folder)}).catch(() => null)) ===
          null
      )
        return
      const first = await startPostgres({folder, binaries: kind})
      await ask(first.superuserUrl, 'create table t as select 7 as n')
      await first.stop()
      assert.not(existsSync(join(folder, 'data/postmaster.pid')))
      const again = await startPostgres({folder})
      assert.is(again.port, first.port)
      assert.is(again.binaries?.kind, kind)
      assert.is(await ask(again.superuserUrl, 'select n as answer from t'), '7')
      await again.stop()
    }),
  )
}

postgres('is joined, not started twice, by a second command of the same folder', () =>
  inFolder(async (folder) => {
    const first = await startPostgres({folder})
    const second = await startPostgres({folder})
    assert.is(second.owned, false)
    await second.stop()
    assert.is(await ask(second.superuserUrl, 'select 1 as answer'), '1')
    await first.stop()
  }),
)

postgres('asks for its password', () =>
  inFolder(async (folder) => {
    const server = await startPostgres({folder})
    const wrong = server.superuserUrl.replace(/:[0-9a-f]+@/, ':wrong@')
    const refusal = await ask(wrong, 'select 1 as answer').catch((error: unknown) => String(error))
    assert.match(refusal, 'password authentication failed')
    await server.stop()
  }),
)

postgres('dies with a killed command, and the next start takes the folder over', () =>
  inFolder(async (folder) => {
    const source = join(import.meta.dirname, '../../../scripts/lib/sandbox/postgres.ts')
    const script = `const {startPostgres} = await import(${JSON.stringify(source)})
      await startPostgres({folder: ${JSON.stringify(folder)}}); console.log('up'); setInterval(() => {}, 1000)`
    const command = spawn(
      process.execPath,
      ['--import=typescript-when-needed', '--input-type=module', '-e', script],
      {stdio: ['ignore', 'pipe', 'inherit']},
    )
    await new Promise((up) => command.stdout.once('data', up))
    const pid = await pidOf(folder)
    command.kill('SIGKILL')
    const server = await startPostgres({folder})
    assert.is.not(await pidOf(folder), pid)
    for (let waited = 0; waited < 3_000 && isAlive(pid); waited += 20) await sleep(20)
    assert.not(isAlive(pid))
    await server.stop()
  }),
)

postgres.run()
