// Goal: only a person's own "no" refuses; an answer that cannot be used undoes nothing, and blocks.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import {unknown} from '../../../../scripts/lib/domain/verdict.ts'
import {type PolicyItem, readRunbook} from '../../../../scripts/lib/policy/runbook.ts'
import {type Answer, noAnswers} from '../../../../scripts/lib/run/asking/answers.ts'
import {unattendedPrompter} from '../../../../scripts/lib/run/asking/prompt.ts'
import {type Judges, judgeItem} from '../../../../scripts/lib/run/judging/judge.ts'
import {endOfItems, firstRefusal} from '../../../../scripts/lib/run/judging/judge-items.ts'

const answers = suite('answers of people')

const runbook = `# Essai

## Phase 1 : Essai (READ-ONLY)

- [ ] **Raison** : dite. <!-- attest: value=reason roles="PCA,Directeur" -->
`

const good: Answer = {
  by: {role: 'PCA', name: 'Ada'},
  answer: 'yes',
  observed: 'l’inventaire est en cours',
}

/** `before`: what was answered to it earlier in this run. */
async function judged(
  answer: Partial<Answer> | null,
  more: Partial<Judges> = {},
  before?: object,
  of?: string,
) {
  const {phases} = await readRunbook(runbook, 'r.md')
  const item: PolicyItem | undefined = phases[0]?.items[0]
  if (item === undefined) throw new Error('no item')
  const given = answer === null ? undefined : {...good, ...answer}
  const by = {role: 'PCA', name: 'Ada Byron', how: 'declared'}
  const items = new Map(before === undefined ? [] : [[of ?? item.id, {...before, by}]])
  const judges: Judges = {
    context: Object.assign(JSON.parse('{}'), {
      ...{run: () => ({items}), runbook: {items: [item]}},
      ...{world: {clock: {now: () => new Date('2026-01-23T09:00:00Z')}}},
      people: async () => ({people: [{name: 'Ada Byron', role: 'PCA'}], roles: ['PCA']}),
    }),
    catalogue: JSON.parse('{}'),
    answers: {...noAnswers, of: () => given},
    prompter: unattendedPrompter,
    ...more,
  }
  const found = [{item, outcome: await judgeItem(item, judges)}]
  const outcome = found[0]?.outcome
  return {
    by: outcome?.type === 'judged' ? outcome.by : null,
    declares: outcome?.type === 'judged' ? outcome.judgement.declares : undefined,
    known: outcome?.type === 'judged' && outcome.known === true,
    refused: firstRefusal(found) !== null,
    end: endOfItems(found).type,
    said: inLang(outcome?.judgement.observed ?? '', 'fr'),
  }
}

answers('a good one passes, a no refuses, none is awaited', async () => {
  assert.equal((await judged({})).end, 'passed')
  assert.is((await judged({answer: 'no'})).refused, true)
  const none = await judged(null)
  assert.equal([none.end, none.refused], ['waiting', false])
})

for (const [title, answer, says] of [
  ['of somebody who may not give it', {by: {role: 'Stagiaire', name: 'Léo'}}, /Stagiaire.*PCA/],
  ['of one word', {observed: 'inventaire'}, /une phrase est attendue/],
  [
    'that an item does not apply, where it is not optional',
    {answer: 'not-applicable'},
    /facultatif/,
  ],
] as const) {
  answers(`one ${title} blocks with its reason, and refuses nothing`, async () => {
    const {end, refused, said} = await judged(answer)
    assert.equal([end, refused], ['blocked', false])
    assert.match(said, says)
  })
}

answers(
  'one that was written down blocks with its line, and with the role that was meant',
  async () => {
    const by = {role: 'Diretceur', name: 'Zoé'}
    const {said} = await judged({by, at: 'answers.yaml:7'})
    assert.is(
      said,
      'answers.yaml:7 : « Diretceur » ne peut pas en répondre ; vouliez-vous dire « Directeur » ?',
    )
    const {said: short} = await judged({observed: 'inventaire', at: 'answers.yaml:7'})
    assert.match(short, /^answers\.yaml:7 : .*une phrase est attendue/)
  },
)

answers('a step that asks what to do takes “no” for its answer', async () => {
  const {end, refused, said} = await judged({answer: 'no'}, {asks: true})
  assert.equal([end, refused], ['passed', false])
  assert.is(said, 'non : l’inventaire est en cours')
})

answers('who answered stands as decision.md spells them', async () => {
  const {by} = await judged({by: {role: 'pca', name: 'ada byron'}})
  assert.equal(by, {role: 'PCA', name: 'Ada Byron', how: 'declared'})
  const other = await judged({by: {role: 'Directeur', name: 'Zoé'}})
  assert.equal(other.by, {role: 'Directeur', name: 'Zoé', how: 'declared'})
})

answers('what was answered before stands with its time, and is not asked again', async () => {
  const {known, end} = await judged(null, {}, {verdict: 'pass', observed: 'dite hier à tous'})
  assert.equal([known, end], [true, 'passed'])
})

const noDatabase = unknown('aucune base', {attestable: {declares: 'no-database'}})

answers('one declaration stands for all that asks the same, with who said it', async () => {
  const first = await judged({}, {settles: noDatabase})
  assert.equal([first.end, first.declares], ['passed', 'no-database'])
  const said = {verdict: 'pass', observed: 'application sans base', declares: 'no-database'}
  const second = await judged(null, {settles: noDatabase}, said, 'another')
  assert.equal([second.end, second.said], ['passed', 'application sans base'])
  assert.is(second.by?.name, 'Ada Byron')
  assert.is(
    (await judged(null, {settles: unknown('muet', {attestable: {}})}, said, 'another')).end,
    'waiting',
  )
})

answers('an answers file says it once, under its own name', async () => {
  const of = ({title}: {title: string}) => (title === 'Sans base de données' ? good : undefined)
  const {end} = await judged(null, {settles: noDatabase, answers: {...noAnswers, of}})
  assert.is(end, 'passed')
})

answers.run()
