// Goal: what GitHub says of the nightly is read as it happened: scheduled runs, first attempts, required
// jobs; no answer is a problem, never an empty list. Method: a real HTTP server that speaks its API.

import type {IncomingMessage} from 'node:http'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {github} from '../../../../scripts/lib/adapters/ci/github.ts'
import {scheduledWorkflow} from '../../../../scripts/lib/adapters/ci/workflow.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {gitEnvironment, testRepository} from '../../../helpers/repository.ts'
import {loopbackServer} from '../../../helpers/server.ts'
import {testProject, testTools, testWorld} from '../../../helpers/world.ts'

const ci = suite('github')

const since = new Date('2026-01-22T00:00:00Z')
const run = (id: number, more: object = {}) => ({
  id,
  status: 'completed',
  conclusion: 'success',
  created_at: '2026-01-23T02:07:00Z',
  updated_at: '2026-01-23T02:20:00Z',
  run_attempt: 1,
  head_sha: 'a'.repeat(40),
  head_branch: 'main',
  event: 'schedule',
  html_url: `https://github.com/o/r/actions/runs/${id}`,
  ...more,
})

type Answer = (path: string, query: URLSearchParams, request: IncomingMessage) => unknown

async function withApi<T>(
  answer: Answer,
  body: (ci: ReturnType<typeof github>, asked: string[]) => Promise<T>,
  settings: object = {},
  token = 't0ken',
) {
  const asked: string[] = []
  const server = await loopbackServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x')
    asked.push(`${url.pathname}${url.search}`)
    const found = answer(url.pathname, url.searchParams, request)
    response.writeHead(found === undefined ? 404 : 200, {'content-type': 'application/json'})
    response.end(JSON.stringify(found ?? {message: 'Not Found'}))
  })
  try {
    const project = testProject({
      ci: {adapter: 'github', repository: 'o/r', workflow: 'nightly.yml', ...settings},
    })
    const world = testWorld({
      project: '/nowhere',
      cache: '/nowhere',
      environment: {GITHUB_API_URL: server.url, ...(token !== '' && {GITHUB_TOKEN: token})},
    })
    return await body(github(await testTools({world, project})), asked)
  } finally {
    await server.close()
  }
}
const runs =
  (...list: object[]): Answer =>
  (path) =>
    path.endsWith('/runs')
      ? {total_count: list.length, workflow_runs: list}
      : path.endsWith('/jobs')
        ? {total_count: 0, jobs: []}
        : undefined

ci('asks for scheduled runs of the branch since then, with the token, newest first', () =>
  withApi(
    (path, query, request) => {
      assert.is(request.headers.authorization, 'token t0ken')
      return runs(run(1, {created_at: '2026-01-22T02:07:00Z'}), run(2))(path, query, request)
    },
    async (api, asked) => {
      const found = await api.nightlyRuns({since, branch: 'main'})
      assert.equal(
        found.map(({id}) => id),
        ['2', '1'],
      )
      assert.match(
        decodeURIComponent(asked[0] ?? ''),
        /workflows\/nightly\.yml\/runs\?branch=main&event=schedule&created=>=2026-01-22T00:00:00Z/,
      )
      assert.is(found[0]?.link, 'https://github.com/o/r/actions/runs/2')
    },
  ),
)

ci('leaves out what the filter let through: started by hand, another branch, too old', () =>
  withApi(
    runs(
      run(1, {event: 'workflow_dispatch'}),
      run(2, {head_branch: 'dev'}),
      run(3, {created_at: '2026-01-01T02:07:00Z'}),
      run(4),
    ),
    async (api) => {
      const found = await api.nightlyRuns({since, branch: 'main'})
      assert.equal(
        found.map(({id}) => id),
        ['4'],
      )
    },
  ),
)

ci('jobs are left out where nobody needs them: a month of runs is not a month of questions', () =>
  withApi(runs(run(1), run(2)), async (api, asked) => {
    const found = await api.nightlyRuns({since, branch: 'main', jobs: false})
    assert.is(found.length, 2)
    assert.is(asked.length, 1)
  }),
)

ci('a re-run is judged by its first attempt, its jobs too', () =>
  withApi(
    (path, ...rest) => {
      if (path.endsWith('/runs/7/attempts/1')) return run(7, {conclusion: 'failure'})
      if (path.endsWith('/runs/7/attempts/1/jobs'))
        return {jobs: [{name: 'tests', conclusion: 'failure'}]}
      return runs(run(7, {run_attempt: 2}))(path, ...rest)
    },
    async (api) => {
      const [found] = await api.nightlyRuns({since, branch: 'main'})
      assert.is(found?.conclusion, 'failure')
      assert.equal(found?.jobs, [{name: 'tests', conclusion: 'failure', steps: []}])
    },
    {requiredJobs: ['tests']},
  ),
)

