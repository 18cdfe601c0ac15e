// Goal: a look at a remote of many refs says of the refs asked for what `ls-remote` says, and is told few
// others; whatever cannot be told apart is asked for whole. Method: real remotes, over a file and over
// HTTP, with what they send counted.

import {execFileSync, spawn} from 'node:child_process'
import {chmodSync, existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createServer, type Server} from 'node:http'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {narrowLook, readTrace} from '../../../../scripts/lib/store/git/narrow-look.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {manyRefs, readLook} from '../../../../scripts/lib/store/git/remote-look.ts'
import {gitIn} from '../../../../scripts/lib/store/git/run.ts'
import {leasesOf} from '../../../../scripts/lib/store/lease/lease.ts'
import {gitEnvironment, type TestRepository, testRepository} from '../../../helpers/repository.ts'

const narrow = suite('narrow-look')

const patterns = [
  'refs/heads/main',
  'refs/heads/postgate/*',
  'refs/postgate/lease',
  'refs/tags/prod-*',
  'refs/tags/freeze-*',
]

/** A remote with many refs, and those that a run asks for. */
function project(): TestRepository {
  const test = testRepository()
  const {git, remote} = test
  const head = git(['rev-parse', 'HEAD'])
  git(['tag', '-a', 'prod-2026-01-09', '-m', 'annotated'])
  git(['tag', 'prod-ready-été-1'])
  git(['tag', '-a', 'freeze-2025-12-24', '-m', 'annotated'])
  git(['branch', 'main-2'])
  git(['push', '--quiet', 'origin', '--tags', 'main-2', `${head}:refs/postgate/lease`])
  const many = Array.from({length: 3_000}, (_, index) => `create refs/tags/t${index} ${head}\n`)
  execFileSync('git', ['update-ref', '--stdin'], {cwd: remote, input: many.join('')})
  execFileSync('git', ['pack-refs', '--all'], {cwd: remote})
  return test
}

const inProject = (work: (test: TestRepository) => Promise<void>) => async () => {
  const test = project()
  try {
    await work(test)
  } finally {
    test.close()
  }
}

/** What `ls-remote` says of the same patterns. */
function whole(test: TestRepository, remote = 'origin') {
  const {refs, head} = readLook(test.git(['ls-remote', '--symref', remote]))
  const isAsked = (ref: string) => patterns.some((each) => ref.startsWith(each.replace(/\*$/, '')))
  return {head, refs: Object.fromEntries([...refs].filter(([ref]) => isAsked(ref)))}
}

const asked = async (test: TestRepository, remote = 'origin') => {
  const look = await narrowLook(gitIn(test.clone, gitEnvironment), remote, patterns)
  return look && {head: look.head, refs: Object.fromEntries(look.refs)}
}

/** Counts what the remote sends from here on. */
function counting({folder, git}: TestRepository): () => number {
  const [wrapper, log] = [join(folder, 'upload-pack'), join(folder, 'sent')]
  writeFileSync(wrapper, `#!/bin/sh\ngit-upload-pack "$@" | tee -a '${log}'\n`)
  chmodSync(wrapper, 0o755)
  git(['config', 'remote.origin.uploadpack', wrapper])
  return () => {
    const bytes = existsSync(log) ? readFileSync(log).length : 0
    rmSync(log, {force: true})
    return bytes
  }
}

narrow(
  'says what ls-remote says, peeled tags and HEAD with it, and is told little',
  inProject(async (test) => {
    const expected = whole(test)
    assert.ok(expected.refs['refs/tags/prod-ready-été-1'])
    assert.ok(expected.refs['refs/tags/freeze-2025-12-24^{}'])
    const sent = counting(test)
    assert.equal(await asked(test), expected)
    assert.ok(sent() < 3_000)
    // HEAD on another branch, on none, and on one without a commit.
    for (const head of ['refs/heads/main-2', 'refs/heads/unborn']) {
      test.git(['symbolic-ref', 'HEAD', head], test.remote)
      const {refs, head: seen} = (await asked(test)) ?? {}
      assert.equal(refs, expected.refs)
      assert.is(seen, whole(test).head)
    }
    test.git(['symbolic-ref', 'HEAD', 'refs/heads/main'], test.remote)
    const here = test.git(['for-each-ref', 'refs/postgate'])
    assert.is(here, '', 'no ref is written here')
    assert.not(existsSync(join(test.clone, '.git/FETCH_HEAD')))
  }),
)

narrow(
  'says the same over HTTP, and nothing where the protocol cannot be asked for few',
  inProject(async (test) => {
    const {server, url} = await served(test)
    try {
      const git = (words: readonly string[]) =>
        gitIn(test.clone, gitEnvironment).text(['-c', 'http.proxy=', ...words])
      const {refs, head} = readLook(await git(['ls-remote', '--symref', url]))
      const look = await narrowLook(gitIn(test.clone, gitEnvironment), url, patterns)
      assert.is(look?.head, head)
      for (const [ref, id] of look?.refs ?? []) assert.is(refs.get(ref), id)
      assert.equal(Object.fromEntries(look?.refs ?? []), whole(test).refs)
    } finally {
      server.close()
      server.closeAllConnections()
    }
    test.git(['config', 'protocol.version', '0'])
    assert.is(await asked(test), null)
  }),
)

