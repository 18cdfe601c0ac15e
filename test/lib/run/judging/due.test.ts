// Goal: what falls due in the watch is asked at its time, once, beside the watch; a refusal ends it.
// Method: the items of a phase, a person who answers when told to, and a clock that the test moves.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {EventBody} from '../../../../scripts/lib/domain/event.ts'
import {fold} from '../../../../scripts/lib/domain/fold.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import {createMask} from '../../../../scripts/lib/guard/mask.ts'
import {type PolicyPhase, readRunbook} from '../../../../scripts/lib/policy/runbook.ts'
import {type Answer, type Answers, noAnswers} from '../../../../scripts/lib/run/asking/answers.ts'
import {
  type AttestQuestion,
  type Prompter,
  unattendedPrompter,
} from '../../../../scripts/lib/run/asking/prompt.ts'
import {type DueItems, dueItems, tooEarly} from '../../../../scripts/lib/run/judging/due.ts'
import {liveRun} from '../../../../scripts/lib/run/opening/live-run.ts'
import type {Running} from '../../../../scripts/lib/run/running.ts'
import {temporaryFolder} from '../../../helpers/folder.ts'
import {testProject, testWorld} from '../../../helpers/world.ts'
import {journal, started} from '../story.ts'

const due = suite('items with a time of their own')

const runbook = `# Essai

## Phase 1 : Surveillance (READ-ONLY)

- [ ] **Ordinaire** : rien ne presse.
- [ ] **Logs** : lus. <!-- attest: at=30m -->
- [ ] **Alertes** : relevées. <!-- attest: at=30m -->
- [ ] **Bilan** : fait. <!-- attest: at=2h -->
`

const deployedAt = Date.parse('2026-01-23T09:00:01Z')
const yes: Answer = {by: {role: 'QA', name: 'Ada'}, answer: 'yes', observed: 'rien de neuf'}

interface Scene {
  readonly items: DueItems
  readonly phase: PolicyPhase
  readonly running: Running
  readonly moveTo: (minutes: number) => void
  /** Titles of the questions that were asked. */
  readonly asked: readonly string[]
  /** Answers the question that is open. */
  readonly answer: (answer: Answer | null) => Promise<void>
  readonly verdicts: () => Record<string, string>
}