ci('a run that is still going has no conclusion, and its jobs are not asked for', () =>
  withApi(runs(run(1, {status: 'in_progress', conclusion: null}), run(2)), async (api, asked) => {
    const found = await api.nightlyRuns({since, branch: 'main'})
    assert.equal(
      found.map(({conclusion}) => conclusion),
      [null, 'success'],
    )
    assert.equal(
      asked.filter((path) => path.includes('/jobs')).map((path) => path.split('?')[0]),
      ['/repos/o/r/actions/runs/2/jobs'],
    )
  }),
)

ci('all pages are read', () =>
  withApi(
    (path, query) => {
      const page = Number(query.get('page'))
      if (path.endsWith('/jobs')) return {jobs: []}
      return {
        workflow_runs: Array.from({length: page === 1 ? 100 : 5}, (_each, index) =>
          run(page * 1000 + index),
        ),
      }
    },
    async (api) => assert.is((await api.nightlyRuns({since, branch: 'main'})).length, 105),
  ),
)

const many = (count: number, first = 1) =>
  Array.from({length: count}, (_, index) => ({
    name: `tests (${first + index})`,
    conclusion: first + index === 101 ? 'skipped' : 'success',
    steps: [{name: 'Run npm test', conclusion: 'success', number: 1}],
  }))

ci('every page of jobs is read: the 101st is there, with its steps', async () => {
  const pages =
    (jobs: (page: number, size: number) => readonly object[], total?: number): Answer =>
    (path, query, request) =>
      path.endsWith('/jobs')
        ? {
            ...(total !== undefined && {total_count: total}),
            jobs: jobs(Number(query.get('page')), Number(query.get('per_page'))),
          }
        : runs(run(1))(path, query, request)
  const read = (answer: Answer) =>
    withApi(answer, async (api) => (await api.nightlyRuns({since, branch: 'main'}))[0]?.jobs ?? [])
  const all = many(250)
  const cut = (page: number, size: number) => all.slice((page - 1) * size, page * size)
  for (const total of [250, undefined]) {
    const found = await read(pages(cut, total))
    assert.is(found.length, 250)
    assert.equal(found[100], {
      ...{name: 'tests (101)', conclusion: 'skipped'},
      steps: [{name: 'Run npm test', conclusion: 'success'}],
    })
  }
  // GitHub may give fewer on a page than were asked for, and more behind it.
  const short = (page: number) => all.slice((page - 1) * 90, page * 90)
  assert.is((await read(pages(short, 250))).length, 250)
  // Exactly a page.
  assert.is((await read(pages((page) => (page === 1 ? many(100) : []), 100))).length, 100)
})

ci('fewer jobs than GitHub counts, or more than can be read, is no answer', async () => {
  for (const [count, text] of [
    [80, 'jobs: 70'],
    [100, 'too many to read'],
  ] as const)
    await withApi(
      (path, query, request) =>
        path.endsWith('/jobs')
          ? {
              total_count: 150_000,
              jobs: count === 100 ? many(100) : Number(query.get('page')) === 1 ? many(80) : [],
            }
          : runs(run(1))(path, query, request),
      async (api) => {
        const error = await api.nightlyRuns({since, branch: 'main'}).then(
          () => null,
          (thrown: unknown) => thrown,
        )
        assert.ok(error instanceof Problem && error.parts.exit === 3, String(error))
        assert.ok(
          count === 80 || JSON.stringify(error.parts).includes(text),
          JSON.stringify(error.parts),
        )
      },
    )
})

ci('required jobs are names, or names with steps', async () => {
  const required = ['analyse', {job: 'nightly / tests', steps: ['Tests de base']}]
  await withApi(
    runs(run(1)),
    async (api) =>
      assert.equal(api.requiredJobs, [
        {job: 'analyse', steps: []},
        {job: 'nightly / tests', steps: ['Tests de base']},
      ]),
    {requiredJobs: required},
  )
  for (const bad of [[''], [{job: 'a'}], [{job: 'a', steps: []}], [{steps: ['x']}], 'analyse'])
    try {
      await withApi(runs(), async () => {}, {requiredJobs: bad})
      assert.unreachable()
    } catch (error) {
      assert.ok(error instanceof Problem && error.parts.exit === 2, String(error))
    }
})

