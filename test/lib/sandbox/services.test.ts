// The services of a sandbox answer as the real ones do, on the real database, in the sandbox's time.

import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {z} from 'zod'
import {readEnvFile} from '../../../scripts/lib/policy/env-file.ts'
import {loadProject} from '../../../scripts/lib/policy/project-file.ts'
import {databaseUrl, withClient} from '../../../scripts/lib/sandbox/database.ts'
import {inSandbox, makeBundle, type OpenedSandbox, removeBundle} from '../../helpers/sandbox.ts'

const services = suite('sandbox services')
let bundle: Promise<string> | undefined
const sandboxed = async (use: Parameters<typeof inSandbox>[2]) => {
  bundle ??= makeBundle()
  await inSandbox(await bundle, {}, use)
}

async function client(sandbox: OpenedSandbox) {
  const env = await readEnvFile(join(sandbox.project, 'env/.env.staging'))
  const value = (key: string) => env.get(`STAGING_${key}`) ?? ''
  const url = value('URL')
  const call = (path: string, init: RequestInit = {}, token?: string) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: {
        apikey: value('ANON_KEY'),
        'content-type': 'application/json',
        ...(token === undefined ? {} : {authorization: `Bearer ${token}`}),
      },
    })
  const signIn = (password = value('SMOKE_PASSWORD')) =>
    call('/auth/v1/token?grant_type=password', {
      method: 'POST',
      body: JSON.stringify({email: value('SMOKE_USER'), password}),
    })
  return {url, value, call, signIn}
}

const session = z.object({access_token: z.string(), user: z.object({id: z.string()})})

services('sign a user in, and let row security decide what the user may do', () =>
  sandboxed(async (sandbox) => {
    const {url, call, signIn, value} = await client(sandbox)
    assert.is((await call('/auth/v1/health')).status, 200)
    assert.is((await fetch(`${url}/auth/v1/health`)).status, 401)
    assert.is((await signIn('wrong')).status, 400)
    const {access_token: token, user} = session.parse(await (await signIn()).json())

    assert.is((await call('/rest/v1/unites?select=*')).status, 200)
    assert.is((await call('/rest/v1/commandes')).status, 401)
    const rows: unknown = await (await call('/rest/v1/commandes?limit=2', {}, token)).json()
    assert.is(z.array(z.object({numero: z.string()})).parse(rows).length, 2)
    assert.is((await call('/rest/v1/nothing', {}, token)).status, 404)

    const insert = (userId: string) =>
      call(
        '/rest/v1/log_actions',
        {
          method: 'POST',
          body: JSON.stringify({user_id: userId, action: 'ESSAI', module: 'x', details: {a: 1}}),
        },
        token,
      )
    assert.is((await insert(user.id)).status, 201)
    assert.is((await insert('00000000-0000-0000-0000-000000000000')).status, 403)
    await withClient(value('DB_URL'), async (database) => {
      const {rows: found} = await database.query(
        "select user_id, details from log_actions where action = 'ESSAI'",
      )
      assert.equal(found, [{user_id: user.id, details: {a: 1}}])
    })
    // A key of the other project opens nothing.
    const other = await readEnvFile(join(sandbox.project, 'env/.env.prod'))
    const headers = {apikey: other.get('PROD_ANON_KEY') ?? ''}
    assert.is((await fetch(`${url}/auth/v1/health`, {headers})).status, 401)
  }),
)

services('tell two databases apart, each with its marker, its roles and its rows', () =>
  sandboxed(async ({project}) => {
    for (const [name, file, prefix] of [
      ['staging', '.env.staging', 'STAGING'],
      ['production', '.env.prod', 'PROD'],
    ] as const) {
      const env = await readEnvFile(join(project, 'env', file))
      const ask = (key: string, sql: string) =>
        withClient(env.get(`${prefix}_${key}`) ?? '', async (database) => {
          const {rows} = await database.query<Record<string, unknown>>(sql)
          return rows
        })
      assert.equal(await ask('DB_URL', 'select name, ref from postgate.environment'), [
        {name, ref: env.get(`${prefix}_PROJECT_REF`)},
      ])
      assert.equal(await ask('DB_URL', 'select current_user as me, session_user as login'), [
        {me: 'supabase_owner', login: `postgres.${env.get(`${prefix}_PROJECT_REF`)}`},
      ])
      const [counted] = await ask('DB_READ_ONLY_URL', 'select count(*)::int as n from commandes')
      assert.ok(Number(counted?.n) > 10)
      const refused = await ask('DB_READ_ONLY_URL', 'delete from commandes').catch(String)
      assert.match(String(refused), /read-only|permission denied/)
    }
    assert.match(databaseUrl('postgresql://a:b@127.0.0.1:1/postgres', 'staging'), /\/staging$/)
  }),
)

