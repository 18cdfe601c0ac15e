// Goal: behind a pooler in transaction mode an application writes before, during and after a plan, a snapshot
// and the scenarios A and B; what would need a session of its own is refused with nothing dropped. Method: whole
// commands on a sandbox whose env files name a real PgBouncer.

import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Bundle, Ran} from '../helpers/bundle-runs.ts'
import {type Application, startApplication, startPgBouncer} from '../real/pgbouncer.ts'
import {production, readyForProduction, said} from './watched.ts'

const scenarios = suite('scenarios behind PgBouncer')
const files = {staging: 'env/.env.staging', production: 'env/.env.prod'} as const

/** Puts the pooler's port into every connection string of both env files; the logins that stand there. */
function throughPooler(bundle: Bundle, port: number): void {
  for (const file of Object.values(files)) {
    const path = join(bundle.paths.project, file)
    const text = readFileSync(path, 'utf8')
    writeFileSync(
      path,
      text.replace(
        /(postgresql:\/\/[^@\n]+@127\.0\.0\.1:)\d+(\/\w+)$/gm,
        `$1${port}$2?pgbouncer=true`,
      ),
    )
  }
}

const urlsIn = (bundle: Bundle) =>
  Object.values(files).flatMap((file) =>
    [...bundle.read(file).matchAll(/postgresql:\/\/\S+/g)].map(([url]) => new URL(url)),
  )

/** Blocked for want of a signature only. */
const planned = (bundle: Bundle) => production(bundle, ['--advance', '48h', '--plan'])
const identified = /OK +Base de PROD identifiée : PROD/

/** A copy, once its ports are its own. */
async function moved(from: Bundle): Promise<Bundle> {
  const bundle = from.copy()
  assert.match(said(await planned(bundle)), identified)
  return bundle
}

const written = (applications: readonly Application[]) => applications.map((each) => each.written())

let ready: Bundle | undefined

for (const poolSize of [1, 20]) {
  scenarios(
    `plan, snapshot, A and B leave nothing behind (${poolSize} server connections)`,
    async () => {
      ready ??= await readyForProduction()
      const bundle = await moved(ready)
      const direct = urlsIn(bundle)
      const serverPort = Number(direct[0]?.port)
      const pooler = await startPgBouncer({
        serverPort,
        poolSize,
        users: Object.fromEntries(
          direct.map(({username, password}) => [username, decodeURIComponent(password)]),
        ),
      })
      throughPooler(bundle, pooler.port)
      const owners = urlsIn(bundle).filter(({username}) => username.startsWith('postgres.'))
      // The server lives as long as each command: what the application asks in between waits in the pooler.
      const applications = await Promise.all(
        owners.map((url) => startApplication(url.href.replace(/\?.*/, ''), 2, {makesTable: true})),
      )
      const during = async (work: () => Promise<Ran>): Promise<Ran> => {
        const before = written(applications)
        const ran = await work()
        const after = written(applications)
        for (const [index, count] of after.entries())
          assert.ok(count > (before[index] ?? 0), `nobody wrote during this:\n${said(ran)}`)
        return ran
      }
      try {
        const plan = await during(() => planned(bundle))
        assert.match(said(plan), identified)
        // Refused within a moment, in which nobody may have got round to writing.
        const snapshot = await bundle.run(['scripts/snapshot.ts', '--sandbox', '--check'])
        assert.is(snapshot.code, 3, said(snapshot))
        assert.match(said(snapshot), `port ${serverPort}`)
        const staging = await during(() => bundle.run(['scripts/staging.ts', '--sandbox']))
        assert.is(staging.code, 3, said(staging))
        assert.match(said(staging), `port ${serverPort}`)
        const released = await during(() => production(bundle, ['--advance', '48h']))
        assert.is(released.code, 0, said(released))
        assert.equal(
          applications
            .flatMap((each) => each.refused())
            .filter((error) => !serverIsAway.test(error)),
          [],
        )
      } finally {
        for (const each of applications) await each.close()
        await pooler.close()
        bundle.remove()
      }
    },
  )
}

// Between two commands the sandbox's server is down, and goes down under a write.
const serverIsAway =
  /^(?:57P0[123]|08P01|53300|ECONNREFUSED) | Error: (?:timeout expired|Client has encountered a connection error)/

scenarios.after(() => ready?.remove())
scenarios.run()
