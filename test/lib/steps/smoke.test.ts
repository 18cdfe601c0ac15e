// The smoke tests as an ordinary user, against a small API on loopback that refuses whatever Supabase
// would refuse.

import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Judgement} from '../../../scripts/lib/domain/verdict.ts'
import {auditLog, modules, routes, signIn, smokeSteps} from '../../../scripts/lib/steps/smoke.ts'
import {testContext} from '../../helpers/context.ts'
import {temporaryFolder} from '../../helpers/folder.ts'
import {bodyOf, loopbackServer} from '../../helpers/server.ts'
import {testProject, testWorld} from '../../helpers/world.ts'

const smoke = suite('smoke tests')

interface Faults {
  readonly signIn?: number
  readonly page?: string
  readonly silentAudit?: boolean
  readonly refusedAudit?: boolean
  readonly table?: number
}

interface Options {
  readonly faults?: Faults
  readonly smoke?: Record<string, unknown>
  readonly env?: string
  readonly down?: boolean
}

const auth = {url: 'API', key: 'ANON', user: 'SMOKE_USER', password: 'SMOKE_PASSWORD'}

async function stand(options: Options = {}) {
  const {faults = {}} = options
  const rows: unknown[] = []
  const server = await loopbackServer(async (request, response) => {
    const path = request.url ?? ''
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, {'content-type': 'application/json', ...headers})
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    const body = await bodyOf(request)
    if (path.startsWith('/auth/') || path.startsWith('/rest/')) {
      if (request.headers.apikey !== 'public-key') return send(401, {})
    }
    if (path === '/auth/v1/token?grant_type=password') {
      const {email, password} = JSON.parse(body)
      const good = email === 'qa@example.org' && password === 's3cret-pw'
      if (faults.signIn || !good) return send(faults.signIn ?? 400, {})
      return send(200, {access_token: 'user-token', user: {id: 'user-1'}})
    }
    if (path.startsWith('/rest/')) {
      if (request.headers.authorization !== 'Bearer user-token') return send(401, {})
      if (path.startsWith('/rest/v1/clients')) return send(faults.table ?? 200, [])
      if (request.method === 'POST') {
        if (faults.refusedAudit) return send(403, {})
        if (!faults.silentAudit) rows.push(JSON.parse(body))
        return send(201, '')
      }
      return send(200, [], {'content-range': `0-0/${rows.length}`})
    }
    if (path === '/accueil') {
      const html = `<!doctype html><title>x</title><body>${faults.page ?? 'Bienvenue'}</body>`
      return send(200, html, {'content-type': 'text/html'})
    }
    send(404, {})
  })
  if (options.down) await server.close()
  const folder = temporaryFolder({
    '.env':
      options.env ??
      `API=${server.url}\nANON=public-key\nSMOKE_USER=qa@example.org\nSMOKE_PASSWORD=s3cret-pw\n`,
  })
  const settings = {auth, browser: 'off', ...options.smoke}
  const {context, keep} = testContext({
    world: testWorld({project: folder.path, cache: folder.path}),
    project: testProject({
      environments: {
        staging: {envFile: 'x', url: server.url, hosting: {adapter: 'folder'}, smoke: settings},
      },
    }),
    envFiles: {staging: join(folder.path, '.env')},
  })
  return {
    context,
    keep,
    rows,
    close: async () => {
      if (!options.down) await server.close()
      folder.remove()
    },
  }
}

type Step = (context: Awaited<ReturnType<typeof stand>>['context']) => Promise<Judgement>

async function judge(step: Step, options: Options = {}) {
  const here = await stand(options)
  try {
    const judgement = here.keep(await step(here.context))
    const said = JSON.stringify(judgement)
    for (const hidden of ['qa@example.org', 's3cret-pw', 'user-token', 'public-key']) {
      assert.not(said.includes(hidden), `${hidden} in ${said}`)
    }
    return {judgement, said, rows: here.rows, smoke: here.context.fact('smoke')}
  } finally {
    await here.close()
  }
}

const page = {path: '/accueil', title: 'Accueil', contains: 'Bienvenue'}
const audit = {table: 'log_actions', insert: {action: 'smoke', user_id: '{user}'}}

