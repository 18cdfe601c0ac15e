import {once} from 'node:events'
import {readFileSync, statSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {isRemoteAway} from '../../../../scripts/lib/store/git/remote-problem.ts'
import {gitEnvironment, inRepository} from '../../../helpers/repository.ts'

const repository = suite('repository')

const open = (folder: string, more: Record<string, string> = {}) =>
  openRepository(folder, {environment: {...gitEnvironment, ...more}})

repository(
  'says where it is, on which branch and commit',
  inRepository(async ({clone, git}) => {
    const opened = await open(clone)
    assert.is(opened.root, clone)
    assert.is(opened.gitDirectory, join(clone, '.git'))
    assert.is(opened.remote, 'origin')
    assert.is(await opened.currentBranch(), 'main')
    assert.is(await opened.headCommit(), git(['rev-parse', 'HEAD']))
    git(['checkout', '--quiet', '--detach'])
    assert.is(await opened.currentBranch(), null)
  }),
)

repository('refuses a folder without a repository in words of its own', async () => {
  try {
    await open('/')
    assert.unreachable()
  } catch (error) {
    assert.ok(error instanceof Problem)
    assert.is(error.parts.exit, 2)
  }
})

repository(
  'is not led elsewhere by GIT_DIR, GIT_INDEX_FILE or an editor in the environment',
  inRepository(async ({clone, another}) => {
    const other = another('other')
    const opened = await open(clone, {
      GIT_DIR: join(other, '.git'),
      GIT_WORK_TREE: other,
      GIT_INDEX_FILE: '/nowhere',
      EDITOR: 'false',
      GIT_EDITOR: 'false',
      PAGER: 'false',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'user.name',
      GIT_CONFIG_VALUE_0: 'By environment',
    })
    assert.is(opened.root, clone)
    assert.is((await opened.identity()).name, 'By environment')
    assert.equal(await opened.status(), {staged: [], unstaged: [], untracked: []})
  }),
)

repository(
  'resolves a tag by its full name, annotated or light, never a branch of that name',
  inRepository(async ({clone, git, commit}) => {
    const first = git(['rev-parse', 'HEAD'])
    git(['tag', '-a', 'ready', '-m', 'Ready'])
    git(['tag', 'light'])
    const second = commit({'b.txt': 'b'})
    git(['branch', 'only-branch', second])
    git(['branch', 'ready', second])
    const opened = await open(clone)
    const annotated = await opened.resolveTag('ready')
    assert.is(annotated?.commit, first)
    assert.is(annotated?.object, git(['rev-parse', 'refs/tags/ready']))
    assert.is.not(annotated?.object, first)
    assert.equal(await opened.resolveTag('light'), {object: first, commit: first})
    assert.is(await opened.resolveTag('only-branch'), null)
    assert.is(await opened.resolveTag('ready^'), null)
    assert.is(await opened.resolveTag('--all'), null)
  }),
)

repository(
  'lists remote refs by full name, peeled too',
  inRepository(async ({clone, git}) => {
    git(['tag', '-a', 'ready', '-m', 'Ready'])
    git(['push', '--quiet', 'origin', 'refs/tags/ready', 'HEAD:refs/heads/refs/tags/ready'])
    const opened = await open(clone)
    const head = git(['rev-parse', 'HEAD'])
    const refs = await opened.remoteRefs(['refs/tags/ready'])
    assert.equal([...refs.keys()], ['refs/tags/ready', 'refs/tags/ready^{}'])
    assert.is((await opened.remoteTag('ready'))?.commit, head)
    assert.is(await opened.remoteTag('other'), null)
    assert.equal(await opened.remoteMain(), {sha: head})
    assert.is((await opened.remoteRefs(['refs/heads/*'])).size, 2)
  }),
)

repository(
  'says that the remote is away, with what helps, and hides credentials',
  inRepository(async ({clone, git}) => {
    git(['remote', 'set-url', 'origin', 'http://user:s3cret@127.0.0.1:1/x.git'])
    const opened = await open(clone)
    try {
      await opened.remoteMain()
      assert.unreachable()
    } catch (error) {
      assert.ok(isRemoteAway(error))
      assert.is(error.parts.exit, 3)
      assert.not.match(JSON.stringify(error.parts), 's3cret')
    }
  }),
)

repository(
  'ends a git that hears nothing from its remote',
  inRepository(async ({clone, git}) => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    git(['remote', 'set-url', 'origin', `git://127.0.0.1:${port}/x.git`])
    const opened = await open(clone)
    const result = await opened.git.attempt(['ls-remote', 'origin'], {timeoutMs: 300})
    assert.is.not(result.exitCode, 0)
    server.close()
  }),
)

