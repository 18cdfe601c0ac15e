// Goal: an answer about a moment that came well after it says so, wherever answers are listed.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {documentNames} from '../../../scripts/lib/domain/document-names.ts'
import {fold} from '../../../scripts/lib/domain/fold.ts'
import type {RunbookItem} from '../../../scripts/lib/domain/views/input.ts'
import {approvalsSection} from '../../../scripts/lib/domain/views/report-facts.ts'
import {director, fact, journal, judged, started} from '../run/story.ts'

const late = suite('late answers')

const at = '2026-01-23T09:00:00.000Z'

/** When the report says that it was answered, so many minutes behind the deployment. */
function told(minutes: number, due: string | undefined): string {
  const deployment = {id: 'd', url: 'https://a', version: '1', manifest: null, at}
  const state = fold(
    journal(at, [
      started('production'),
      fact('deployment', deployment),
      {wait: minutes * 60 - 2},
      judged('phase/alertes', 'Alertes utilisateurs', 'aucune', {by: director}),
    ]),
  )
  const item: RunbookItem = {
    section: 'phase',
    kind: 'attest',
    ...{id: 'phase/alertes', title: 'Alertes utilisateurs', name: '', optional: false},
    parameters: due === undefined ? {} : {at: due},
  }
  const runbook = {path: 'runbooks/production.md', title: '', items: [item], risks: []}
  const {answers} = approvalsSection({state, runbook, names: documentNames(state)})
  return answers[0]?.at ?? ''
}

late('say by how much: the half hour’s question, answered at two hours', () => {
  assert.match(told(120, '30m'), /^2026-01-23 11:00:00 UTC, 1 h 30 min après son heure$/)
})

late('a quarter of an hour is still its moment, and without a moment nothing is late', () => {
  assert.is(told(44, '30m'), '2026-01-23 09:44:00 UTC')
  assert.is(told(600, undefined), '2026-01-23 19:00:00 UTC')
})

late.run()
