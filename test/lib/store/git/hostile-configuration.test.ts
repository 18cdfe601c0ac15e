// Goal: a person's git configuration changes neither the checkpoint's bytes nor what is read of history.
// Method: one repository asked twice, under no configuration and under one that changes all it can.

import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {commitDocuments} from '../../../../scripts/lib/store/git/documents-commit.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {tagOutcome} from '../../../../scripts/lib/store/git/outcome-tag.ts'
import {addCheckpointWorktree, worktreeClean} from '../../../../scripts/lib/store/git/worktree.ts'
import {hostileGit} from '../../../helpers/hostile-git.ts'
import {gitEnvironment, inRepository} from '../../../helpers/repository.ts'

const hostile = suite('hostile configuration')

hostile(
  'the checkpoint has the commit’s bytes, and stays clean',
  inRepository(async ({folder, clone, git, commit}) => {
    const environment = {...gitEnvironment, ...hostileGit(join(folder, 'person'))}
    const sql = 'create function f() returns int as $$\nselect 1\n$$ language sql;\n'
    const dos = 'kept\r\nas committed\r\n'
    const sha = commit({'migration.sql': sql, 'dos.txt': dos, 'ident.txt': '$Id$\n'})
    const repository = await openRepository(clone, {environment})
    const cache = join(folder, 'cache')
    const {path} = await addCheckpointWorktree({
      ...{repository, cache, run: 'run-1', number: 1, commit: sha},
    })
    const bytes = (name: string) => readFileSync(join(path, name), 'latin1')
    assert.is(bytes('migration.sql'), sql)
    assert.is(bytes('dos.txt'), dos)
    assert.is(bytes('ident.txt'), '$Id$\n')
    assert.equal(await worktreeClean(path, 'all', environment), {clean: true, paths: [], head: sha})
    writeFileSync(join(path, 'new.txt'), '')
    assert.equal((await worktreeClean(path, 'all', environment)).paths, ['new.txt'])
    assert.is(git(['status', '--porcelain']), '')
  }),
)

hostile(
  'line endings of the project’s own eol attributes are the checkpoint’s',
  inRepository(async ({folder, clone, commit}) => {
    const environment = {...gitEnvironment, ...hostileGit(join(folder, 'person'))}
    const sha = commit({'.gitattributes': '*.bat text eol=crlf\n', 'run.bat': 'echo 1\n'})
    const repository = await openRepository(clone, {environment})
    const {path} = await addCheckpointWorktree({
      ...{repository, cache: join(folder, 'cache'), run: 'run-1', number: 1, commit: sha},
    })
    assert.is(readFileSync(join(path, 'run.bat'), 'utf8'), 'echo 1\r\n')
  }),
)

hostile(
  'history, refs and files read the same',
  inRepository(async ({folder, clone, git, commit, push}) => {
    const person = {...gitEnvironment, ...hostileGit(join(folder, 'person'))}
    const first = git(['rev-list', '--max-parents=0', 'HEAD'])
    commit({'é à.txt': 'x'}, 'Clôture — été')
    git(['tag', '-a', 'only-here', '-m', 'x'])
    const head = commit({'b.txt': 'y'})
    push()
    const [plain, theirs] = await Promise.all([
      openRepository(clone, {environment: gitEnvironment}),
      openRepository(clone, {environment: person}),
    ])
    const answers = async (repository: typeof plain) => ({
      commits: await repository.commitsBetween(first, head),
      files: await repository.changedFiles(first, head),
      listed: await repository.listFiles(head, ''),
      root: await repository.trackedEver('readme.md'),
      refs: [...(await repository.localRefs('refs/'))],
      remote: [...(await repository.remoteRefs())],
      tag: await repository.resolveTag('only-here'),
      starting: await repository.commitsStarting(head.slice(0, 8)),
    })
    const [expected, found] = [await answers(plain), await answers(theirs)]
    assert.equal(found, expected)
    assert.is(found.commits.at(-1)?.subject, 'Clôture — été')
    assert.equal(found.root?.files, ['readme.md'])
    writeFileSync(join(clone, 'mine.txt'), '')
    assert.equal((await theirs.status()).untracked, ['mine.txt'])
    // What is fetched prunes nothing of the person's.
    await theirs.fetchCommit('refs/heads/main')
    assert.ok(await plain.resolveTag('only-here'))
  }),
)

hostile(
  'a file with other line endings alone is read as it is committed',
  inRepository(async ({folder, clone, commit}) => {
    const environment = {...gitEnvironment, ...hostileGit(join(folder, 'person'))}
    commit({'policy.md': 'one\ntwo\n'})
    const repository = await openRepository(clone, {environment})
    const path = join(clone, 'policy.md')
    const read = (text: string) => {
      writeFileSync(path, text)
      return repository.asCommitted(path, text)
    }
    assert.is(await read('one\r\ntwo\r\n'), 'one\ntwo\n')
    assert.is(await read('one\r\nTWO\r\n'), 'one\r\nTWO\r\n')
    const plain = await openRepository(clone, {environment: gitEnvironment})
    assert.is(await plain.asCommitted(path, 'one\r\ntwo\r\n'), 'one\r\ntwo\r\n')
  }),
)

hostile(
  'documents are committed, signed as the person wants, and tagged',
  inRepository(async ({folder, clone, git}) => {
    const environment = {...gitEnvironment, ...hostileGit(join(folder, 'person'))}
    const repository = await openRepository(clone, {environment})
    const head = git(['rev-parse', 'HEAD'])
    const date = new Date('2026-01-23T14:00:00Z')
    const made = await commitDocuments({
      ...{repository, run: 'run-1', date, since: head},
      derive: async () => ({
        files: new Map([['docs/été.md', 'Réussi\n']]),
        message: 'docs: été',
      }),
    })
    assert.match(git(['cat-file', 'commit', made.commit]), /gpgsig -----BEGIN SSH SIGNATURE-----/)
    assert.not.match(git(['cat-file', 'commit', made.commit]), /^encoding/m)
    assert.is(git(['show', `${made.commit}:docs/été.md`]), 'Réussi')
    const outcome = {repository, scenario: 'staging', date, commit: head, run: 'run-1'} as const
    assert.is((await tagOutcome({...outcome, message: 'été'})).tag, 'staging-2026-01-23')
  }),
)

hostile.run()
