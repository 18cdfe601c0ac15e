// Goal: no value that a vendor publishes makes an adapter fall over, or say something else than it should.
// Method: the fake's own answer with one published value in it, for every value of every enumeration and
// null wherever null is published, and without each field that may be absent; then the adapter is asked.

import {pathToFileURL} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {z} from 'zod'
import {github} from '../../scripts/lib/adapters/ci/github.ts'
import {vendorBackup} from '../../scripts/lib/adapters/database/vendor-backup.ts'
import {Problem} from '../../scripts/lib/domain/problem.ts'
import {forge} from '../../scripts/lib/sandbox/services/forge.ts'
import {backupsOf} from '../../scripts/lib/sandbox/services/gateway.ts'
import type {Product} from '../helpers/fake-host.ts'
import {loopbackServer} from '../helpers/server.ts'
import {type VendorStand, vendorStand} from '../helpers/vendor-stand.ts'
import {perform, testProject, testTools, testWorld} from '../helpers/world.ts'
import {describedBy, requirePublished} from './published.ts'
import {type PublishedValue, valuesOfSchema, valuesOfZod, withValue} from './published-values.ts'

const values = suite('published values')

interface Seen {
  readonly ready: string
  readonly live: string
  readonly keeps: string
}

/** What the adapter says; a `Problem` is an answer, anything else falls through. */
async function asked({hosting}: VendorStand, id: string): Promise<Seen> {
  const said = async (work: () => Promise<unknown>): Promise<string> => {
    try {
      return String(await work())
    } catch (error) {
      if (error instanceof Problem) return `problem ${error.parts.exit}`
      throw error
    }
  }
  return {
    ready: await said(async () => (await hosting.ready()).verdict),
    live: await said(async () => (await hosting.live())?.id ?? null),
    keeps: await said(async () => hosting.keeps?.(id)),
  }
}

/** What a value changes in what the adapter says; whatever is not named here must change nothing. */
type Changes = readonly (readonly [request: RegExp, path: RegExp, value: unknown, Partial<Seen>])[]

const any = Symbol('any value')

/** `undefined` as a value: the field is absent. */
async function tried(
  product: Product,
  operations: readonly {request: RegExp; values: readonly PublishedValue[]}[],
  changes: Changes,
): Promise<number> {
  const stand = await vendorStand(product)
  let count = 0
  try {
    const file = Buffer.from('a').toString('base64')
    const before = stand.host.born({files: {'index.html': file}, message: '1 x'})
    const id = stand.host.born({files: {'index.html': file}, message: '2 x'})
    await perform(stand.hosting.restore?.(before) ?? [])
    await perform((stand.hosting.returnTo ?? stand.hosting.restore)?.(id) ?? [])
    const usual = await asked(stand, before)
    assert.is(usual.ready, 'pass')
    for (const {request, values: all} of operations) {
      assert.ok(all.length > 0, `${request}: nothing published`)
      for (const one of all) {
        const path = one.path.join('.')
        stand.host.answering((line, answer) =>
          request.test(line) ? withValue(answer, one) : answer,
        )
        const said = await asked(stand, before)
        const change = changes.find(
          ([which, where, value]) =>
            which === request && where.test(path) && (value === any || value === one.value),
        )
        const label = `${request} ${path} = ${JSON.stringify(one.value)}`
        assert.equal(said, {...usual, ...change?.[3]}, label)
        count += 1
      }
    }
    return count
  } finally {
    await stand.close()
  }
}

const model = async (file: string): Promise<Record<string, unknown>> =>
  import(pathToFileURL(requirePublished().resolve(`@vercel/sdk/models/${file}.js`)).href)

const alias = /^GET \/v4\/aliases\//
const project = /^GET \/v9\/projects\//
const deployment = /^GET \/v13\/deployments\//
const deployments = /^GET \/v7\/deployments/
const user = /^GET \/v2\/user/

