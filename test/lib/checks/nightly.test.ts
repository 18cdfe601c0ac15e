// Goal: only whole green cycles of the very code that is released count; silence is unknown.
// Method: the check on a real repository, with runs told one by one.

import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {judgeNightly} from '../../../scripts/lib/checks/nightly-green.ts'
import {problem} from '../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import type {Ci, NightlyRun, RequiredJob} from '../../../scripts/lib/kit/ports/ci.ts'
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
  /** Conclusions by name; with the steps inside where they matter. */
  readonly jobs?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
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
    required: readonly (string | RequiredJob)[] = [],
  ) => {
    const runs = typeof told === 'string' ? [] : told.map((run, index) => runOf(run, index, tagged))
    const ci: Ci = {
      product: 'github',
      requiredJobs: required.map((each) =>
        typeof each === 'string' ? {job: each, steps: []} : each,
      ),
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
    jobs: Object.entries(jobs).map(([name, told]) => ({
      name,
      conclusion: typeof told === 'string' ? told : 'success',
      steps: Object.entries(typeof told === 'string' ? {} : told).map(([step, ended]) => ({
        name: step,
        conclusion: ended,
      })),
    })),
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

scene(
  'a red run of other code blocks nothing, and its green does not count',
  async ({judge, later, documents}) => {
    const red = {hoursAgo: 2, sha: later, conclusion: 'failure'}
    const judgement = await judge([red, {hoursAgo: 7}])
    assert.is(judgement.verdict, 'pass', inLang(judgement.observed, 'en'))
    assert.match(inLang(judgement.observed, 'en'), '1 run of other code')
    assert.is(
      (await judge([red, {hoursAgo: 7, sha: documents, conclusion: 'failure'}])).verdict,
      'fail',
    )
    const green = {hoursAgo: 2, sha: later}
    assert.is((await judge([green, {hoursAgo: 31}], two)).verdict, 'unknown')
    // A required job that other code did not run is not missing here.
    assert.is(
      (await judge([green, {hoursAgo: 7, jobs: {tests: 'success'}}], one, ['tests'])).verdict,
      'pass',
    )
  },
)

scene('a cycle is a day, wherever midnight is', async ({judge}) => {
  // 23:50 and 00:20: one night. 00:20 and 23:50: two, on one date. Late, then on time: two.
  assert.is((await judge([{hoursAgo: 8.6}, {hoursAgo: 9.2}], two)).verdict, 'unknown')
  assert.is((await judge([{hoursAgo: 9.2}, {hoursAgo: 32.6}], two)).verdict, 'pass')
  assert.is((await judge([{hoursAgo: 7}, {hoursAgo: 26}], two)).verdict, 'pass')
  const late = [{hoursAgo: 9.2}, {hoursAgo: 32.6}, {hoursAgo: 57.2}]
  assert.is((await judge(late, {cycles: 3, spanMs: 72 * hour, graceMs: 6 * hour})).verdict, 'pass')
  // A wide grace makes no two cycles of two runs of one night.
  const lax = {...two, graceMs: 20 * hour}
  assert.is((await judge([{hoursAgo: 2}, {hoursAgo: 7}], lax)).verdict, 'unknown')
})

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

scene(
  'jobs of called workflows and matrices, by any name that people give them',
  async ({judge}) => {
    const jobs = {
      ...{
        analyse: 'success',
        'tests (ubuntu-latest, 20)': 'success',
        'tests (ubuntu-latest, 24)': 'success',
      },
      ...{
        'nightly / base (15)': 'success',
        'nightly / base (18)': 'skipped',
        'all (x) / e2e / ui': 'success',
      },
      ...{'tests-of-others': 'skipped', 'tests (unit) / lint': 'success'},
    }
    const verdict = async (...wanted: string[]) =>
      (await judge([{hoursAgo: 7, jobs}], one, wanted)).verdict
    for (const wanted of [
      ...[
        'analyse',
        'tests',
        'tests (ubuntu-latest, 20)',
        'nightly / base (15)',
        'base (15)',
        'all',
      ],
      ...['all / e2e', 'all / e2e / ui', 'e2e / ui', 'ui', 'e2e', 'all (x) / e2e'],
    ])
      assert.is(await verdict(wanted), 'pass', wanted)
    for (const wanted of [
      'base',
      'nightly',
      'nightly / base',
      'base (18)',
      'test',
      'tests (ubuntu',
      'e2e / lint',
      'nightly / ui',
      '20',
    ])
      assert.is(await verdict(wanted), 'fail', wanted)
  },
)

scene('a name that GitHub cut at 100 characters is known by its beginning', async ({judge}) => {
  const cut = (name: string) => `${name.slice(0, 97)}...`
  const long = `tests of ${'every part of the application '.repeat(5)}`
  const matrix = `tests (${'ubuntu-latest, 20, '.repeat(8)})`
  const verdict = async (shown: string, wanted: string) =>
    (await judge([{hoursAgo: 7, jobs: {[shown]: 'success', more: 'success'}}], one, [wanted]))
      .verdict
  for (const [shown, wanted] of [
    [cut(matrix), 'tests'],
    [cut(matrix), matrix],
    [cut(long), long],
    [cut(`${long} (20)`), long],
    [`nightly / ${cut(matrix)}`, 'nightly / tests'],
  ] as const)
    assert.is(await verdict(shown, wanted), 'pass', `${shown}: ${wanted}`)
  for (const [shown, wanted] of [
    [cut(matrix), 'test'],
    [cut(long), 'tests'],
    [cut(long), 'tests of nothing'],
    // Not cut: its people called it so.
    ['tests (20...', 'tests'],
  ] as const)
    assert.is(await verdict(shown, wanted), 'fail', `${shown}: ${wanted}`)
})

scene('two jobs of one name are two: the skipped one is seen', async ({judge}) => {
  const [run] = [{hoursAgo: 7, jobs: {tests: 'success', other: 'success', more: 'success'}}]
  assert.is((await judge([run], one, ['tests'])).verdict, 'pass')
  const twice = {...run, jobs: {...run.jobs, 'a / tests': 'skipped'}}
  assert.is((await judge([twice], one, ['tests'])).verdict, 'fail')
})

scene(
  'a required step inside a green job has to have run, in every one of its matrix',
  async ({judge}) => {
    const required = [{job: 'tests', steps: ['Tests de base', 'npm run test:db']}]
    const steps = {
      'Set up job': 'success',
      'Tests de base': 'success',
      'Run npm run test:db': 'success',
    }
    const verdict = async (...of: Readonly<Record<string, string>>[]) => {
      const jobs = Object.fromEntries(of.map((each, index) => [`tests (${index})`, each]))
      const judgement = await judge(
        [{hoursAgo: 7, jobs: {...jobs, other: 'success'}}],
        one,
        required,
      )
      return [judgement.verdict, inLang(judgement.observed, 'en')] as const
    }
    assert.is((await verdict(steps, steps))[0], 'pass')
    const [skipped, said] = await verdict(steps, {...steps, 'Tests de base': 'skipped'})
    assert.is(skipped, 'fail')
    assert.match(said, 'tests (1) › Tests de base (skipped, 100)')
    const [missing, lacks] = await verdict({'Tests de base': 'success'})
    assert.is(missing, 'fail')
    assert.match(lacks, 'npm run test:db (missing')
    assert.is((await verdict({}))[0], 'fail')
  },
)

scene(
  'a nightly that skipped itself is no red and no cycle, and that is explained',
  async ({judge}) => {
    const whole = {look: 'success', tests: 'success', base: 'success', 'tell-of-failure': 'skipped'}
    const idle = {look: 'success', tests: 'skipped', base: 'skipped', 'tell-of-failure': 'skipped'}
    for (const required of [[], ['tests', 'base']])
      for (const night of [
        {hoursAgo: 7, jobs: idle},
        {hoursAgo: 7, conclusion: 'skipped', jobs: {tests: 'skipped'}},
      ]) {
        const judgement = await judge([night, {hoursAgo: 29.5, jobs: whole}], two, required)
        assert.is(judgement.verdict, 'unknown', `${required}`)
        assert.is(judgement.attestable, undefined)
        assert.match(inLang(judgement.observed, 'en'), '1 green cycle of 2')
        assert.match(
          inLang(judgement.observed, 'en'),
          '1 run without the tests: the nightly skipped itself',
        )
        assert.match(inLang(judgement.next ?? '', 'en'), 'without new commits too')
      }
    // What ran whole the night before still counts, as long as it is not too old.
    const rested = [
      {hoursAgo: 7, jobs: idle},
      {hoursAgo: 29.5, jobs: whole},
    ]
    assert.is((await judge(rested, one, ['tests'])).verdict, 'pass')
    // A job for failures is skipped in every green run; and one that lost its secrets did not skip itself.
    assert.is(
      (await judge([{hoursAgo: 7, jobs: {tests: 'success', tell: 'skipped'}}])).verdict,
      'pass',
    )
    const lost = {...whole, base: 'skipped'}
    assert.is((await judge([{hoursAgo: 7, jobs: lost}], one, ['tests', 'base'])).verdict, 'fail')
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
