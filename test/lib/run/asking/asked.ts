// A program that asks one question on its terminal, as a run does, and prints what came of it. For tests
// that sit at it: the words of its only argument say which question.

import {exitWith} from '../../../../scripts/lib/cli/exit.ts'
import type {AttestQuestion} from '../../../../scripts/lib/run/asking/prompt.ts'
import {terminalPrompter} from '../../../../scripts/lib/run/asking/prompt.ts'
import {answerForm} from '../../../../scripts/lib/run/judging/answer-form.ts'

const {kind, lang, now} = JSON.parse(process.argv[2] ?? '{}')
const terminal = {lang, hold: () => () => {}}
let interrupted = false
const prompter = terminalPrompter({
  ...{terminal, operator: 'Nadia Keller'},
  interrupt: () => {
    interrupted = true
  },
  complete: (text) => text.replace('npx zx scripts/incident.ts', 'npx postgate incident --sandbox'),
})
const people = [
  {name: 'Claire Moreau', role: 'Release Manager', address: 'cm@example.org'},
  {name: 'Nadia Keller', role: 'QA Lead', address: 'nk@example.org'},
]
const items = [{name: 'window', title: 'Fenêtre ouverte', parameters: {leaves: '150m'}}]
const base = {
  title: 'Validation métier',
  detail:
    'des utilisateurs de test ont déroulé les parcours critiques jusqu’au bout ; sinon npx zx scripts/incident.ts',
  ...{roles: [], optional: false, people, known: ['Release Manager', 'QA Lead', 'PCA']},
}
const formed = (value?: string, asks = false) =>
  answerForm(
    {parameters: value === undefined ? {} : {value}},
    {items, now: () => new Date(now ?? '2026-01-26T20:00:00Z')},
    {asks},
  )
const questions: Readonly<Record<string, AttestQuestion>> = {
  plain: {...base, ...formed()},
  roles: {...base, ...formed(), roles: ['PCA', 'Release Manager']},
  window: {...base, ...formed('window')},
  optional: {...base, ...formed('window'), optional: true},
  review: {...base, ...formed('review')},
  responsible: {...base, ...formed('responsible')},
  data: {...base, ...formed(undefined, true)},
  nobody: {...base, ...formed(), people: []},
}

await exitWith(async () => {
  const question = questions[kind]
  const answer =
    question === undefined
      ? await prompter.type({
          message: {fr: 'Écrire STAGING', en: 'Type STAGING'},
          expected: 'STAGING',
        })
      : await prompter.attest(question)
  process.stdout.write(`\nGOT ${JSON.stringify(answer)}\n`)
  return answer === null ? (interrupted ? 14 : 4) : 0
})
