// Goal: what the gits that stay read and write is what a git of its own would, also where they have ended.
// Method: real repositories; each answer is compared with git's.

import {execFileSync} from 'node:child_process'
import {chmodSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {objectDatabase} from '../../../../scripts/lib/store/git/object-database.ts'
import {writeCommit, writeFlatTree, writeTreeOn} from '../../../../scripts/lib/store/git/objects.ts'
import {gitIn} from '../../../../scripts/lib/store/git/run.ts'
import {gitEnvironment, type TestRepository, testRepository} from '../../../helpers/repository.ts'

const objects = suite('objects')

const inRepository =
  (work: (test: TestRepository) => Promise<void>, files?: Readonly<Record<string, string>>) =>
  async () => {
    const test = testRepository(files)
    try {
      await work(test)
    } finally {
      test.close()
    }
  }

const run = (test: TestRepository) => gitIn(test.clone, gitEnvironment)

objects(
  'are read whole and in the order of the questions, whatever their bytes and sizes',
  inRepository(async (test) => {
    const {read, writeBlob} = objectDatabase(run(test))
    const texts = ['', '\n', 'a b missing\n', 'é'.repeat(70_000), '\0\u0001\n\n'.repeat(9)]
    const ids = await Promise.all(texts.map(writeBlob))
    const found = await Promise.all([...ids, ...ids.toReversed()].map(read))
    assert.equal(
      found.map((each) => each?.bytes.toString('utf8')),
      [...texts, ...texts.toReversed()],
    )
    for (const [index, id] of ids.entries())
      assert.is(
        execFileSync('git', ['cat-file', 'blob', id], {cwd: test.clone}).toString(),
        texts[index],
      )
  }),
)

objects(
  'that are not here are null, until they come; a name with a line break is one name',
  inRepository(
    async (test) => {
      const git = run(test)
      const {read} = objectDatabase(git)
      const other = test.another('other')
      const commit = test.commit({'new.txt': 'new'}, 'More', other)
      test.push(other)
      assert.is(await read(commit), null)
      assert.is(await read(`${commit}^{commit}`), null)
      assert.is(await read('no such name'), null)
      test.git(['fetch', '--quiet', 'origin'])
      assert.is((await read(`${commit}:new.txt`))?.bytes.toString(), 'new')
      const head = test.git(['rev-parse', 'HEAD'])
      assert.is((await read(`${head}:two\nlines`))?.bytes.toString(), 'x')
      assert.is(await read(`${head}:two\nmore lines`), null)
      assert.is((await read(head))?.type, 'commit')
    },
    {'two\nlines': 'x'},
  ),
)

objects(
  'are read by another git where the one that stayed was ended, and told where there is none to read',
  inRepository(async (test) => {
    const git = run(test)
    const {read, writeBlob} = objectDatabase(git)
    const head = test.git(['rev-parse', 'HEAD'])
    await read(head)
    const tree = await writeFlatTree(git, {a: 'a'})
    // As Ctrl-C does: all of them at once, and nobody has heard of it yet.
    for (const word of ['cat-file', 'mktree', 'hash-object'])
      for (const each of childrenOf(process.pid, word)) process.kill(each, 'SIGINT')
    const [after, blob, again] = await Promise.all([
      read(head),
      writeBlob('b'),
      writeFlatTree(git, {a: 'a'}),
    ])
    assert.is(after?.id, head)
    assert.is(test.git(['cat-file', 'blob', blob]), 'b')
    assert.is(again, tree)
    const {read: nowhere} = objectDatabase(gitIn(join(test.folder), gitEnvironment))
    const problem = await nowhere(head).catch((error: unknown) => error)
    assert.match(String(problem), /cat-file/)
  }),
)

const madeBy = (name: string, email: string) =>
  Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, name],
      [`GIT_${who}_EMAIL`, email],
      [`GIT_${who}_DATE`, '2026-01-23T09:30:15Z'],
    ]),
  )

/** Processes of ours whose command line holds `word`. */
function childrenOf(pid: number, word: string): number[] {
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args=']).toString()
  return listed.split('\n').flatMap((line) => {
    const [own, parent] = line.trim().split(/\s+/).map(Number)
    return parent === pid && line.includes(word) && own ? [own] : []
  })
}

objects(
  'trees hold what git’s own index makes of the same files',
  inRepository(
    async (test) => {
      chmodSync(join(test.clone, 'docs/run.sh'), 0o755)
      test.git(['add', '--chmod=+x', 'docs/run.sh'])
      test.git(['commit', '--quiet', '--message', 'Executable'])
      const base = test.git(['rev-parse', 'HEAD'])
      const files = {
        'docs/run.sh': 'echo 2\n',
        'docs/runs/one/journal.jsonl': '{}\n',
        'docs.txt': 'beside docs/\n',
        'é/ü.md': 'accents\n',
        'was-a-file/now.md': 'a folder\n',
      }
      const tree = await writeTreeOn(run(test), base, new Map(Object.entries(files)))
      test.git(['rm', '--quiet', 'was-a-file'])
      test.write(files)
      test.git(['add', '--all'])
      assert.is(tree, test.git(['write-tree']))
      const empty = await writeTreeOn(run(test), null, new Map([['a/b', 'x']]))
      assert.is(test.git(['ls-tree', '-r', '--name-only', empty]), 'a/b')
    },
    {'docs/run.sh': 'echo 1\n', 'docs/kept.md': 'kept\n', 'was-a-file': 'x', 'z/z': 'z'},
  ),
)

objects(
  'commits are those of git’s own commit-tree, whoever makes them',
  inRepository(async (test) => {
    const git = run(test)
    const head = test.git(['rev-parse', 'HEAD'])
    const tree = test.git(['rev-parse', 'HEAD^{tree}'])
    const date = new Date('2026-01-23T09:30:15.500Z')
    for (const name of ['Ada', 'Zoë d’Été-Łuk', 'A. <B>', " O'Neil.", 'x\ty', "Jean d'Arc"])
      for (const email of ['ada@example.org', 'a.b+c@localhost', '<odd>@x'])
        for (const message of ['One line', 'é\n\nTwo paragraphs\n\n']) {
          const parents = message === 'One line' ? [] : [head]
          const identity = {name, email}
          const made = await writeCommit({git, tree, parents, message, date, identity})
          const on = parents.flatMap((parent) => ['-p', parent])
          const own = await git.attempt(['commit-tree', ...on, '-F', '-', tree], {
            input: message,
            environment: madeBy(name, email),
          })
          assert.is(made, own.stdout.toString().trim(), `${name} <${email}> ${message}`)
        }
  }),
)

objects(
  'are written in a repository with the other hash too',
  inRepository(async (test) => {
    const folder = join(test.folder, 'sha256')
    execFileSync('git', ['init', '--quiet', '--object-format=sha256', folder], {
      env: gitEnvironment,
    })
    const git = gitIn(folder, gitEnvironment)
    const first = await writeFlatTree(git, {
      'a.txt': 'a',
      'b.txt': readFileSync(import.meta.filename),
    })
    assert.is(first.length, 64)
    const again = await writeTreeOn(git, first, new Map([['c/d.txt', 'd']]))
    const listed = execFileSync('git', ['ls-tree', '-r', '--name-only', again], {cwd: folder})
    assert.is(listed.toString(), 'a.txt\nb.txt\nc/d.txt\n')
  }),
)

objects.run()
