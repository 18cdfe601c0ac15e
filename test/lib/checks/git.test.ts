// Goal: what the gate validated is what is released, and what is judged is what others can see.
// Method: the checks on real clones of a bare remote.

import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {codeUnchanged} from '../../../scripts/lib/checks/code-unchanged.ts'
import {envNeverCommitted} from '../../../scripts/lib/checks/env-never-committed.ts'
import {repositoryClean} from '../../../scripts/lib/checks/repository.ts'
import {tag} from '../../../scripts/lib/checks/tag.ts'
import {inLang, type Text} from '../../../scripts/lib/domain/text.ts'
import type {Context} from '../../../scripts/lib/kit/context.ts'
import {codeOf} from '../../../scripts/lib/proofs/code.ts'
import {openRepository} from '../../../scripts/lib/store/git/open-repository.ts'
import {testContext} from '../../helpers/context.ts'
import {gitEnvironment, type TestRepository, testRepository} from '../../helpers/repository.ts'
import {testProject, testWorld} from '../../helpers/world.ts'

const name = 'prod-ready-2026-01-23-nightly-green'

interface Given {
  readonly commit?: string
  readonly startedOn?: string
  readonly clone?: string
  readonly bundle?: string
}

/** The context of a run whose gate names `commit` (the tag's own by default). */
async function contextOf(test: TestRepository, given: Given = {}): Promise<Context> {
  const project = given.clone ?? test.clone
  const world = {
    ...testWorld({project, cache: join(test.folder, 'cache')}),
    repository: await openRepository(project, {environment: gitEnvironment}),
    bundle: given.bundle ?? test.folder,
  }
  const commit = (await world.repository.resolveTag(name))?.commit ?? ''
  const {context} = testContext({world, project: testProject(), tag: name, commit})
  const gate = {path: 'docs/RELEASE_GATE_2026_01.md', tag: name, commit: given.commit ?? commit}
  return Object.assign(context, {
    gate,
    run: () => {
      if (given.startedOn === undefined) throw new Error('no run')
      return {started: {main: given.startedOn}}
    },
    runbook: {path: 'runbooks/staging.md'},
    policy: {file: async (path: string) => ({path, absolute: join(project, path)})},
  })
}

const policy = {
  'postgate.yaml': 'name: essai\n',
  'runbooks/staging.md': '# A\n',
  'docs/RELEASE_GATE_2026_01.md': '# Gate\n',
  'lib/main.dart': 'main\n',
  '.gitignore': 'env/\n',
}

const tagged = (work: (test: TestRepository, commit: string) => Promise<void>) => async () => {
  const test = testRepository(policy)
  try {
    test.git(['tag', '-a', name, '-m', 'Validated'])
    test.git(['push', '--quiet', 'origin', name])
    await work(test, test.git(['rev-parse', 'HEAD']))
  } finally {
    test.close()
  }
}

const english = (text: Text) => inLang(text, 'en')

const tags = suite('check: tag')

tags(
  'passes on the gate’s commit, whole or abbreviated, here and on the remote',
  tagged(async (test, commit) => {
    for (const written of [commit, commit.slice(0, 7), commit.toUpperCase()]) {
      const {verdict, observed} = await tag.judge(await contextOf(test, {commit: written}), {})
      assert.is(verdict, 'pass')
      assert.is(english(observed), `${name} → ${commit}, here and on origin`)
    }
  }),
)

tags(
  'refuses HEAD, a branch’s name, too few digits and another commit',
  tagged(async (test) => {
    const other = test.commit({'lib/x.dart': 'x'})
    for (const written of ['HEAD', 'main', 'abc', '', other, other.slice(0, 7), 'deadbeef']) {
      const {verdict, observed} = await tag.judge(await contextOf(test, {commit: written}), {})
      assert.is(verdict, 'fail', written)
      assert.match(english(observed), written)
    }
  }),
)

tags(
  'is not answered by a branch or an outcome tag of the same commit or name',
  tagged(async (test, commit) => {
    const other = test.commit({'lib/x.dart': 'x'})
    test.git(['branch', commit.slice(0, 7), other])
    test.git(['branch', name, other])
    test.git(['tag', '-a', 'staging-2026-01-23', '-m', 'x', commit])
    const context = await contextOf(test, {commit: commit.slice(0, 7)})
    assert.is((await tag.judge(context, {})).verdict, 'pass')
    assert.is((await tag.judge(await contextOf(test, {commit: other}), {})).verdict, 'fail')
  }),
)

