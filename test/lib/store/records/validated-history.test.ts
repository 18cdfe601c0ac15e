// Goal: history that was tampered with after a run is found, whoever did it and however, on real refs.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import type {RecordedRun} from '../../../../scripts/lib/store/records/records.ts'
import {mainIntact, tagsIntact} from '../../../../scripts/lib/store/records/validated-history.ts'
import {gitEnvironment, type TestRepository, testRepository} from '../../../helpers/repository.ts'

const history = suite('validated history')

/** A run that began on `main`, was validated on `tag` and left `outcome` behind. */
function runOn(test: TestRepository, tag: string, outcome: string): RecordedRun {
  const id = (name: string) => test.git(['rev-parse', name])
  const checkpoint = {tag, tagObject: id(`refs/tags/${tag}`), commit: id(`${tag}^{commit}`)}
  const state = {started: {main: id('HEAD'), checkpoint}, tag: outcome, facts: new Map()}
  const record = {run: 'run-1', load: async () => state}
  return Object.assign(JSON.parse('{}'), record)
}

async function story(
  spoil: (test: TestRepository) => void,
  judge: typeof mainIntact,
): Promise<{verdict: string; observed: string}> {
  const test = testRepository()
  try {
    test.commit({'lib/a.js': 'one\n'}, 'Code')
    test.git(['tag', '--annotate', '--message', 'ready', 'ready-1'])
    test.git(['tag', '--annotate', '--message', 'out', 'staging-1'])
    test.commit({'docs/gate.md': 'gate\n'}, 'Gate')
    test.push()
    test.git(['push', '--quiet', 'origin', '--tags'])
    const run = runOn(test, 'ready-1', 'staging-1')
    test.commit({'docs/report.md': 'report\n'}, 'Report')
    test.push()
    spoil(test)
    const repository = await openRepository(test.clone, {environment: gitEnvironment})
    const {verdict, observed} = await judge(repository, {runs: [run], complete: true})
    return {verdict, observed: typeof observed === 'string' ? observed : observed.fr}
  } finally {
    test.close()
  }
}

history('holds where documents came on top', async () => {
  assert.is((await story(() => {}, mainIntact)).verdict, 'pass')
  const {verdict, observed} = await story(() => {}, tagsIntact)
  assert.is(verdict, 'pass')
  assert.match(observed, /^2 tag/)
})

history('a rewritten main is found', async () => {
  const {verdict, observed} = await story((test) => {
    test.git(['reset', '--quiet', '--hard', 'HEAD~2'])
    test.commit({'lib/a.js': 'other\n'}, 'Other past')
    test.git(['push', '--quiet', '--force', 'origin', 'HEAD:main'])
  }, mainIntact)
  assert.is(verdict, 'fail')
  assert.match(observed, /main a été réécrite : [0-9a-f]{40}, où run-1 a commencé/)
})

history('a tag that was deleted, moved or made anew is found', async () => {
  const cases: [RegExp, (test: TestRepository) => void][] = [
    [/ready-1 : supprimé/, (test) => test.git(['push', '--quiet', 'origin', ':refs/tags/ready-1'])],
    [/staging-1 : supprimé/, (test) => test.git(['push', '--quiet', 'origin', ':staging-1'])],
    [
      /ready-1 : [0-9a-f]{12} → [0-9a-f]{40}/,
      (test) => test.git(['push', '--quiet', '--force', 'origin', 'HEAD:refs/tags/ready-1']),
    ],
    [
      /ready-1 : refait/,
      (test) => {
        test.git([
          'tag',
          '--force',
          '--annotate',
          '--message',
          'anew',
          'ready-1',
          'ready-1^{commit}',
        ])
        test.git(['push', '--quiet', '--force', 'origin', 'refs/tags/ready-1'])
      },
    ],
  ]
  for (const [pattern, spoil] of cases) {
    const {verdict, observed} = await story(spoil, tagsIntact)
    assert.is(verdict, 'fail')
    assert.match(observed, pattern)
  }
})

history('with records that are not all known, nothing is said', async () => {
  const test = testRepository()
  try {
    const repository = await openRepository(test.clone, {environment: gitEnvironment})
    const records = {runs: [], complete: false}
    assert.is((await mainIntact(repository, records)).verdict, 'unknown')
    assert.is((await tagsIntact(repository, records)).verdict, 'unknown')
  } finally {
    test.close()
  }
})

history.run()