values('vercel: every enumeration, and null wherever it is published', async () => {
  const published = async (file: string, name: string) =>
    valuesOfZod((await model(file))[`${name}$inboundSchema`])
  const count = await tried(
    'vercel',
    [
      {request: user, values: await published('authuserlimited', 'AuthUserLimited')},
      {
        request: project,
        values: await published('getprojectresponsebody', 'GetProjectResponseBody'),
      },
      {
        request: deployment,
        values: await published('getdeploymentresponsebody1', 'GetDeploymentResponseBody2'),
      },
      {
        request: deployments,
        values: await published('getdeploymentsop', 'GetDeploymentsResponseBody'),
      },
      {request: alias, values: await published('getaliasop', 'GetAliasResponseBody')},
    ],
    [
      [project, /^lastAliasRequest\.jobStatus$/, 'pending', {ready: 'unknown'}],
      [project, /^lastAliasRequest\.jobStatus$/, 'in-progress', {ready: 'unknown'}],
      [project, /^rollingRelease\./, any, {ready: 'fail'}],
      [deployment, /^readySubstate$/, 'ROLLING', {ready: 'unknown'}],
      [alias, /^deploymentId$/, null, {live: 'null'}],
    ],
  )
  assert.ok(count > 300, String(count))
})

values('netlify: every enumeration, and null wherever it is published', async () => {
  const {document, schemaOf} = describedBy('netlify')
  const of = (request: string) =>
    valuesOfSchema(schemaOf({request, status: 200, answer: null}), document)
  // Nothing is an enumeration there, and nothing may be null: a field may be absent instead.
  const told = ['/api/v1/sites/x', '/api/v1/user'].flatMap((path) => of(`GET ${path}`))
  assert.equal(told, [])
})

values('netlify: each field that the adapter reads, absent or null', async () => {
  const absent = (...paths: string[]) =>
    paths.flatMap((path) => [null, undefined].map((value) => ({path: path.split('.'), value})))
  const site = /^GET \/api\/v1\/sites\/[^/]+$/
  const me = /^GET \/api\/v1\/user$/
  await tried(
    'netlify',
    [
      {
        request: site,
        values: absent(
          'id',
          'name',
          'published_deploy',
          'published_deploy.title',
          'published_deploy.published_at',
          'published_deploy.locked',
          'prevent_non_git_prod_deploys',
        ),
      },
      {request: me, values: absent('email', 'full_name')},
    ],
    [
      [site, /^published_deploy$/, null, {live: 'null'}],
      [site, /^published_deploy$/, undefined, {live: 'null'}],
    ],
  )
})

// The types of Google's client name these values in words only: https://firebase.google.com/docs/reference/hosting/rest
values('firebase: every kind of release and status of a version', async () => {
  const channel = /^GET \/v1beta1\/sites\/essai\/channels\/live/
  const version = /^GET \/v1beta1\/sites\/essai\/versions\//
  const of = (path: string, ...all: unknown[]) =>
    all.map((value) => ({path: path.split('.'), value}))
  await tried(
    'firebase',
    [
      {
        request: channel,
        values: [
          ...of(
            'release.type',
            'TYPE_UNSPECIFIED',
            'DEPLOY',
            'ROLLBACK',
            'SITE_DISABLE',
            undefined,
          ),
          ...of('release.message', undefined),
          ...of('release.releaseTime', undefined),
          ...of('release.version', undefined),
          ...of('release', undefined),
          ...of('expireTime', null, undefined),
        ],
      },
      {
        request: version,
        values: of(
          'status',
          ...['VERSION_STATUS_UNSPECIFIED', 'CREATED', 'FINALIZED', 'CLONING'],
          ...['DELETED', 'ABANDONED', 'EXPIRED', undefined],
        ),
      },
    ],
    [
      [channel, /^release\.type$/, 'SITE_DISABLE', {live: 'null'}],
      [channel, /^release\.version$/, undefined, {live: 'null'}],
      [channel, /^release$/, undefined, {live: 'null'}],
      [version, /^status$/, 'DELETED', {keeps: 'false'}],
      [version, /^status$/, 'ABANDONED', {keeps: 'false'}],
      [version, /^status$/, 'EXPIRED', {keeps: 'false'}],
      // Not finished: nothing that could be made live again.
      [version, /^status$/, 'CREATED', {keeps: 'false'}],
      [version, /^status$/, 'CLONING', {keeps: 'false'}],
    ],
  )
})

