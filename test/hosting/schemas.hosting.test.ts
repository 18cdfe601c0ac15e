// Goal: the fakes answer as the vendors publish that they do. Method: what each fake answers to a
// deployment, a rollback and a way forward, held to the published types and schemas.

import type {IncomingMessage, ServerResponse} from 'node:http'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {z} from 'zod'
import {manifestOf} from '../../scripts/lib/artifact/manifest.ts'
import {forge} from '../../scripts/lib/sandbox/services/forge.ts'
import {fakeGithub} from '../helpers/github.ts'
import {loopbackServer} from '../helpers/server.ts'
import {products, vendorStand} from '../helpers/vendor-stand.ts'
import {perform} from '../helpers/world.ts'
import {application} from '../lib/adapters/hosting/contract.ts'
import {againstPublished, againstSchemas, againstTypes, type Given} from './published.ts'

const schemas = suite('published schemas')
const runId = z.object({workflow_runs: z.array(z.object({id: z.number()}))})

for (const product of products) {
  schemas(`the fake of ${product} answers as published`, async () => {
    const stand = await vendorStand(product)
    try {
      const {hosting} = stand
      await hosting.ready()
      await hosting.live()
      const ids: string[] = []
      for (const word of ['un', 'deux']) {
        const build = application(word)
        const manifest = await manifestOf(build.path)
        await perform(
          hosting.deploy({folder: build.path, manifest, version: word, message: `${word} x`}),
        )
        build.remove()
        ids.push((await hosting.live())?.id ?? '')
      }
      const [old = '', last = ''] = ids
      await perform(hosting.restore?.(old) ?? [])
      await hosting.ready()
      await perform((hosting.returnTo ?? hosting.restore)?.(last) ?? [])
      await hosting.keeps?.(old)
      await hosting.ready()
      const given = stand.host.exchanges.filter(({request}) => !/ \/__/.test(request))
      assert.ok(given.length > 5)
      assert.equal(againstPublished(product, given), [])
    } finally {
      await stand.close()
    }
  })
}

/** What a handler of the sandbox's services answers to these paths. */
async function answersOf(
  handle: (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    url: URL,
  ) => Promise<unknown> | unknown,
  paths: readonly string[],
): Promise<Given[]> {
  const server = await loopbackServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://loopback')
    void handle(request, response, url.pathname, url)
  })
  try {
    return await Promise.all(
      paths.map(async (path) => {
        const answer = await fetch(`${server.url}${path}`, {
          headers: {authorization: 'Bearer x'},
        })
        return {request: `GET ${path}`, status: answer.status, answer: await answer.json()}
      }),
    )
  } finally {
    await server.close()
  }
}

const day = '2026-01-23T09:00:00.000Z'

schemas('the sandbox’s forge answers as GitHub publishes, shortened', async () => {
  const history = [{commit: 'a'.repeat(40), at: '2026-01-01T00:00:00Z'}]
  const options = {repository: 'o/r', now: () => new Date(day), history, birth: day, red: true}
  const [first] = await answersOf(forge(options), ['/repos/o/r/actions/runs'])
  const run = runId.parse(first?.answer).workflow_runs[0]?.id
  const given = await answersOf(
    forge(options),
    [
      ...['/actions/runs', '/actions/workflows/nightly.yml/runs?per_page=100'],
      ...[`/actions/runs/${run}`, `/actions/runs/${run}/jobs`],
      ...[`/actions/runs/${run}/attempts/1`, `/actions/runs/${run}/attempts/1/jobs`],
      ...['/actions/workflows', '/actions/workflows/nightly.yml', '/issues?labels=bug', '/nothing'],
    ].map((path) => `/repos/o/r${path}`),
  )
  assert.equal(
    given.map(({status}) => status),
    [...Array(9).fill(200), 404],
  )
  assert.equal(againstSchemas('github', given.slice(0, -1), {partial: true}), [])
})

schemas('the fake of GitHub’s pull requests answers as published, shortened', async () => {
  const server = await fakeGithub('t')
  try {
    const headers = {authorization: 'token t'}
    const path = '/repos/o/r/pulls'
    const body = JSON.stringify({title: 'a', body: 'b', head: 'h', base: 'main'})
    const given: Given[] = []
    for (const init of [{method: 'POST', body}, {method: 'POST', body}, {method: 'GET'}]) {
      const answer = await fetch(`${server.url}${path}`, {...init, headers})
      given.push({
        ...{request: `${init.method} ${path}`, status: answer.status},
        answer: await answer.json(),
      })
    }
    assert.equal(
      given.map(({status}) => status),
      [201, 422, 200],
    )
    assert.equal(againstSchemas('github', given, {partial: true}), [])
  } finally {
    await server.close()
  }
})

schemas('what tests and sandbox say of Supabase’s backups is as published', async () => {
  const {backupsOf} = await import('../../scripts/lib/sandbox/services/gateway.ts')
  const given = [backupsOf(new Date(day))].map((answer) => ({
    ...{request: 'GET /v1/projects/abcdefghijklmnopqrst/database/backups', status: 200},
    answer,
  }))
  assert.equal(againstTypes('supabase', given), [])
})

schemas('an answer that is not as published is found, by each of the ways', () => {
  const backups = {request: 'GET /v1/projects/a/database/backups', status: 200}
  const good = {region: 'x', walg_enabled: true, pitr_enabled: true, physical_backup_data: {}}
  assert.equal(againstTypes('supabase', [{...backups, answer: {...good, backups: []}}]), [])
  const one = {is_physical_backup: true, inserted_at: day, status: 'DONE'}
  for (const answer of [
    {...good, backups: [one]},
    {backups: []},
    {...good, backups: [], more: 1},
  ]) {
    assert.is.not(
      againstTypes('supabase', [{...backups, answer}]).length,
      0,
      JSON.stringify(answer),
    )
  }
  const run = {request: 'GET /repos/o/r/actions/runs/7', status: 200}
  for (const answer of [{id: 'seven'}, {id: 7, invented: true}, {id: 7, head_branch: 3}]) {
    const found = againstSchemas('github', [{...run, answer}], {partial: true})
    assert.is.not(found.length, 0, JSON.stringify(answer))
  }
  const site = {
    request: 'GET /api/v1/sites/x',
    status: 200,
    answer: {published_deploy: {locked: 1}},
  }
  assert.is.not(againstSchemas('netlify', [site]).length, 0)
  const nowhere = {request: 'GET /repos/o/r/nowhere', status: 200, answer: {}}
  assert.is.not(againstSchemas('github', [nowhere]).length, 0)
})

schemas.run()
