// Goal: what a person said of the nightly before the start is noted, and they are not asked twice.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import {nightlyReport} from '../../../scripts/lib/steps/checkpoint.ts'
import {testContext} from '../../helpers/context.ts'
import {testProject, testWorld} from '../../helpers/world.ts'

const report = suite('nightly-report')

const item = {id: 'prerequisites/nightly', kind: 'check', name: 'nightly-green'}

async function of(answer: object) {
  const {context} = testContext({
    world: testWorld({project: '/nowhere', cache: '/nowhere'}),
    project: testProject(),
  })
  const items = new Map([[item.id, answer]])
  return nightlyReport(
    Object.assign(context, {run: () => ({items}), runbook: {prerequisites: [item]}}),
  )
}

report('notes a person’s answer, with who gave it', async () => {
  const by = {role: 'QA Lead', name: 'Karim Haddad'}
  const evidence = [{label: 'nightly 12', link: 'https://ci.example.org/12'}]
  const judged = await of({by, verdict: 'pass', observed: 'verte à 2 h', evidence})
  assert.is(judged.verdict, 'pass')
  assert.is(inLang(judged.observed, 'fr'), 'Karim Haddad (QA Lead) : verte à 2 h')
  assert.equal(judged.evidence, evidence)
})

report('asks where no person said it was green, and where no CI was read', async () => {
  const by = {role: 'QA Lead', name: 'Karim Haddad'}
  for (const answer of [
    {by: null, verdict: 'pass', observed: '', evidence: []},
    {by, verdict: 'fail', observed: 'rouge', evidence: []},
  ]) {
    const judged = await of(answer)
    assert.is(judged.verdict, 'unknown')
    assert.ok(judged.attestable)
  }
})

report.run()