/** git's own program behind a server of ours. */
async function served({folder}: TestRepository): Promise<{server: Server; url: string}> {
  const program = join(execFileSync('git', ['--exec-path']).toString().trim(), 'git-http-backend')
  const server = createServer((request, response) => {
    const {pathname, search} = new URL(request.url ?? '', 'http://localhost')
    const child = spawn(program, [], {
      env: {
        ...gitEnvironment,
        ...{GIT_PROJECT_ROOT: folder, GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: pathname},
        ...{QUERY_STRING: search.slice(1), REQUEST_METHOD: request.method ?? 'GET'},
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        ...(request.headers['content-encoding'] && {
          HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
        }),
      },
    })
    request.pipe(child.stdin)
    const pieces: Buffer[] = []
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
    child.on('close', () => {
      const all = Buffer.concat(pieces)
      const end = all.indexOf('\r\n\r\n')
      for (const each of all.toString('latin1', 0, end).split('\r\n')) {
        const [name = '', value = ''] = each.split(': ')
        if (name === 'Status') response.statusCode = Number.parseInt(value, 10)
        else if (name !== '') response.setHeader(name, value)
      }
      response.end(all.subarray(end + 4))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {server, url: `http://127.0.0.1:${port}/remote.git`}
}

narrow('takes no half answer for a whole one', () => {
  const id = '1'.repeat(40)
  const before = '12:00:00 pkt-line.c:80 packet: fetch> command=ls-refs\n'
  const said = (text: string) => `12:00:00 pkt-line.c:80 packet:        fetch< ${text}\n`
  const end = said('0000')
  const other = `12:00:00 pkt-line.c:80 packet:  upload-pack< 0000\n`
  const whole = readTrace(`${before}${other}${said(`${id} refs/heads/main`)}${end}`)
  assert.equal([...(whole?.refs ?? [])], [['refs/heads/main', id]])
  for (const odd of [
    '',
    end,
    before,
    `${before}${said(`${id} refs/heads/main`)}`,
    `${before}${said(`${id} refs/heads/main`)}${other}`,
    `${before}${said('refs/heads/main')}${end}`,
    `${before}${said(`${id} refs/heads/main more:1`)}${end}`,
    `${before}${said(`${id} refs/heads/\\1`)}${end}`,
  ])
    assert.is(readTrace(odd), null, odd)
})

const clock = {now: () => new Date('2026-01-23T09:00:00Z')}
const opened = (clone: string) =>
  openRepository(clone, {environment: gitEnvironment, lookMaxAgeMs: 60_000, remembers: true})

narrow(
  'serves a clone that knows how many refs its remote has: lease, main and tags from one look',
  inProject(async (test) => {
    assert.ok(manyRefs < 3_000)
    const sent = counting(test)
    const first = await opened(test.clone)
    const lease = leasesOf({repository: first, clock})
    assert.is((await lease.recorded('none')) ?? null, null)
    // Where nothing was ever written, nothing is remembered.
    assert.not(existsSync(join(test.clone, '.git/postgate')))
    assert.ok(sent() > 100_000)
    test.git(['push', '--quiet', 'origin', ':refs/postgate/lease'])
    first.looks.forget()
    const claim = {run: 'run-1', scenario: 'staging', kind: 'scenario'} as const
    const got = await lease.acquire({...claim, machine: 'one', operator: 'Ada'})
    assert.is(got.outcome, 'acquired')
    await first.looks.look({again: true})
    sent()
    const second = await opened(test.clone)
    assert.ok((await second.remoteMain())?.sha)
    assert.is((await second.remoteTag('prod-2026-01-09'))?.commit, test.git(['rev-parse', 'HEAD']))
    const again = await leasesOf({repository: second, clock}).acquire({
      ...claim,
      ...{machine: 'one', operator: 'Ada'},
    })
    assert.is(again.outcome, 'resumed')
    assert.ok(sent() < 10_000)
    // What no look has shown yet is asked for; all are asked for where all are meant.
    assert.ok((await second.remoteTag('t7'))?.commit)
    assert.ok(sent() < 10_000)
    assert.ok((await second.remoteRefs()).size > 3_000)
    assert.ok(sent() > 100_000)
  }),
)

narrow(
  'sees at once what another clone did, and that a remote is away',
  inProject(async (test) => {
    const repository = await opened(test.clone)
    await repository.looks.look()
    const other = test.another('other')
    test.commit({'more.txt': 'more'}, 'More', other)
    test.push(other)
    const tip = test.git(['rev-parse', 'HEAD'], other)
    const ref = 'refs/heads/main'
    assert.is((await repository.remoteRefs([ref], {again: true})).get(ref), tip)
    assert.is(await repository.resolveCommit(tip), tip, 'its objects came along')
    test.git(['push', '--quiet', 'origin', ':refs/tags/prod-2026-01-09'], other)
    repository.looks.forget()
    assert.is(await repository.remoteTag('prod-2026-01-09'), null)
    test.away()
    const told = await repository.looks
      .look({again: true, patterns: [ref]})
      .catch((error: unknown) => error)
    assert.match(String(told), /RemoteAway|ne répond pas|does not answer/)
    test.back()
  }),
)

narrow.run()
