// Goal: PRODUCTION starts only from a checkpoint that STAGING has held quietly for long enough, with a
// rehearsed way back and no debt. Method: recorded runs told briefly, incidents and documents in real git.

import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {postMortemFilled} from '../../../scripts/lib/checks/post-mortem-filled.ts'
import {rollbackTested} from '../../../scripts/lib/checks/rollback-tested.ts'
import {stagingValidated} from '../../../scripts/lib/checks/staging-validated.ts'
import type {EventBody, RunResult} from '../../../scripts/lib/domain/event.ts'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import type {Judgement} from '../../../scripts/lib/domain/verdict.ts'
import type {Context} from '../../../scripts/lib/kit/context.ts'
import {openRepository} from '../../../scripts/lib/store/git/open-repository.ts'
import {declareIncident} from '../../../scripts/lib/store/records/incidents.ts'
import type {RecordedRun} from '../../../scripts/lib/store/records/records.ts'
import {testContext} from '../../helpers/context.ts'
import {recordOf} from '../../helpers/records.ts'
import {gitEnvironment, testRepository} from '../../helpers/repository.ts'
import {testProject, testWorld} from '../../helpers/world.ts'
import {fact, journal, started} from '../run/story.ts'

const before = suite('before production')

const tag = 'prod-ready-2026-01-23'
const commit = 'a'.repeat(40)
const now = new Date('2026-01-23T09:00:00Z')
const ago = (hours: number) => new Date(+now - hours * 3_600_000).toISOString()

function run(
  hoursAgo: number,
  result: RunResult | null,
  more: {
    kind?: 'scenario' | 'drill'
    commit?: string
    scenario?: 'staging' | 'production'
    lines?: readonly EventBody[]
  } = {},
): RecordedRun {
  const {kind = 'scenario', scenario = 'staging', lines = []} = more
  const id = more.commit ?? commit
  const checkpoint = {tag, tagObject: id, commit: id}
  return recordOf(
    journal(ago(hoursAgo), [
      started(scenario, {run: `${scenario}-${hoursAgo}`, kind, checkpoint}),
      ...lines,
    ]),
    result,
  )
}

async function open() {
  const test = testRepository()
  const repository = await openRepository(test.clone, {environment: gitEnvironment})
  const context = (runs: readonly RecordedRun[], complete = true): Context => {
    const opened = testContext({
      world: {
        ...testWorld({project: test.clone, cache: join(test.folder, 'cache'), now}),
        repository,
      },
      project: testProject(),
      environment: 'production',
      commit,
      tag,
      records: {runs, complete},
    })
    return Object.assign(opened.context, {
      policy: {file: async () => ({source: '## Causes\n\n<!-- à remplir: causes -->\n'})},
    })
  }
  return {test, repository, context}
}

type Scene = Awaited<ReturnType<typeof open>>
const scene = (name: string, body: (scene: Scene) => Promise<void>) =>
  before(name, async () => {
    const opened = await open()
    try {
      await body(opened)
    } finally {
      opened.test.close()
    }
  })

const is = (judgement: Judgement, verdict: string, text: RegExp) => {
  const said = inLang(judgement.observed, 'en')
  assert.is(judgement.verdict, verdict, said)
  assert.match(said, text)
}
const validated = (context: Context) => stagingValidated.judge(context, {hours: 48})

scene(
  '48 h on STAGING pass; a drill and a second success do not begin them anew',
  async ({context}) => {
    is(await validated(context([run(50, 'succeeded')])), 'pass', /50 h/)
    const runs = [
      run(50, 'succeeded'),
      run(20, 'drill-passed', {kind: 'drill'}),
      run(10, 'succeeded'),
    ]
    is(await validated(context(runs)), 'pass', /50 h/)
  },
)

scene('where only time is missing, the earliest moment is said', async ({context}) => {
  const judgement = await validated(context([run(47, 'succeeded')]))
  is(judgement, 'unknown', /47 h of the 48/)
  assert.is(judgement.earliest, ago(-1))
})