ci('issues: every page of them, with or without Link headers', async () => {
  const issue = (number: number) => ({
    ...{number, title: `n${number}`, html_url: `https://x/${number}`, labels: ['bug']},
  })
  const all = Array.from({length: 230}, (_, index) => issue(index + 1))
  for (const withLinks of [true, false]) {
    const server = await loopbackServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://x')
      const [page, size] = [Number(url.searchParams.get('page')), withLinks ? 60 : 100]
      if (withLinks && page * size < all.length)
        response.setHeader(
          'link',
          `<https://x?page=${page + 1}>; rel="next", <https://x>; rel="last"`,
        )
      else if (withLinks) response.setHeader('link', '<https://x>; rel="prev"')
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(all.slice((page - 1) * size, page * size)))
    })
    try {
      const project = testProject({ci: {adapter: 'github', repository: 'o/r', api: server.url}})
      const world = testWorld({project: '/nowhere', cache: '/nowhere'})
      const found = await github(await testTools({world, project})).issues(['bug'])
      assert.is(found?.length, 230)
    } finally {
      await server.close()
    }
  }
})

ci(
  'a label with a comma is found among all issues: the comma would part it in the question',
  async () => {
    const issue = (number: number, ...labels: string[]) => ({
      ...{number, title: `n${number}`, html_url: `https://x/${number}`},
      labels: labels.map((name) => ({name})),
    })
    const answer: Answer = (_, query) => {
      const labels = query.get('labels')
      if (labels === null)
        return [issue(1, 'à faire, plus tard'), issue(2, 'à faire'), issue(3, 'À faire, Plus tard')]
      return labels === 'bug' ? [issue(4, 'bug')] : []
    }
    await withApi(answer, async (api, asked) => {
      const found = await api.issues(['à faire, plus tard', 'bug'])
      assert.equal(
        found?.map(({number}) => number),
        [1, 3, 4],
      )
      assert.not(asked.some((path) => decodeURIComponent(path).includes('plus tard')))
    })
  },
)

ci('no rights, another shape and no server are problems that a person can settle', async () => {
  const fails = async (api: ReturnType<typeof github>, text: RegExp) => {
    try {
      await api.nightlyRuns({since, branch: 'main'})
      assert.unreachable()
    } catch (error) {
      assert.ok(error instanceof Problem && error.parts.exit === 3, String(error))
      assert.match(JSON.stringify(error.parts), text)
    }
  }
  await withApi(
    () => undefined,
    (api) => fails(api, /sans jeton/),
    {},
    '',
  )
  await withApi(
    () => ({workflow_runs: 'none'}),
    (api) => fails(api, /workflow_runs/),
  )
  const project = testProject({
    ci: {adapter: 'github', repository: 'o/r', workflow: 'n.yml', api: 'http://127.0.0.1:9'},
  })
  const world = testWorld({project: '/nowhere', cache: '/nowhere'})
  await fails(github(await testTools({world, project})), /GitHub/)
})

ci('issues by label once each, pull requests left out; null without a token', async () => {
  const issue = (number: number, more: object = {}) => ({
    number,
    title: `n${number}`,
    html_url: `https://x/${number}`,
    labels: [{name: 'post-release'}],
    ...more,
  })
  const answer: Answer = (_, query) =>
    query.get('labels') === 'bug' ? [issue(3), issue(5)] : [issue(3), issue(4, {pull_request: {}})]
  await withApi(answer, async (api) => {
    const found = await api.issues(['post-release', 'bug'])
    assert.equal(
      found?.map(({number}) => number),
      [3, 5],
    )
    assert.equal(found?.[0]?.labels, ['post-release'])
  })
  await withApi(answer, async (api) => assert.is(await api.issues(['bug']), null), {}, '')
})

ci('a bad setting is a document error that names it', async () => {
  const project = testProject({ci: {adapter: 'github', repository: 'no-slash'}})
  const tools = await testTools({
    world: testWorld({project: '/nowhere', cache: '/nowhere'}),
    project,
  })
  assert.throws(
    () => github(tools),
    (error: unknown) =>
      error instanceof Problem && error.parts.exit === 2 && /ci\.repository/.test(error.message),
  )
})

ci('the nightly is found by its schedule, whatever its name', async () => {
  const night = 'on:\n  schedule:\n    - cron: "0 2 * * *"\njobs: {}\n'
  const test = testRepository({
    '.github/workflows/ci.yml': 'on: push\n',
    '.github/workflows/verif.yaml': night,
    '.github/workflows/archive/old.yml': night,
  })
  try {
    const repository = await openRepository(test.clone, {environment: gitEnvironment})
    assert.is(await scheduledWorkflow(repository), 'verif.yaml')
    test.commit({'.github/workflows/weekly.yml': night})
    test.push()
    try {
      await scheduledWorkflow(repository)
      assert.unreachable()
    } catch (error) {
      assert.ok(
        error instanceof Problem && /verif\.yaml, weekly\.yml/.test(error.message),
        String(error),
      )
    }
    test.commit({'.github/workflows/nightly-db.yml': night})
    test.push()
    assert.is(await scheduledWorkflow(repository), 'nightly-db.yml')
  } finally {
    test.close()
  }
})

ci.run()
