// Goal: only whole green cycles of the very code that is released count; silence is unknown.
// Method: the check on a real repository, with runs told one by one.

import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {judgeNightly} from '../../../scripts/lib/checks/nightly-green.ts'
import {problem} from '../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import type {Ci, NightlyRun} from '../../../scripts/lib/kit/ports/ci.ts'
import {openRepository} from '../../../scripts/lib/store/git/open-repository.ts'
import {testContext} from '../../helpers/context.ts'
import {gitEnvironment, testRepository} from '../../helpers/repository.ts'
import {testProject, testWorld} from '../../helpers/world.ts'

const nightly = suite('nightly')

const hour = 3_600_000
const now = new Date('2026-01-23T09:00:00Z')
const one = {cycles: 1, spanMs: 24 * hour, graceMs: 6 * hour}
const two = {cycles: 2, spanMs: 48 * hour, graceMs: 6 * hour}

interface Told {
  readonly hoursAgo: number
  readonly sha?: string
  readonly conclusion?: string | null
  readonly jobs?: Readonly<Record<string, string>>
}

async function open() {
  const test = testRepository({'lib/app.dart': 'one\n', 'docs/a.md': 'a\n'})
  const tagged = test.commit({'lib/app.dart': 'two\n'}, 'Code')
  const documents = test.commit({'docs/a.md': 'b\n'}, 'Documents only')
  const later = test.commit({'lib/app.dart': 'three\n'}, 'More code')
  test.push()
  const world = {
    ...testWorld({project: test.clone, cache: join(test.folder, 'cache'), now}),
    repository: await openRepository(test.clone, {environment: gitEnvironment}),
    bundle: test.folder,
  }
  const judge = (
    told: readonly Told[] | 'silent' | 'none',
    rule = one,
    requiredJobs: string[] = [],
  ) => {
    const runs = typeof told === 'string' ? [] : told.map((run, index) => runOf(run, index, tagged))
    const ci: Ci = {
      product: 'github',
      requiredJobs,
      link: 'https://ci.example',
      issues: async () => null,
      nightlyRuns: async ({since}) => {
        if (told === 'silent') throw problem({what: 'no token', exit: 3})
        return runs.filter(({at}) => Date.parse(at) >= +since)
      },
    }
    const {context} = testContext({
      world,
      project: testProject(),
      commit: tagged,
      adapters: {ci: async () => (told === 'none' ? null : ci)},
    })
    return judgeNightly(context, rule)
  }
  return {test, judge, tagged, documents, later}
}

function runOf(
  {hoursAgo, sha, conclusion = 'success', jobs = {}}: Told,
  index: number,
  tagged: string,
): NightlyRun {
  const at = new Date(+now - hoursAgo * hour).toISOString()
  return {
    id: String(100 + index),
    at,
    finishedAt: at,
    conclusion,
    attempt: 1,
    sha: sha ?? tagged,
    link: `https://ci.example/${index}`,
    jobs,
  }
}

type Scene = Awaited<ReturnType<typeof open>>
const scene = (name: string, body: (scene: Scene) => Promise<void>) =>
  nightly(name, async () => {
    const opened = await open()
    try {
      await body(opened)
    } finally {
      opened.test.close()
    }
  })

scene(
  'one green run of the tag’s commit is one cycle, kept as a fact with its link',
  async ({judge}) => {
    const judgement = await judge([{hoursAgo: 7}])
    assert.is(judgement.verdict, 'pass', inLang(judgement.observed, 'en'))
    assert.match(JSON.stringify(judgement.facts), /ci\.example\/0/)
    assert.is(judgement.evidence?.length, 1)
  },
)

scene(
  'a run of a commit that changes only documents tested the same code',
  async ({judge, documents}) => {
    assert.is((await judge([{hoursAgo: 7, sha: documents}])).verdict, 'pass')
  },
)

scene(
  'a run of later code, or of a commit nobody knows, does not count',
  async ({judge, later}) => {
    assert.is((await judge([{hoursAgo: 7, sha: later}])).verdict, 'unknown')
    assert.is((await judge([{hoursAgo: 7, sha: 'd'.repeat(40)}])).verdict, 'unknown')
  },
)

scene('a red run fails even between green ones; a cancelled one is no success', async ({judge}) => {
  const runs = [{hoursAgo: 2}, {hoursAgo: 12, conclusion: 'failure'}, {hoursAgo: 26}]
  assert.is((await judge(runs, two)).verdict, 'fail')
  assert.is((await judge([{hoursAgo: 2}, {hoursAgo: 9, conclusion: 'cancelled'}])).verdict, 'fail')
})

scene(
  'no run, or only one that is going on, is unknown and not for a person to wave through',
  async ({judge}) => {
    for (const runs of [[], [{hoursAgo: 1, conclusion: null}]]) {
      const judgement = await judge(runs)
      assert.is(judgement.verdict, 'unknown')
      assert.is(judgement.attestable, undefined)
    }
  },
)

scene('two cycles need two days; two runs of one day are one', async ({judge}) => {
  assert.is((await judge([{hoursAgo: 7}, {hoursAgo: 31}], two)).verdict, 'pass')
  assert.is((await judge([{hoursAgo: 2}, {hoursAgo: 7}], two)).verdict, 'unknown')
})

scene(
  'the newest one may be a day and the grace old, not more; and so the gap between two',
  async ({judge}) => {
    assert.is((await judge([{hoursAgo: 29}])).verdict, 'pass')
    assert.is((await judge([{hoursAgo: 31}, {hoursAgo: 50}], two)).verdict, 'unknown')
    assert.is((await judge([{hoursAgo: 10}, {hoursAgo: 45}], two)).verdict, 'unknown')
  },
)

scene(
  'required jobs that were skipped or are missing make a green nightly fail',
  async ({judge}) => {
    const all = {analyse: 'success', 'tests (20)': 'success', 'nightly / base': 'success'}
    const wanted = ['analyse', 'tests', 'base']
    assert.is((await judge([{hoursAgo: 7, jobs: all}], one, wanted)).verdict, 'pass')
    const skipped = await judge(
      [{hoursAgo: 7, jobs: {...all, 'nightly / base': 'skipped'}}],
      one,
      wanted,
    )
    assert.is(skipped.verdict, 'fail')
    assert.match(inLang(skipped.observed, 'en'), /base.*skipped/)
    assert.is((await judge([{hoursAgo: 7, jobs: {}}], one, wanted)).verdict, 'fail')
  },
)

scene('without an answer or an adapter a person may look and attest', async ({judge}) => {
  for (const told of ['silent', 'none'] as const) {
    const judgement = await judge(told)
    assert.is(judgement.verdict, 'unknown')
    assert.ok(judgement.attestable)
  }
})

nightly.run()
