// Goal: where the forge keeps main for reviews, a run ends as it would elsewhere; its documents wait on a
// branch with a pull request, or with its link. Method: a bare remote whose hook refuses main, and GitHub
// on loopback.

import {execFileSync} from 'node:child_process'
import {chmodSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {crashPointName} from '../../scripts/lib/sandbox/crash-point.ts'
import {type Bundle, bundleWithSandbox, type Ran} from '../helpers/bundle-runs.ts'
import {edit, publish} from '../helpers/change.ts'
import {type FakeGithub, fakeGithub} from '../helpers/github.ts'

const protectedMain = suite('a protected main')

const said = ({stdout, stderr}: Ran): string => stdout + stderr
const staging = (bundle: Bundle, ...args: string[]) =>
  bundle.run(['scripts/staging.ts', '--sandbox', '--lang', 'en', ...args])

// What the sandbox itself commits (other ports) is no run's.
const refusing = `#!/bin/sh
[ "$1" = refs/heads/main ] || exit 0
case $(git log -1 --format=%s "$3") in SANDBOX*) exit 0 ;; esac
echo 'protected branch'
exit 1
`

/** A sandbox whose forge refuses pushes to main, and whose API is `github`. */
async function withProtectedMain(
  work: (bundle: Bundle, github: FakeGithub) => Promise<void>,
): Promise<void> {
  const bundle = await bundleWithSandbox()
  const own = (): string | null => {
    const ports: {api: number} = JSON.parse(readFileSync(bundle.paths.ports, 'utf8'))
    return `http://127.0.0.1:${ports.api}/github`
  }
  const github = await fakeGithub('sandbox-github-token', own)
  try {
    edit(bundle, 'postgate.yaml', (text) => text.replace(/api: http.*/, `api: ${github.url}`))
    publish(bundle)
    const hook = join(bundle.paths.remote, 'hooks/update')
    writeFileSync(hook, refusing)
    chmodSync(hook, 0o755)
    await work(bundle, github)
  } finally {
    await github.close()
    bundle.remove()
  }
}

const remote = ({paths}: Bundle, ...words: string[]): string =>
  execFileSync('git', ['-C', paths.remote, ...words], {encoding: 'utf8'}).trim()
const aside = (bundle: Bundle): string[] =>
  remote(bundle, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/postgate/').split('\n')

protectedMain('takes the documents by a pull request, and the run has succeeded', () =>
  withProtectedMain(async (bundle, github) => {
    const before = remote(bundle, 'rev-parse', 'main')
    // Killed when the pull request is open, and the journal does not know of it yet.
    const places = join(bundle.path, 'places')
    writeFileSync(places, crashPointName('before', 'fact-recorded merge-request#1'))
    const killed = await bundle.run(['scripts/staging.ts', '--sandbox'], {
      env: {POSTGATE_CRASH_PLACES: places},
    })
    assert.is(killed.signal, 'SIGKILL', said(killed))
    assert.is(github.pulls.length, 1)
    const ran = await staging(bundle)
    assert.is(ran.code, 0, said(ran))
    const since = remote(bundle, 'log', '--format=%s', `${before}..main`)
    assert.equal(
      since.split('\n').filter((line) => line !== '' && !line.startsWith('SANDBOX')),
      [],
    )
    const [branch = ''] = aside(bundle)
    assert.match(branch, /^postgate\/\S+-staging-/)
    const files = remote(bundle, 'diff', '--name-only', 'main', branch)
    assert.match(files, /docs\/DEPLOYMENT_REPORT_/)
    assert.match(files, /docs\/STAGING_DEPLOYMENTS\.md/)

    const [pull] = github.pulls
    assert.equal([github.pulls.length, pull?.head.ref, pull?.base.ref], [1, branch, 'main'])
    assert.is(github.asked.filter((each) => each.startsWith('POST')).length, 1)
    assert.match(pull?.title ?? '', branch.replace('postgate/', ''))
    assert.match(said(ran), 'to be merged by pull request #100')
    assert.match(said(ran), 'https://github.com/o/r/pull/100')
    assert.match(readFileSync(bundle.paths.outbox, 'utf8'), 'https://github.com/o/r/pull/100')
    const journal = remote(bundle, 'for-each-ref', '--format=%(refname)', 'refs/postgate/runs/')
    assert.match(remote(bundle, 'grep', 'merge-request', journal), '"number":100')

    // It is owed until somebody merges; then it is not.
    const status = () => bundle.run(['scripts/status.ts', '--sandbox', '--lang', 'en'])
    assert.match(said(await status()), `merge the documents’ branch ${branch}`)
    const audit = await bundle.run(['scripts/audit.ts', '--sandbox', '--lang', 'en'])
    assert.is(audit.code, 0, said(audit))
    const who = ['-c', 'user.name=Forge', '-c', 'user.email=forge@example.org']
    const merge = ['commit-tree', `${branch}^{tree}`, '-p', 'main', '-p', branch]
    const merged = remote(bundle, ...who, ...merge, '-m', 'Merge pull request #100')
    remote(bundle, 'update-ref', 'refs/heads/main', merged)
    assert.not.match(said(await status()), 'merge the documents’ branch')
    const again = await bundle.run(['scripts/audit.ts', '--sandbox', '--lang', 'en'])
    assert.is(again.code, 0, said(again))
  }),
)

protectedMain('without a forge that answers: the page to ask on, and the same result', () =>
  withProtectedMain(async (bundle, github) => {
    github.refuse({status: 403, message: 'Resource not accessible by integration'})
    const ran = await staging(bundle)
    assert.is(ran.code, 0, said(ran))
    assert.match(said(ran), 'could not be opened: Resource not accessible by integration')
    const [branch = ''] = aside(bundle)
    const page = `https://forge.sandbox.example/depot/depot-central/compare/main...${branch}?expand=1`
    assert.match(said(ran), page)
    assert.is(github.pulls.length, 0)

    // The next run is its own: main still lacks the documents of this one.
    github.refuse(null)
    const next = await staging(bundle)
    assert.is(next.code, 0, said(next))
    assert.is(aside(bundle).length, 2)
    assert.is(github.pulls.length, 1)
  }),
)

protectedMain.run()