async function scene(
  {interactive = true, answers = noAnswers}: {interactive?: boolean; answers?: Answers},
  play: (scene: Scene) => Promise<void>,
): Promise<void> {
  const folder = temporaryFolder()
  let now = deployedAt
  const {phases} = await readRunbook(runbook, 'runbooks/essai.md')
  const [phase] = phases
  if (phase === undefined) throw new Error('no phase')
  const lines: EventBody[] = [
    started('production'),
    {type: 'step-intended', phase: 'p', step: 'deploy', attempt: 1, effects: []},
  ]
  const events = () => journal('2026-01-23T09:00:00Z', lines)
  const asked: string[] = []
  let open: ((answer: Answer | null) => void) | null = null
  const person: Prompter = {
    ...unattendedPrompter,
    interactive: true,
    attest: ({title, signal, meanwhile}: AttestQuestion) => {
      assert.ok(meanwhile, 'asked beside the watch')
      asked.push(title)
      return new Promise((resolve) => {
        open = resolve
        signal?.addEventListener('abort', () => resolve(null))
      })
    },
  }
  const quiet = () => {}
  const terminal = {doing: quiet, outcome: quiet, warn: quiet, progress: quiet, heading: quiet}
  const written: object = {
    head: () => ({hash: '', count: 0}),
    text: () => '',
    events,
    append: (event: EventBody) => {
      lines.push(event)
      return events().at(-1)
    },
  }
  const world = testWorld({project: folder.path, cache: folder.path})
  const rest = {phases, prerequisites: [], abort: []}
  const session = {
    ...{scenario: 'production', environment: 'production', readOnly: false, terminal},
    world: {...world, clock: {now: () => new Date(now), wait: async () => {}}},
    project: testProject(),
    runbook: {path: 'runbooks/essai.md', items: phases.flatMap((each) => each.items), ...rest},
    policy: {file: async () => ({source: '', path: 'runbooks/decision.md'})},
    mask: createMask([]),
    catalogue: {checks: {}},
  }
  const running: Running = Object.assign(JSON.parse('{}'), {
    session,
    run: liveRun(
      Object.assign(JSON.parse('{}'), written),
      Object.assign(JSON.parse('{}'), terminal),
    ),
    answers,
    prompter: interactive ? person : unattendedPrompter,
    guard: {environment: {}},
    signal: new AbortController().signal,
  })
  const items = dueItems(running, phase)
  try {
    await play({
      items,
      phase,
      running,
      asked,
      moveTo: (minutes) => {
        now = deployedAt + minutes * 60_000
      },
      answer: async (answer) => {
        await until(() => open !== null)
        open?.(answer)
        open = null
        await items.answered()
      },
      verdicts: () =>
        Object.fromEntries(
          [...fold(events()).items.values()].map(({title, verdict}) => [title, verdict]),
        ),
    })
  } finally {
    await items.close()
    folder.remove()
  }
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 60_000
  while (!holds()) {
    if (Date.now() > end) throw new Error('it never came')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

due('are asked at their time, one after the other, while the watch goes on', () =>
  scene({}, async ({items, asked, moveTo, answer, verdicts}) => {
    moveTo(29)
    assert.is(await items.look(), null)
    assert.equal(asked, [])
    moveTo(30)
    assert.is(await items.look(), null)
    await until(() => asked.length === 1)
    moveTo(40)
    assert.is(await items.look(), null)
    assert.equal(asked, ['Logs'], 'the second waits for the first')
    await answer(yes)
    assert.is(await items.look(), null)
    await answer(yes)
    assert.equal(asked, ['Logs', 'Alertes'])
    assert.equal(verdicts(), {Logs: 'pass', Alertes: 'pass'})
    assert.is(await items.look(), null)
    assert.is(asked.length, 2)
  }),
)

due('a refusal says why, for the watch to end', () =>
  scene({}, async ({items, moveTo, answer, verdicts}) => {
    moveTo(31)
    await items.look()
    await answer({...yes, answer: 'no', observed: 'erreurs 500 en série'})
    assert.is(inLang((await items.look()) ?? '', 'fr'), 'Logs : erreurs 500 en série')
    assert.equal(verdicts(), {Logs: 'fail'})
  }),
)

due('who answers later is not asked again by the watch', () =>
  scene({}, async ({items, asked, moveTo, answer, verdicts}) => {
    moveTo(31)
    await items.look()
    await answer(null)
    await items.look()
    await answer(yes)
    assert.is(await items.look(), null)
    assert.equal(asked, ['Logs', 'Alertes'])
    assert.equal(verdicts(), {Alertes: 'pass'})
  }),
)

due('a watch that ends takes its question back', () =>
  scene({}, async ({items, asked, moveTo, verdicts}) => {
    moveTo(31)
    await items.look()
    await until(() => asked.length === 1)
    await items.close()
    assert.equal(verdicts(), {})
  }),
)

due('where nobody sits, the watch goes on; what was written down beforehand counts', async () => {
  await scene({interactive: false}, async ({items, moveTo, verdicts}) => {
    moveTo(31)
    assert.is(await items.look(), null)
    assert.equal(verdicts(), {})
  })
  const answers: Answers = {...noAnswers, of: ({title}) => (title === 'Logs' ? yes : undefined)}
  await scene({interactive: false, answers}, async ({items, moveTo, verdicts}) => {
    moveTo(31)
    assert.is(await items.look(), null)
    assert.equal(verdicts(), {Logs: 'pass'})
  })
})

due('none is judged before its time, and the phase says from when', () =>
  scene({}, async ({phase, running, moveTo}) => {
    const [ordinary, logs] = phase.items
    if (ordinary === undefined || logs === undefined) throw new Error('no items')
    assert.is(tooEarly(running, ordinary), null)
    moveTo(10)
    const end = tooEarly(running, logs)
    assert.is(end?.type, 'waiting')
    assert.is(end?.type === 'waiting' && end.earliest, '2026-01-23T09:30:01.000Z')
    moveTo(30)
    assert.is(tooEarly(running, logs), null)
  }),
)

due.run()
