// Goal: what somebody elsewhere does while people are asked here counts at once; nobody is asked for what
// the machine refuses. Method: items of a runbook, a check that changes its mind, a person who answers.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {EventBody} from '../../../../scripts/lib/domain/event.ts'
import {fold} from '../../../../scripts/lib/domain/fold.ts'
import {fail, type Judgement, pass, unknown} from '../../../../scripts/lib/domain/verdict.ts'
import {createMask} from '../../../../scripts/lib/guard/mask.ts'
import {check} from '../../../../scripts/lib/kit/definition.ts'
import {readRunbook} from '../../../../scripts/lib/policy/runbook.ts'
import {noAnswers} from '../../../../scripts/lib/run/asking/answers.ts'
import {type Prompter, unattendedPrompter} from '../../../../scripts/lib/run/asking/prompt.ts'
import {endOfItems, judgeItems} from '../../../../scripts/lib/run/judging/judge-items.ts'
import {liveRun} from '../../../../scripts/lib/run/opening/live-run.ts'
import type {Running} from '../../../../scripts/lib/run/running.ts'
import {temporaryFolder} from '../../../helpers/folder.ts'
import {testProject, testWorld} from '../../../helpers/world.ts'
import {journal, started} from '../story.ts'

const items = suite('items while people are asked')

const runbook = `# Essai

## Pré-requis

- [ ] **Autorisation** : signée. <!-- check: signed -->
- [ ] **Utilisateurs notifiés** : par courriel.
`

interface Played {
  readonly asked: readonly string[]
  readonly verdicts: Record<string, string>
  readonly end: string
  readonly looks: number
}

/** `looks`: what the check says, one time after the other; the last one stays. */
async function play(looks: readonly Judgement[]): Promise<Played> {
  const folder = temporaryFolder()
  const {prerequisites} = await readRunbook(runbook, 'runbooks/essai.md')
  const lines: EventBody[] = [started('production')]
  const events = () => journal('2026-01-23T09:00:00Z', lines)
  const asked: string[] = []
  let looked = 0
  const signed = check({
    name: 'signed',
    describe: {fr: 'essai', en: 'test'},
    parameters: {},
    mayAsk: () => null,
    judge: async () => {
      looked += 1
      return looks[Math.min(looked, looks.length) - 1] ?? pass('')
    },
  })
  const person: Prompter = {
    ...unattendedPrompter,
    interactive: true,
    attest: async ({title}) => {
      asked.push(title)
      return {by: {role: 'PCA', name: 'Ada'}, answer: 'yes', observed: 'courriel envoyé à tous'}
    },
  }
  const quiet = () => {}
  const terminal = {doing: quiet, outcome: quiet, warn: quiet, progress: quiet, heading: quiet}
  const written: object = {
    head: () => ({hash: '', count: 0}),
    events,
    append: (event: EventBody) => {
      lines.push(event)
      return events().at(-1)
    },
  }
  const session = {
    ...{scenario: 'production', environment: 'production', readOnly: false, terminal},
    world: testWorld({project: folder.path, cache: folder.path}),
    project: testProject(),
    runbook: {
      path: 'runbooks/essai.md',
      items: prerequisites,
      prerequisites,
      phases: [],
      abort: [],
    },
    policy: {file: async () => ({source: '', path: 'runbooks/decision.md'})},
    mask: createMask([]),
    catalogue: {checks: {signed: async () => signed}},
  }
  const running: Running = Object.assign(JSON.parse('{}'), {
    session,
    run: liveRun(
      Object.assign(JSON.parse('{}'), written),
      Object.assign(JSON.parse('{}'), terminal),
    ),
    ...{answers: noAnswers, prompter: person, guard: {environment: {}}},
    signal: new AbortController().signal,
  })
  try {
    const found = await judgeItems(running, prerequisites, {fences: [], step: 'prerequisites'})
    const judged = [...fold(events()).items.values()]
    return {
      asked,
      verdicts: Object.fromEntries(judged.map(({title, verdict}) => [title, verdict])),
      end: endOfItems(found).type,
      looks: looked,
    }
  } finally {
    folder.remove()
  }
}

const missing = unknown('aucune approbation signée', {awaited: true})

items(
  'an approval that arrives while questions are answered is seen, and the run goes on',
  async () => {
    assert.equal(await play([missing, pass('signé par Paul Lemaire')]), {
      asked: ['Utilisateurs notifiés'],
      verdicts: {Autorisation: 'pass', 'Utilisateurs notifiés': 'pass'},
      ...{end: 'passed', looks: 2},
    })
  },
)

items('one that does not arrive holds the run up, with the answers kept', async () => {
  const {verdicts, end, looks} = await play([missing])
  assert.equal(verdicts, {Autorisation: 'unknown', 'Utilisateurs notifiés': 'pass'})
  assert.equal([end, looks], ['blocked', 2])
})

items('one that turns out to be refused is a refusal', async () => {
  const {verdicts, end} = await play([missing, fail('la clé est révoquée')])
  assert.is(verdicts.Autorisation, 'fail')
  assert.is(end, 'blocked')
})

items('nobody is asked where the machine refuses anyway', async () => {
  assert.equal(await play([fail('la clé est révoquée')]), {
    asked: [],
    verdicts: {Autorisation: 'fail'},
    ...{end: 'blocked', looks: 1},
  })
})

items.run()