tags(
  'fails where the tag is missing or elsewhere, here or on the remote, with both values',
  tagged(async (test, commit) => {
    const other = test.commit({'lib/x.dart': 'x'})
    const judge = async () => tag.judge(await contextOf(test, {commit}), {})
    test.git(['push', '--quiet', '--force', 'origin', `${other}:refs/tags/${name}`])
    const moved = await judge()
    assert.is(moved.verdict, 'fail')
    assert.is(english(moved.observed), `${name} is on ${other} on origin, on ${commit} here`)
    test.git(['push', '--quiet', 'origin', `:refs/tags/${name}`])
    assert.is(english((await judge()).observed), `${name} does not exist on origin`)
    test.git(['tag', '--force', name, other])
    assert.is(
      english((await judge()).observed),
      `${name} is on ${other} here, the gate says ${commit}`,
    )
    test.git(['tag', '--delete', name])
    const gone = await judge()
    assert.is(gone.verdict, 'fail')
    assert.match(english(gone.observed), 'does not exist here')
  }),
)

tags(
  'is unknown while the remote is away',
  tagged(async (test) => {
    test.away()
    assert.is((await tag.judge(await contextOf(test), {})).verdict, 'unknown')
  }),
)

const code = suite('check: code-unchanged')

code(
  'passes while only documents come to main',
  tagged(async (test) => {
    test.commit({'docs/B.md': 'b', 'CHANGELOG.md': 'c', 'runbooks/staging.md': '# B\n'})
    test.push()
    assert.is((await codeUnchanged.judge(await contextOf(test), {})).verdict, 'pass')
  }),
)

code(
  'fails with commits and files when code came, pushed by anybody',
  tagged(async (test) => {
    const other = test.another('other')
    const sha = test.commit({'lib/main.dart': 'changed\n', 'docs/x.md': 'x'}, 'A fix', other)
    test.push(other)
    const {verdict, observed} = await codeUnchanged.judge(await contextOf(test), {})
    assert.is(verdict, 'fail')
    assert.is(
      english(observed),
      `1 commit of code on main after ${name}: ${sha.slice(0, 12)} A fix (lib/main.dart)`,
    )
  }),
)

code(
  'says of PROD’s shape that it counts as code, and when to take it',
  tagged(async (test) => {
    test.commit({'database/shape.sql': '-- later\n'}, 'Shape')
    test.push()
    const context = await contextOf(test)
    const project = testProject({database: {}})
    const {verdict, next} = await codeUnchanged.judge(Object.assign(context, {project}), {})
    assert.is(verdict, 'fail')
    assert.match(
      english(next ?? ''),
      /database\/shape\.sql counts as code.*next time take it before/,
    )
  }),
)

code(
  'does not look at what is only here, and does not forget code that was taken back',
  tagged(async (test) => {
    test.commit({'lib/main.dart': 'local\n'}, 'Local')
    assert.is((await codeUnchanged.judge(await contextOf(test), {})).verdict, 'pass')
    test.commit({'lib/main.dart': 'main\n'}, 'Taken back')
    test.push()
    assert.is((await codeUnchanged.judge(await contextOf(test), {})).verdict, 'fail')
  }),
)

code(
  'remarks what comes during the run, and refuses a main that was rewritten',
  tagged(async (test, commit) => {
    const startedOn = test.commit({'docs/a.md': 'a'})
    test.commit({'lib/main.dart': 'later\n'}, 'Meanwhile')
    test.push()
    const during = await codeUnchanged.judge(await contextOf(test, {startedOn}), {})
    assert.is(during.verdict, 'pass')
    assert.match(english(during.observed), 'come since the start, not released: ')
    assert.match(english(during.observed), 'Meanwhile')
    test.git(['push', '--quiet', '--force', 'origin', `${commit}:refs/heads/main`])
    const rewritten = await codeUnchanged.judge(await contextOf(test, {startedOn}), {})
    assert.is(rewritten.verdict, 'fail')
    assert.match(english(rewritten.observed), 'rewritten during the run')
  }),
)