const cases: readonly [string, Step, Options, 'pass' | 'fail' | 'unknown'][] = [
  ['the test account signs in', signIn, {}, 'pass'],
  ['a refused sign-in', signIn, {faults: {signIn: 400}}, 'fail'],
  ['a sign-in service that fails', signIn, {faults: {signIn: 500}}, 'fail'],
  ['nobody listening', signIn, {down: true}, 'fail'],
  [
    'a host that has no name',
    signIn,
    {env: 'API=http://nowhere.invalid\nANON=k\nSMOKE_USER=u\nSMOKE_PASSWORD=p\n'},
    'unknown',
  ],
  ['no account in the env file', signIn, {env: 'API=http://127.0.0.1:1\nANON=k\n'}, 'fail'],
  ['no sign-in configured', signIn, {smoke: {auth: undefined}}, 'unknown'],
  ['a route with its content', routes, {smoke: {routes: [page]}}, 'pass'],
  [
    'a route without its content',
    routes,
    {smoke: {routes: [page]}, faults: {page: 'Erreur'}},
    'fail',
  ],
  ['a route that is not there', routes, {smoke: {routes: [{path: '/x', title: 'X'}]}}, 'fail'],
  ['no route configured', routes, {}, 'unknown'],
  ['Flutter pages without a browser', routes, {smoke: {routes: [page], flutter: true}}, 'unknown'],
  ['modules and their tables', modules, {smoke: {modules: [page], tables: ['clients']}}, 'pass'],
  [
    'a table that the user may not read',
    modules,
    {smoke: {modules: [page], tables: ['clients']}, faults: {table: 401}},
    'fail',
  ],
  ['an action leaves a row', auditLog, {smoke: {audit}}, 'pass'],
  ['an action that leaves no row', auditLog, {smoke: {audit}, faults: {silentAudit: true}}, 'fail'],
  [
    'an audit table closed to the user',
    auditLog,
    {smoke: {audit}, faults: {refusedAudit: true}},
    'fail',
  ],
  ['no audit table configured', auditLog, {}, 'unknown'],
]
for (const [title, step, options, verdict] of cases) {
  smoke(`${verdict}: ${title}`, async () => {
    const {judgement, said} = await judge(step, options)
    assert.is(judgement.verdict, verdict, said)
  })
}

smoke('what nobody configured or can see waits for a person, with what to do', async () => {
  for (const options of [{}, {smoke: {routes: [page], flutter: true}}]) {
    const {judgement} = await judge(routes, options)
    assert.ok(judgement.attestable)
    assert.ok(judgement.next)
  }
})

smoke('a failed page beside an unseen one is never left to a person', async () => {
  const tables = {modules: [page], flutter: true, tables: ['clients']}
  const {judgement} = await judge(modules, {smoke: tables, faults: {table: 500}})
  assert.is(judgement.verdict, 'fail')
  assert.is(judgement.attestable, undefined)
})

smoke('the row is written as the signed-in user, and counted before and after', async () => {
  const {judgement, rows} = await judge(auditLog, {smoke: {audit}})
  assert.equal(rows, [{action: 'smoke', user_id: 'user-1'}])
  assert.equal(judgement.facts?.['audit-log'], {table: 'log_actions', before: 0, after: 1})
})

smoke('each try is kept for the report, the last of a title', async () => {
  const here = await stand({smoke: {routes: [page], tables: ['clients']}})
  try {
    for (const step of [signIn, routes, routes, modules]) here.keep(await step(here.context))
    assert.equal(
      here.context.fact('smoke')?.checks.map(({title, verdict}) => `${title} ${verdict}`),
      ['Connexion pass', 'Accueil pass', 'clients pass'],
    )
  } finally {
    await here.close()
  }
})

smoke('a person is known beforehand to be asked for pages that no browser may look at', () => {
  const asked = (given: Record<string, unknown>) => {
    const environment = {
      ...{envFile: 'e', url: 'http://x', hosting: {adapter: 'folder'}},
      smoke: {routes: [{path: '/', title: 'A'}], modules: [{path: '/b', title: 'B'}], ...given},
    }
    const project = testProject({environments: {staging: environment}})
    const settings = project.environments.staging
    return smokeSteps.flatMap((step) =>
      /routes|modules/.test(step.id) && 'read' in step && step.asks?.({project, settings})
        ? [step.id]
        : [],
    )
  }
  assert.equal(asked({flutter: true, browser: 'off'}), ['smoke-routes', 'smoke-modules'])
  assert.equal(asked({flutter: true, browser: 'off', modules: [], tables: ['t']}), ['smoke-routes'])
  assert.equal(asked({browser: 'off'}), [])
  assert.equal(asked({flutter: true}), [])
})

smoke.run()
