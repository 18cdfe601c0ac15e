// Phases and steps: each of the scripts' has its heading or item in the runbook, in the same order, and
// the other way round.

import type {Phase, Scripts, Step} from '../kit/definition.ts'
import type {PolicyItem, PolicyPhase, Runbook} from '../policy/runbook.ts'
import {itemPlace, type LintFinding, unknownName, unknownWord} from './finding.ts'

export function phaseFindings(runbook: Runbook, {phases, rollback}: Scripts): LintFinding[] {
  const findings: LintFinding[] = []
  const numbers = new Set(phases.map(({number}) => number))
  for (const {number, title, line} of runbook.phases) {
    if (!numbers.has(number))
      findings.push({
        at: {line, column: 1},
        reason: {
          fr: `la phase ${number} (${title}) n’a pas de script`,
          en: `phase ${number} (${title}) has no script`,
        },
        rule: 'phase',
      })
  }
  for (const phase of phases) {
    const written = runbook.phases.find(({number}) => number === phase.number)
    if (written === undefined) {
      findings.push({
        at: {line: 1, column: 1},
        reason: {
          fr: `aucun titre « Phase ${phase.number} : … (${modeWords[phase.mode].fr}) » pour le script ${phase.id}`,
          en: `no heading "Phase ${phase.number}: … (${modeWords[phase.mode].en})" for the script ${phase.id}`,
        },
        rule: 'phase',
      })
      continue
    }
    findings.push(
      ...modeFindings(phase, written),
      ...stepFindings(phase.steps, written.items, {id: phase.id, line: written.line}),
    )
  }
  if (rollback !== null) {
    findings.push(
      ...stepFindings(rollback.steps, runbook.rollback.items, {
        id: 'rollback',
        line: runbook.rollback.items[0]?.line ?? 1,
      }),
    )
  }
  return findings
}

/** As a heading says it. */
const modeWords = {
  'READ-ONLY': {fr: 'READ-ONLY', en: 'READ-ONLY'},
  EXECUTIVE: {fr: 'EXÉCUTIF', en: 'EXECUTIVE'},
}

function modeFindings(phase: Phase, written: PolicyPhase): LintFinding[] {
  const at = {line: written.line, column: 1}
  if (written.mode === null)
    return [
      {
        at,
        reason: {
          fr: `la phase ${written.number} ne dit ni (READ-ONLY) ni (EXÉCUTIF)`,
          en: `phase ${written.number} says neither (READ-ONLY) nor (EXECUTIVE)`,
        },
        rule: 'mode',
      },
    ]
  if (phase.mode === 'EXECUTIVE' && written.mode === 'READ-ONLY') {
    return [
      {
        at,
        reason: {
          fr: `la phase ${written.number} agit sur l’environnement ; son titre ne peut pas dire READ-ONLY`,
          en: `phase ${written.number} acts on the environment; its heading cannot say READ-ONLY`,
        },
        rule: 'mode',
      },
    ]
  }
  return []
}

function stepFindings(
  steps: readonly Step[],
  items: readonly PolicyItem[],
  place: {id: string; line: number},
): LintFinding[] {
  const findings: LintFinding[] = []
  const ids = steps.map(({id}) => id)
  const listed = items.filter(({kind}) => kind === 'step')
  for (const item of listed)
    if (!ids.includes(item.name)) findings.push(unknownName(item, 'step', ids))
  for (const id of ids) {
    if (!listed.some(({name}) => name === id)) {
      findings.push({
        at: {line: place.line, column: 1},
        reason: {
          fr: `l’étape ${id} de ${place.id} n’a pas de point ici`,
          en: `the step ${id} of ${place.id} has no item here`,
        },
        rule: 'step-without-item',
      })
    }
  }
  const order = listed.map(({name}) => ids.indexOf(name)).filter((index) => index >= 0)
  const wrong = order.findIndex(
    (index, position) => position > 0 && index <= (order[position - 1] ?? -1),
  )
  const item = wrong < 0 ? undefined : listed[wrong]
  if (item !== undefined)
    findings.push({
      at: itemPlace(item),
      reason: {
        fr: `l’étape ${item.name} n’est pas dans l’ordre de son script (${ids.join(', ')}), ou figure deux fois`,
        en: `the step ${item.name} stands in another order than in its script (${ids.join(', ')}), or twice`,
      },
      rule: 'step-order',
    })
  return findings
}

/** Names inside parameters: `step-failed step=build`, `step-passed steps="a,b"`. */
export function referenceFindings(runbook: Runbook, {phases, rollback}: Scripts): LintFinding[] {
  const ids = [...phases, ...(rollback === null ? [] : [rollback])].flatMap(({steps}) =>
    steps.map(({id}) => id),
  )
  return [...runbook.abort, ...runbook.success].flatMap((item) =>
    ['step', 'steps'].flatMap((key) => {
      const place = item.directive?.parameters.get(key)
      const names = place?.value.split(',').map((name) => name.trim()) ?? []
      return names
        .filter((name) => !ids.includes(name))
        .map((name) => ({
          at: place ?? itemPlace(item),
          ...unknownWord(name, 'step', ids),
        }))
    }),
  )
}