repository(
  'tells staged, unstaged and untracked apart, whatever the file names',
  inRepository(async ({clone, git, commit, write}) => {
    commit({'a b.txt': '1', 'é.txt': '1', 'old.txt': 'a long enough text\n'.repeat(9)})
    write({'a b.txt': '2', 'é.txt': '2', 'new/ü.txt': 'x'})
    git(['add', 'é.txt'])
    git(['mv', 'old.txt', 'moved.txt'])
    write({'é.txt': '3'})
    assert.equal(await (await open(clone)).status(), {
      staged: ['moved.txt', 'old.txt', 'é.txt'],
      unstaged: ['a b.txt', 'é.txt'],
      untracked: ['new/ü.txt'],
    })
  }),
)

repository(
  'reads files at a commit, byte for byte, and lists folders',
  inRepository(async ({clone, commit}) => {
    const at = commit({'docs/a.md': 'é\r\n', 'docs/deep/b.md': 'b', 'docs2/c.md': 'c'})
    const opened = await open(clone)
    assert.is(await opened.showFile(at, 'docs/a.md'), 'é\r\n')
    assert.is(await opened.showFile(at, 'docs/none.md'), null)
    assert.is(await opened.showFile(at, 'docs'), null)
    assert.equal(await opened.listFiles(at, 'docs'), ['docs/a.md', 'docs/deep/b.md'])
    assert.equal(await opened.listFiles(at, 'none'), [])
  }),
)

repository(
  'lists the commits and files between two commits, by globs',
  inRepository(async ({clone, git, commit}) => {
    const from = git(['rev-parse', 'HEAD'])
    commit({'docs/a.md': 'a'}, 'Only documents')
    const code = commit({'lib/x.dart': 'x', 'docs/a.md': 'b'}, 'Code « and » documents')
    git(['checkout', '--quiet', '-b', 'side', from])
    const side = commit({'lib/y.dart': 'y'}, 'On the side')
    git(['checkout', '--quiet', 'main'])
    git(['merge', '--quiet', '--no-edit', 'side'])
    const to = git(['rev-parse', 'HEAD'])
    const opened = await open(clone)
    const globs = ['**', '!docs/**', '!*.md']
    const between = await opened.commitsBetween(from, to, globs)
    assert.equal(between.map(({sha}) => sha).sort(), [code, side].sort())
    assert.equal(
      between.find(({sha}) => sha === code),
      {
        sha: code,
        subject: 'Code « and » documents',
        files: ['lib/x.dart'],
      },
    )
    assert.equal(await opened.changedFiles(from, to, globs), ['lib/x.dart', 'lib/y.dart'])
    assert.equal(await opened.changedFiles(from, to, ['**/*.{md,sql}']), ['docs/a.md'])
    assert.is(await opened.isAncestor(from, to), true)
    assert.is(await opened.isAncestor(to, from), false)
    assert.is((await opened.commitsBetween(to, to)).length, 0)
  }),
)

repository(
  'lists a merge that itself changes code',
  inRepository(async ({clone, git, commit, write}) => {
    const from = commit({'lib/x.dart': 'a'})
    git(['checkout', '--quiet', '-b', 'side'])
    commit({'docs/s.md': 's'})
    git(['checkout', '--quiet', 'main'])
    commit({'docs/m.md': 'm'})
    git(['merge', '--quiet', '--no-commit', 'side'])
    write({'lib/x.dart': 'slipped in'})
    git(['add', 'lib/x.dart'])
    git(['commit', '--quiet', '-m', 'Merge'])
    const between = await (await open(clone)).commitsBetween(from, 'HEAD', ['lib/**'])
    assert.equal(
      between.map(({subject, files}) => [subject, files]),
      [['Merge', ['lib/x.dart']]],
    )
  }),
)

