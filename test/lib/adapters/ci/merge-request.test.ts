// Goal: one pull request for a documents' branch, ever, and a reason where there is none.
// Method: GitHub's pull requests on loopback, with what it refuses.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {github} from '../../../../scripts/lib/adapters/ci/github.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {mergePage, webAddressOf} from '../../../../scripts/lib/store/git/web-address.ts'
import {type FakeGithub, fakeGithub} from '../../../helpers/github.ts'
import {testProject, testTools, testWorld} from '../../../helpers/world.ts'

const merge = suite('merge request')

const input = {
  head: 'postgate/staging-1',
  base: 'main',
  title: 'Documents de l’exécution staging-1',
  body: 'Documents.',
}

async function withGithub(
  work: (ask: () => ReturnType<typeof request>, server: FakeGithub) => Promise<void>,
  token = 't0ken',
): Promise<void> {
  const server = await fakeGithub('t0ken')
  try {
    await work(() => request(server.url, token), server)
  } finally {
    await server.close()
  }
}

async function request(api: string, token: string) {
  const project = testProject({ci: {adapter: 'github', repository: 'o/r', api}})
  const environment = token === '' ? {} : {GITHUB_TOKEN: token}
  const world = testWorld({project: '/nowhere', cache: '/nowhere', environment})
  return (await github(await testTools({world, project})).mergeRequest?.(input)) ?? null
}

const problemOf = async (asked: Promise<unknown>): Promise<string> => {
  const error = await asked.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof Problem && error.parts.exit === 3, String(error))
  return JSON.stringify(error.parts)
}

merge('is opened once, however often it is asked for', () =>
  withGithub(async (ask, {pulls, asked}) => {
    const first = await ask()
    assert.equal(first, {number: 100, link: 'https://github.com/o/r/pull/100'})
    assert.equal(await ask(), first)
    assert.is(pulls.length, 1)
    assert.is(asked.filter((each) => each.startsWith('POST')).length, 1)
    assert.equal([pulls[0]?.title, pulls[0]?.base.ref], [input.title, 'main'])
  }),
)

merge('of another branch is another one', () =>
  withGithub(async (ask, {pulls}) => {
    pulls.push({
      ...{number: 7, html_url: 'https://github.com/o/r/pull/7', title: 'x', body: ''},
      ...{head: {ref: 'feature'}, base: {ref: 'main'}},
    })
    assert.is((await ask())?.number, 101)
  }),
)

merge('is not asked for without a token', () =>
  withGithub(async (ask, {asked}) => {
    assert.is(await ask(), null)
    assert.equal(asked, [])
  }, ''),
)

merge('that is refused says why', () =>
  withGithub(async (ask, server) => {
    server.refuse({status: 403, message: 'Resource not accessible by integration'})
    assert.match(await problemOf(ask()), /Resource not accessible/)
    server.refuse({status: 422, message: 'No commits between main and postgate/staging-1'})
    assert.match(await problemOf(ask()), /refuses a pull request/)
    await server.close()
    await problemOf(ask())
  }),
)

merge('with a token that GitHub does not know says so', () =>
  withGithub(async (ask) => {
    assert.match(await problemOf(ask()), /Bad credentials/)
  }, 'other'),
)

merge('without an API is a page: GitHub’s, or GitLab’s', () => {
  const branches = {head: 'postgate/staging-1', base: 'main'}
  assert.is(
    mergePage('https://github.com/o/r', branches),
    'https://github.com/o/r/compare/main...postgate/staging-1?expand=1',
  )
  assert.match(
    mergePage('https://gitlab.example.org/g/p.git', branches) ?? '',
    /^https:\/\/gitlab\.example\.org\/g\/p\/-\/merge_requests\/new\?.*postgate%2Fstaging-1/,
  )
  assert.is(mergePage('nonsense', branches), null)
  const known = {host: 'github.com', path: 'o/r'}
  for (const address of [
    'git@github.com:o/r.git',
    'https://token@github.com/o/r',
    'ssh://git@github.com/o/r.git',
  ]) {
    assert.equal(webAddressOf(address), known, address)
  }
  assert.is(webAddressOf('/srv/git/r.git'), null)
})

merge.run()