const runs = z.object({
  workflow_runs: z.array(
    z.object({
      created_at: z.string(),
      conclusion: z.string(),
      head_sha: z.string(),
      id: z.number(),
    }),
  ),
})

services('show a green nightly for each day until now, of the code that main held', () =>
  sandboxed(async ({project, clock}, paths) => {
    const {api} = z.object({api: z.string()}).parse((await loadProject(project)).ci)
    const since = new Date(clock.now().getTime() - 50 * 3_600_000).toISOString()
    const list = async () => {
      const query = new URLSearchParams({branch: 'main', event: 'schedule', created: `>=${since}`})
      const path = '/repos/depot/depot-central/actions/workflows/nightly.yml/runs'
      return runs.parse(await (await fetch(`${api}${path}?${query}`)).json()).workflow_runs
    }
    const {commit} = z
      .object({commit: z.string()})
      .parse(JSON.parse(await readFile(paths.state, 'utf8')))
    const before = await list()
    assert.is(before.length, 2)
    assert.ok(before.every((run) => run.conclusion === 'success' && run.head_sha === commit))
    await clock.wait(48 * 3_600_000)
    assert.is((await list()).length, 4)
    const jobs = await fetch(`${api}/repos/depot/depot-central/actions/runs/${before[0]?.id}/jobs`)
    assert.match(await jobs.text(), 'base-de-donnees')
    assert.is((await fetch(`${api}/repos/depot/other/actions/workflows`)).status, 404)
  }),
)

services('take the team’s messages, and know of PROD’s backups', () =>
  sandboxed(async ({project, environment, clock}, paths) => {
    const [hook] = (await loadProject(project)).notify
    const body = JSON.stringify({text: 'SANDBOX : bonjour'})
    const sent = await fetch(String(hook?.url), {method: 'POST', body})
    assert.is(sent.status, 200)
    assert.match(await readFile(paths.outbox, 'utf8'), 'bonjour')
    const env = await readEnvFile(join(project, 'env/.env.prod'))
    const ref = env.get('PROD_PROJECT_REF')
    const url = `${environment.SUPABASE_API_URL}/v1/projects/${ref}/database/backups`
    assert.is((await fetch(url)).status, 401)
    const answer = await fetch(url, {headers: {authorization: 'Bearer x'}})
    const {backups} = z
      .object({backups: z.array(z.object({inserted_at: z.string(), status: z.string()}))})
      .parse(await answer.json())
    const age = clock.now().getTime() - Date.parse(backups[0]?.inserted_at ?? '')
    assert.ok(age > 0 && age <= 86_400_000)
  }),
)

services('serve the live release and nothing in place of what is missing', () =>
  sandboxed(async ({project}) => {
    const {url} = (await loadProject(project)).environments.production ?? {url: ''}
    for (const path of ['/', '/stock.html', '/.last_build_id', '/assets/FontManifest.json']) {
      assert.is((await fetch(url + path)).status, 200, path)
    }
    const missing = await fetch(`${url}/main.dart.mjs`)
    assert.is(missing.status, 404)
    assert.match(missing.headers.get('content-type') ?? '', 'text/plain')
    assert.match(await (await fetch(url)).text(), 'SANDBOX')
  }),
)

services('are gone with the command', async () => {
  let url = ''
  await sandboxed(async ({project}) => {
    url = (await loadProject(project)).environments.staging.url
  })
  assert.is(await fetch(url).catch(() => 'gone'), 'gone')
  await removeBundle(await (bundle ?? ''))
})

services.run()
