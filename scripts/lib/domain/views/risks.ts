// Risks are alive: for each row of the runbook's table, which evidence of this run covered it, and what
// of it remains.

import type {RunState} from '../run.ts'
import type {Risk, RunbookData} from './input.ts'
import {outcomeOf, stepOf} from './outcomes.ts'
import {verdictName} from './words.ts'

type Standing = {readonly label: string; readonly state: 'covered' | 'open' | 'idle'}

/** One row for each risk. `idle` mitigations (a rollback that was not needed) neither cover nor remain. */
export function riskRows(state: RunState, runbook: RunbookData) {
  return runbook.risks.map((risk) => riskRow(state, runbook, risk))
}

function riskRow(state: RunState, runbook: RunbookData, {cells, mitigatedBy}: Risk) {
  const standings = mitigatedBy.flatMap((id) => standing(state, runbook, id))
  const of = (wanted: Standing['state']) =>
    standings.filter((one) => one.state === wanted).map(({label}) => label)
  const covered = of('covered')
  const open = of('open')
  const [risk = '', probability = '', impact = '', mitigation = ''] = cells
  return {
    risk,
    probability,
    impact,
    mitigation,
    status: statusOf(covered.length, open.length, of('idle').length),
    covered: covered.join('\n'),
    remains: [...open, ...of('idle')].join('\n'),
  }
}

function statusOf(covered: number, open: number, idle: number): string {
  if (open > 0) return covered > 0 ? '⚠️ couvert en partie' : '❌ non couvert'
  if (covered > 0) return '✅ couvert'
  return idle > 0 ? '👁️ surveillé' : '❔ sans preuve'
}

function standing(state: RunState, runbook: RunbookData, id: string): Standing[] {
  const items = runbook.items.filter(({name}) => name === id)
  if (items.length === 0) {
    const step = stepOf(state, id)
    if (step?.verdict === 'pass') return [{label: `${id} : conforme`, state: 'covered'}]
    return [{label: `${id} : sans preuve dans cette exécution`, state: 'open'}]
  }
  return items.map((item) => {
    const outcome = outcomeOf(state, item)
    if (item.kind === 'trigger') {
      return outcome?.verdict === 'fail'
        ? {label: `${item.title} : déclenché, ${outcome.observed}`, state: 'covered'}
        : {label: `${item.title} : armé, non déclenché`, state: 'idle'}
    }
    if (item.section === 'rollback' && outcome === undefined && state.rollback === null)
      return {label: `${item.title} : prêt, pas nécessaire`, state: 'idle'}
    if (outcome === undefined) return {label: `${item.title} : pas atteint`, state: 'open'}
    const {verdict, observed} = outcome
    return {
      label: `${item.title} : ${verdictName[verdict]}, ${observed}`,
      state: verdict === 'pass' ? 'covered' : verdict === 'not-applicable' ? 'idle' : 'open',
    }
  })
}