scene(
  'another checkpoint, a rollback, an abandoned run or a failed drill since: not validated',
  async ({context}) => {
    is(await validated(context([])), 'fail', /not the version/)
    is(
      await validated(context([run(50, 'succeeded', {commit: 'b'.repeat(40)})])),
      'fail',
      /not the version/,
    )
    for (const later of [
      'rolled-back',
      'rollback-failed',
      'aborted',
      'drill-failed',
      null,
    ] as const) {
      is(await validated(context([run(50, 'succeeded'), run(5, later)])), 'fail', /not the version/)
    }
    const other = run(5, 'succeeded', {commit: 'b'.repeat(40)})
    is(await validated(context([run(60, 'succeeded'), other])), 'fail', /not the version/)
  },
)

scene(
  'an incident declared on STAGING since then fails; one on PRODUCTION, or before, does not',
  async ({context, repository}) => {
    const incident = {severity: 'minor', by: 'Karim'} as const
    const runs = [run(50, 'succeeded')]
    await declareIncident(repository, {
      ...incident,
      what: 'lent',
      environment: 'production',
      at: ago(2),
    })
    await declareIncident(repository, {
      ...incident,
      what: 'ancien',
      environment: 'staging',
      at: ago(70),
    })
    is(await validated(context(runs)), 'pass', /50 h/)
    await declareIncident(repository, {
      ...incident,
      what: 'stock faux',
      environment: 'staging',
      at: ago(3),
    })
    is(await validated(context(runs)), 'fail', /stock faux \(Karim/)
    const again = [...runs, run(1, 'succeeded')]
    is(await validated(context(again)), 'unknown', /0 h|1 h/)
  },
)

scene('with the remote away STAGING’s past is unknown', async ({context}) => {
  is(await validated(context([run(50, 'succeeded')], false)), 'unknown', /remote/)
})

const tested = (context: Context) => rollbackTested.judge(context, {'max-days': 30})

scene(
  'a drill that passed lately passes; an old or failed one, or none, fails',
  async ({context}) => {
    const drill = (hours: number, result: RunResult) => run(hours, result, {kind: 'drill'})
    is(await tested(context([drill(24, 'drill-passed')])), 'pass', /1 d ago/)
    is(await tested(context([drill(31 * 24, 'drill-passed')])), 'fail', /31 d ago/)
    is(
      await tested(context([drill(48, 'drill-passed'), drill(24, 'drill-failed')])),
      'fail',
      /failed/,
    )
    is(await tested(context([run(24, 'rolled-back')])), 'fail', /no drill/)
    is(await tested(context([], false)), 'unknown', /remote/)
  },
)

const owing = (path: string | null) =>
  run(30, 'rolled-back', {
    scenario: 'production',
    lines: [
      {type: 'rollback-started', kind: 'trigger', why: 'erreurs'},
      {type: 'rollback-finished', result: 'verified', observed: 'ok'},
      fact('document-names', {report: null, postMortem: path, freeze: null, backlog: null}),
    ],
  })

scene(
  'a post-mortem is owed until it is on main with every field filled in',
  async ({context, test}) => {
    const path = 'docs/POST_MORTEM_ROLLBACK_2026_01_22.md'
    const filled = (runs: readonly RecordedRun[]) => postMortemFilled.judge(context(runs), {})
    is(await filled([]), 'pass', /no PRODUCTION rollback/)
    is(await filled([owing(path)]), 'fail', /not on the main branch/)
    test.commit({[path]: '## Causes\n\n<!-- à remplir: causes -->\n_à remplir_\n'})
    test.push()
    is(await filled([owing(path)]), 'fail', /causes/)
    test.commit({[path]: '## Causes\n\n<!-- à remplir: causes -->\nUne migration oubliée.\n'})
    is(await filled([owing(path)]), 'fail', /causes/)
    test.push()
    is(await filled([owing(path)]), 'pass', /1 complete/)
    is(await filled([owing(null)]), 'fail', /no post-mortem was written/)
  },
)

scene('with the remote away no debt is known to be paid', async ({context}) => {
  is(await postMortemFilled.judge(context([], false), {}), 'unknown', /remote/)
})

before.run()