code(
  'fails where main does not contain the tag, and is unknown without the remote or the past',
  tagged(async (test) => {
    test.git(['checkout', '--quiet', '--orphan', 'fresh'])
    const fresh = test.commit({'lib/main.dart': 'fresh\n'})
    test.git(['push', '--quiet', '--force', 'origin', `${fresh}:refs/heads/main`])
    assert.is((await codeUnchanged.judge(await contextOf(test), {})).verdict, 'fail')
    test.away()
    assert.is((await codeUnchanged.judge(await contextOf(test), {})).verdict, 'unknown')
    test.git(['clone', '--quiet', '--depth=1', `file://${test.remote}`, 'cut'], test.folder)
    const cut = await contextOf(test, {clone: join(test.folder, 'cut')})
    assert.is((await codeUnchanged.judge(cut, {})).verdict, 'unknown')
  }),
)

code(
  'does not count the bundle’s own files, in a subfolder or at the root',
  tagged(async (test) => {
    const judge = async (bundle: string) =>
      (await codeUnchanged.judge(await contextOf(test, {bundle}), {})).verdict
    test.commit({'scripts/staging/2-reset.ts': 'x', 'scripts/lib/x.ts': 'x'})
    test.push()
    assert.is(await judge(test.clone), 'pass')
    assert.is(await judge(test.folder), 'fail')
    const context = await contextOf(test, {bundle: join(test.clone, 'release')})
    assert.ok(codeOf(context).includes('!release/**'))
  }),
)

const clean = suite('check: repository-clean')

clean(
  'passes, and only remarks a person’s other work',
  tagged(async (test) => {
    const judge = async () => repositoryClean.judge(await contextOf(test), {})
    assert.is((await judge()).verdict, 'pass')
    test.write({'lib/main.dart': 'in progress\n', 'notes.txt': 'x'})
    const {verdict, observed} = await judge()
    assert.is(verdict, 'pass')
    assert.match(english(observed), 'work in progress left as it is: lib/main.dart, notes.txt')
  }),
)

clean('fails on each changed policy file, staged, unstaged or new', async () => {
  for (const path of [
    'postgate.yaml',
    'runbooks/staging.md',
    'runbooks/new.md',
    'templates/freeze.md',
    'docs/RELEASE_GATE_2026_01.md',
  ]) {
    await tagged(async (test) => {
      test.write({[path]: 'changed\n'})
      const judge = async () => repositoryClean.judge(await contextOf(test), {})
      const first = await judge()
      assert.is(first.verdict, 'fail', path)
      assert.match(english(first.observed), path)
      test.git(['add', path])
      assert.is((await judge()).verdict, 'fail', path)
    })()
  }
})

clean(
  'fails where a policy file in use is ignored and was never committed',
  tagged(async (test) => {
    test.git(['rm', '--quiet', '--cached', 'runbooks/staging.md'])
    test.commit({'.gitignore': 'env/\nrunbooks/\n'}, 'Ignored')
    const {verdict, observed} = await repositoryClean.judge(await contextOf(test), {})
    assert.is(verdict, 'fail')
    assert.match(english(observed), 'never committed: runbooks/staging.md')
  }),
)

const env = suite('check: env-never-committed')

const secret = {'env/.env.staging': 'STAGING_DB_URL=postgres://secret\n'}

env(
  'passes on an ignored file that no commit knows, and fails where it is not ignored',
  tagged(async (test) => {
    test.write(secret)
    const judge = async () => envNeverCommitted.judge(await contextOf(test), {})
    assert.is((await judge()).verdict, 'pass')
    test.commit({'.gitignore': ''})
    const open = await judge()
    assert.is(open.verdict, 'fail')
    assert.match(english(open.observed), 'is not ignored')
    test.away()
    assert.is((await judge()).verdict, 'unknown')
  }),
)

env(
  'fails while tracked, and afterwards because history keeps it',
  tagged(async (test) => {
    test.commit(secret, 'Oops')
    const judge = async () => envNeverCommitted.judge(await contextOf(test), {})
    assert.match(english((await judge()).observed), 'is tracked by git')
    test.git(['rm', '--quiet', '--cached', 'env/.env.staging'])
    test.git(['commit', '--quiet', '-m', 'Removed'])
    const later = await judge()
    assert.is(later.verdict, 'fail')
    assert.match(english(later.observed), 'is in the history')
    assert.not.match(JSON.stringify(later), 'postgres://secret')
  }),
)

for (const each of [tags, code, clean, env]) each.run()
