// Goal: what a remote does not allow is found before a run rests on it, and told in the remote's words;
// "refused" and "away" are two answers. Method: a real remote whose hook refuses one kind of change.

import {chmodSync, existsSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {provePushRight} from '../../../../scripts/lib/store/git/push-right.ts'
import {isRemoteAway, RemoteRefused} from '../../../../scripts/lib/store/git/remote-problem.ts'
import {gitEnvironment, inRepository, type TestRepository} from '../../../helpers/repository.ts'

const right = suite('the right to push')
const date = new Date('2026-01-23T14:00:00Z')

const refusing = (test: TestRepository, condition: string) => {
  const hook = join(test.remote, 'hooks/update')
  writeFileSync(
    hook,
    `#!/bin/sh
zero=0000000000000000000000000000000000000000
${condition} && { echo "DENIED by rule 7" >&2; exit 1; }
exit 0
`,
  )
  chmodSync(hook, 0o755)
}
const open = ({clone}: TestRepository) => openRepository(clone, {environment: gitEnvironment})
const left = (test: TestRepository) =>
  test.git(['for-each-ref', '--format=%(refname)', 'refs/postgate'], test.remote)
const refusal = async (test: TestRepository): Promise<unknown> =>
  provePushRight(await open(test), date).catch((error) => error)

right(
  'is proven by a ref that is made, moved and removed',
  inRepository(async (test) => {
    await provePushRight(await open(test), date)
    assert.is(left(test), '')
    assert.not(existsSync(join(test.clone, '.git/postgate/probe-ref')))
    assert.is(test.git(['for-each-ref', 'refs/postgate']), '')
  }),
)

const rules: readonly [string, string, RegExp][] = [
  ['to make refs', '[ "$2" = $zero ]', /refuses to make/],
  ['to move refs', '[ "$2" != $zero ] && [ "$3" != $zero ]', /refuses to move/],
  ['to delete refs', '[ "$3" = $zero ]', /refuses to delete/],
]
for (const [name, condition, expected] of rules) {
  right(
    `says that the remote refuses ${name}, in its words`,
    inRepository(async (test) => {
      refusing(test, condition)
      const error = await refusal(test)
      assert.instance(error, RemoteRefused)
      if (!(error instanceof RemoteRefused)) return
      assert.match(inLang(error.parts.what, 'en'), expected)
      assert.match(inLang(error.parts.why ?? '', 'en'), /DENIED by rule 7/)
      // What could not be removed is removed at the next look, once it may be.
      rmSync(join(test.remote, 'hooks/update'))
      await provePushRight(await open(test), date)
      assert.is(left(test), '')
    }),
  )
}

right(
  'names the lock that another git left on the remote, and goes on once it is gone',
  inRepository(async (test) => {
    // git takes it to remove a ref, and leaves it where it is killed then (git 2.39).
    const lock = join(test.remote, 'packed-refs.lock')
    writeFileSync(lock, '')
    const error = await refusal(test)
    assert.instance(error, RemoteRefused)
    if (!(error instanceof RemoteRefused)) return
    assert.match(inLang(error.parts.what, 'en'), /keeps the lock of another git: .*\.lock$/)
    assert.match(inLang(error.parts.next ?? '', 'en'), /remove this file/)
    rmSync(lock)
    await provePushRight(await open(test), date)
    assert.is(left(test), '')
  }),
)

right(
  'tells a remote that is away from one that refuses',
  inRepository(async (test) => {
    test.away()
    const error = await refusal(test)
    assert.ok(isRemoteAway(error))
    assert.not.instance(error, RemoteRefused)
  }),
)

right.run()