values('supabase: a backup counts in one of the published states only', async () => {
  const sdk: Record<string, unknown> = requirePublished()('supabase-management-js')
  const states = z.record(z.string(), z.string()).parse(sdk.V1BackupsResponseBackupsItemStatus)
  const now = new Date('2026-01-23T09:00:00Z')
  for (const status of Object.values(states)) {
    const item = {is_physical_backup: true, status, inserted_at: '2026-01-23T01:30:00Z'}
    const judgement = await vendorBackup({
      fetch: async () => Response.json({...backupsOf(now), backups: [item]}),
      ...{base: 'http://127.0.0.1:9', token: 't', ref: 'r', now, maxAgeMs: 86_400_000},
    })
    assert.is(judgement.verdict, status === 'COMPLETED' ? 'pass' : 'fail', status)
  }
})

values('github: no state or conclusion but the good ones counts as a cycle or a job', async () => {
  const {document, schemaOf} = describedBy('github')
  const day = '2026-01-23T09:00:00.000Z'
  const history = [{commit: 'a'.repeat(40), at: '2026-01-01T00:00:00Z'}]
  const handle = forge({
    ...{repository: 'o/r', now: () => new Date(day), history, birth: day, red: false},
  })
  let change: (path: string, answer: unknown) => unknown = (_, answer) => answer
  const inner = await loopbackServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x')
    void handle(request, response, url.pathname, url)
  })
  const server = await loopbackServer(async (request, response) => {
    const there = await fetch(`${inner.url}${request.url}`)
    response.writeHead(there.status, {'content-type': 'application/json'})
    const path = new URL(request.url ?? '/', 'http://x').pathname
    response.end(JSON.stringify(change(path, await there.json())))
  })
  try {
    const ci = github(
      await testTools({
        world: testWorld({
          ...{project: '/nowhere', cache: '/nowhere'},
          environment: {GITHUB_API_URL: server.url, GITHUB_TOKEN: 't'},
        }),
        project: testProject({
          ci: {
            adapter: 'github',
            repository: 'o/r',
            workflow: 'nightly.yml',
            requiredJobs: ['analyse'],
          },
        }),
      }),
    )
    const nightly = async () =>
      (await ci.nightlyRuns({since: new Date('2026-01-22T12:00:00Z'), branch: 'main'})).map(
        ({conclusion, jobs}) => ({
          conclusion,
          job: jobs.find(({name}) => name === 'analyse')?.conclusion ?? null,
        }),
      )
    assert.equal(await nightly(), [{conclusion: 'success', job: 'success'}])
    const of = (path: string) =>
      valuesOfSchema(schemaOf({request: `GET ${path}`, status: 200, answer: null}), document)
    const runs = of('/repos/o/r/actions/workflows/nightly.yml/runs')
    const jobs = of('/repos/o/r/actions/runs/7/attempts/1/jobs')
    assert.ok(runs.length > 10 && jobs.length > 15, `${runs.length} ${jobs.length}`)
    for (const [where, all] of [
      [/\/runs$/, runs],
      [/\/jobs$/, jobs],
    ] as const) {
      for (const one of all) {
        change = (path, answer) => (where.test(path) ? withValue(answer, one) : answer)
        const path = one.path.join('.')
        const label = `${where} ${path} = ${JSON.stringify(one.value)}`
        const seen = await nightly().catch((error: unknown) => {
          if (error instanceof Problem && error.parts.exit === 3) return 'problem'
          throw new Error(`${label}: ${String(error)}`)
        })
        const told = /^(workflow_runs\.0\.(status|conclusion)|jobs\.0\.conclusion)$/.test(path)
        const good = one.value === 'success' || one.value === 'completed'
        const whole = [{conclusion: 'success', job: 'success'}]
        if (told && !good) assert.not.equal(seen, whole, label)
        // What the adapter has no use for may be anything.
        else if (seen !== 'problem') assert.equal(seen, whole, label)
      }
    }
  } finally {
    await server.close()
    await inner.close()
  }
})

values.run()
