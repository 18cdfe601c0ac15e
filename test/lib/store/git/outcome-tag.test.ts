import {chmodSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {tagOutcome} from '../../../../scripts/lib/store/git/outcome-tag.ts'
import {gitEnvironment, inRepository, type TestRepository} from '../../../helpers/repository.ts'

const outcome = suite('outcome tag')

async function tagIn(test: TestRepository, run: string, clone = test.clone) {
  const repository = await openRepository(clone, {environment: gitEnvironment})
  return tagOutcome({
    repository,
    scenario: 'staging',
    date: new Date('2026-01-23T23:59:59Z'),
    commit: test.git(['rev-parse', 'HEAD'], clone),
    run,
    message: 'Deployed to STAGING\n\nchain abc, 42 events',
  })
}

outcome(
  'is annotated, on the checkpoint, here and on the remote, dated by the run',
  inRepository(async (test) => {
    const {git, remote} = test
    const made = await tagIn(test, 'run-1')
    assert.is(made.tag, 'staging-2026-01-23')
    for (const cwd of [test.clone, remote]) {
      assert.is(git(['rev-parse', 'refs/tags/staging-2026-01-23'], cwd), made.object)
      assert.is(
        git(['rev-parse', 'refs/tags/staging-2026-01-23^{commit}'], cwd),
        git(['rev-parse', 'HEAD']),
      )
    }
    const text = git(['cat-file', 'tag', made.object])
    assert.match(text, 'chain abc, 42 events')
    assert.match(text, 'Postgate-Run: run-1')
    assert.match(text, '1769212799 +0000')
  }),
)

outcome(
  'counts up the same day, and is made once for a run, from whichever clone',
  inRepository(async (test) => {
    const first = await tagIn(test, 'run-1')
    test.git(['tag', 'staging-2026-01-23-rc1'])
    test.git(['push', '--quiet', 'origin', 'staging-2026-01-23-rc1'])
    assert.is((await tagIn(test, 'run-2')).tag, 'staging-2026-01-23-2')
    assert.is((await tagIn(test, 'run-3')).tag, 'staging-2026-01-23-3')
    const other = test.another('other')
    assert.equal(await tagIn(test, 'run-1', other), {...first, reused: true})
    assert.is((await tagIn(test, 'run-3', other)).reused, true)
  }),
)

outcome(
  'never touches a person’s local tag of that name, and says when the remote refuses',
  inRepository(async (test) => {
    test.git(['tag', 'staging-2026-01-23'])
    const before = test.git(['rev-parse', 'refs/tags/staging-2026-01-23'])
    assert.is((await tagIn(test, 'run-1')).tag, 'staging-2026-01-23-2')
    assert.is(test.git(['rev-parse', 'refs/tags/staging-2026-01-23']), before)
    const hook = join(test.remote, 'hooks/pre-receive')
    writeFileSync(hook, '#!/bin/sh\nexit 1\n')
    chmodSync(hook, 0o755)
    const refused = await tagIn(test, 'run-2').catch((error) => error)
    assert.match(refused.message, 'did not accept the tag')
  }),
)

outcome(
  'works without a remote',
  inRepository(async (test) => {
    test.git(['remote', 'remove', 'origin'])
    assert.is((await tagIn(test, 'run-1')).tag, 'staging-2026-01-23')
    assert.is((await tagIn(test, 'run-1')).reused, true)
    assert.is((await tagIn(test, 'run-2')).tag, 'staging-2026-01-23-2')
  }),
)

outcome.run()