repository(
  'fetches a remote commit without writing a ref or FETCH_HEAD',
  inRepository(async ({clone, git, another, commit, push}) => {
    const other = another('other')
    const sha = commit({'x.txt': 'x'}, 'Elsewhere', other)
    push(other)
    git(['tag', 'elsewhere'], other)
    git(['push', '--quiet', 'origin', 'elsewhere'], other)
    const before = git(['for-each-ref'])
    const opened = await open(clone)
    assert.is(await opened.fetchCommit('refs/heads/main'), sha)
    assert.is(await opened.showFile(sha, 'x.txt'), 'x')
    assert.is(git(['for-each-ref']), before)
    assert.throws(() => statSync(join(clone, '.git/FETCH_HEAD')))
  }),
)

repository(
  'reading writes neither the index nor anything else in the git directory',
  inRepository(async ({clone, git, write}) => {
    const opened = await open(clone)
    const index = () => statSync(join(clone, '.git/index')).mtimeMs
    // A file whose time changed and whose bytes did not: a plain `git status` would refresh the index.
    write({'readme.md': readFileSync(join(clone, 'readme.md'), 'utf8')})
    const before = index()
    assert.equal((await opened.status()).unstaged, [])
    assert.is(index(), before)
    assert.is(git(['stash', 'list']), '')
  }),
)

repository(
  'finds a path in the history of any ref, here or only on the remote',
  inRepository(async ({clone, git, another, commit, write}) => {
    const opened = await open(clone)
    write({'env/.env.prod': 'KEY=a-secret-value\n'})
    assert.is(await opened.trackedEver('env/.env.prod'), null)
    const other = another('other')
    git(['checkout', '--quiet', '-b', 'leak'], other)
    commit({'env/.env.prod': 'KEY=old\n'}, 'Leak', other)
    git(['push', '--quiet', 'origin', 'HEAD:refs/heads/leak'], other)
    const found = await opened.trackedEver('env/.env.prod')
    assert.is(found?.subject, 'Leak')
    git(['push', '--quiet', 'origin', ':refs/heads/leak'], other)
    assert.is(await opened.trackedEver('env/.env.prod'), null)
  }),
)

repository(
  'finds the present bytes of a file committed under another name',
  inRepository(async ({clone, commit, write}) => {
    write({'env/.env.prod': 'KEY=a-secret-value\n'})
    commit({'backup.txt': 'KEY=a-secret-value\n'}, 'Copied')
    const opened = await open(clone)
    assert.is((await opened.trackedEver('env/.env.prod'))?.subject, 'Copied')
  }),
)

repository(
  'tells tracked and ignored paths',
  inRepository(async ({clone, commit}) => {
    commit({'.gitignore': 'env/\n', 'env/kept.txt': 'x'})
    const opened = await open(clone)
    assert.is(await opened.isTracked('env/kept.txt'), true)
    assert.is(await opened.isTracked('env/*.txt'), false)
    assert.is(await opened.isIgnored('env/.env.prod'), true)
    assert.is(await opened.isIgnored('readme.md'), false)
  }),
)

repository(
  'says that a cut-off history cannot tell the past',
  inRepository(async ({folder, remote, git, commit, push}) => {
    commit({'x.txt': 'x'})
    push()
    git(['clone', '--quiet', '--depth=1', `file://${remote}`, 'cut'], folder)
    const opened = await open(join(folder, 'cut'))
    assert.is(await opened.isShallow(), true)
    try {
      await opened.trackedEver('env/.env.prod')
      assert.unreachable()
    } catch (error) {
      assert.ok(error instanceof Problem)
    }
  }),
)

repository.run()
