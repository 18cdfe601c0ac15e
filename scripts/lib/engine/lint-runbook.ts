// Proves that a runbook and its scripts agree, before anything runs: every check, step and trigger
// exists, every script step has its item, every value is legal, and nothing forbidden is authorised.

import {DocumentError} from '../documents/document.ts'
import {nearest} from '../documents/nearest.ts'
import {problem} from '../domain/problem.ts'
import type {Text} from '../domain/text.ts'
import type {Catalogue} from './catalogue.ts'
import type {Check, Phase, Step, Trigger} from './definition.ts'
import {classify} from './guard/authorised.ts'
import {forbiddenActs} from './guard/forbidden.ts'
import {guarded, type PolicyItem, type PolicyPhase, type Runbook} from './runbook.ts'

export interface Scripts {
  readonly phases: readonly Phase[]
  readonly rollback: Phase | null
}

interface Finding {
  readonly at: {line: number; column: number}
  readonly reason: string
  readonly rule: string
  readonly expected?: readonly string[]
  readonly note?: string
}

/** All findings of a runbook against the catalogue and the scripts, in the document's order. */
export async function lintRunbook(
  runbook: Runbook,
  catalogue: Catalogue,
  scripts: Scripts,
): Promise<DocumentError[]> {
  const findings = [
    ...(await judgedItems(runbook, catalogue)),
    ...(await stepParameters(runbook, scripts)),
    ...phaseFindings(runbook, scripts),
    ...referenceFindings(runbook, scripts),
    ...riskFindings(runbook),
    ...(await fenceFindings(runbook)),
  ]
  const found = findings.map(
    (finding) => new DocumentError({path: runbook.path, ...finding.at, ...rest(finding)}),
  )
  return [...runbook.problems, ...found].sort((a, b) => a.line - b.line || a.column - b.column)
}

function rest({reason, rule, expected, note}: Finding) {
  return {reason, rule, ...(expected && {expected}), ...(note && {note})}
}

/** The findings as one `Problem` (2), naming each; undefined where there are none. */
export function lintProblem(findings: readonly DocumentError[]) {
  const [first] = findings
  if (first === undefined) return undefined
  const lines = findings.map((each) => `${each.path}:${each.line}:${each.column}: ${each.reason}`)
  const what: Text = {
    fr: `${lines[0]}`,
    en: `${lines[0]}`,
  }
  return problem({
    what,
    ...(lines.length > 1 && {why: lines.slice(1).join('\n')}),
    next: {
      fr: 'corriger le runbook ; tout voir : npx zx scripts/lint.ts',
      en: 'correct the runbook; see all: npx zx scripts/lint.ts',
    },
    exit: 2,
    at: {path: first.path, line: first.line, column: first.column},
  })
}

async function judgedItems(runbook: Runbook, catalogue: Catalogue): Promise<Finding[]> {
  const findings: Finding[] = []
  const judged = [
    ...runbook.prerequisites,
    ...runbook.success,
    ...runbook.abort,
    ...runbook.phases.flatMap(({items}) => items),
  ]
  for (const item of judged) {
    if (item.kind === 'check') findings.push(...(await named(item, catalogue.checks, 'check')))
    if (item.kind === 'trigger')
      findings.push(...(await named(item, catalogue.triggers, 'trigger')))
  }
  return findings
}

async function stepParameters(runbook: Runbook, {phases, rollback}: Scripts): Promise<Finding[]> {
  const steps = [...phases, ...(rollback === null ? [] : [rollback])].flatMap((each) => each.steps)
  const items = [...runbook.phases.flatMap((each) => each.items), ...runbook.rollback.items]
  const findings: Finding[] = []
  for (const item of items) {
    const step = item.kind === 'step' ? steps.find(({id}) => id === item.name) : undefined
    if (step !== undefined) {
      findings.push(...(await parameterFindings(item, 'step', step.parameters ?? {})))
    }
  }
  return findings
}

async function named(
  item: PolicyItem,
  known: Readonly<Record<string, () => Promise<Check | Trigger>>>,
  kind: string,
): Promise<Finding[]> {
  const load = Object.hasOwn(known, item.name) ? known[item.name] : undefined
  if (load === undefined) return [unknownName(item, kind, Object.keys(known))]
  return parameterFindings(item, kind, (await load()).parameters)
}

/** Unknown names and illegal values, each where it stands. */
async function parameterFindings(
  item: PolicyItem,
  kind: string,
  shape: Check['parameters'],
): Promise<Finding[]> {
  const {z} = await import('zod')
  const parsed = z.strictObject(shape).safeParse(item.parameters)
  if (parsed.success) return []
  return parsed.error.issues.map((issue) => {
    const key = String(issue.path[0] ?? ('keys' in issue ? issue.keys[0] : ''))
    const legal = Object.keys(shape)
    const place = item.directive?.parameters.get(key)
    return {
      at: place ?? placeOf(item),
      reason: `${kind} ${item.name}: ${key === '' ? '' : `${key}: `}${issue.message}`,
      rule: 'parameter',
      expected: legal,
    }
  })
}

function unknownName(item: PolicyItem, kind: string, known: readonly string[]): Finding {
  const meant = nearest(item.name, known, 4)
  return {
    at: placeOf(item),
    reason: `unknown ${kind} "${item.name}"${meant === undefined ? '' : `; did you mean "${meant}"?`} (known: ${[...known].sort().join(', ')})`,
    rule: `unknown-${kind}`,
    expected: known,
  }
}

const placeOf = (item: PolicyItem) =>
  item.directive?.position ?? {line: item.line, column: item.column}

function phaseFindings(runbook: Runbook, {phases, rollback}: Scripts): Finding[] {
  const findings: Finding[] = []
  const numbers = new Set(phases.map(({number}) => number))
  for (const {number, title, line} of runbook.phases) {
    if (!numbers.has(number))
      findings.push({
        at: {line, column: 1},
        reason: `phase ${number} (${title}) has no script`,
        rule: 'phase',
      })
  }
  for (const phase of phases) {
    const written = runbook.phases.find(({number}) => number === phase.number)
    if (written === undefined) {
      findings.push({
        at: {line: 1, column: 1},
        reason: `no heading "Phase ${phase.number} : … (${phase.mode})" for the script ${phase.id}`,
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

function modeFindings(phase: Phase, written: PolicyPhase): Finding[] {
  const at = {line: written.line, column: 1}
  if (written.mode === null)
    return [
      {at, reason: `phase ${written.number} says neither (READ-ONLY) nor (EXÉCUTIF)`, rule: 'mode'},
    ]
  if (phase.mode === 'EXECUTIVE' && written.mode === 'READ-ONLY') {
    return [
      {
        at,
        reason: `phase ${written.number} acts on the environment; its heading cannot say READ-ONLY`,
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
): Finding[] {
  const findings: Finding[] = []
  const ids = steps.map(({id}) => id)
  const listed = items.filter(({kind}) => kind === 'step')
  for (const item of listed)
    if (!ids.includes(item.name)) findings.push(unknownName(item, 'step', ids))
  for (const id of ids) {
    if (!listed.some(({name}) => name === id)) {
      findings.push({
        at: {line: place.line, column: 1},
        reason: `the step ${id} of ${place.id} has no item here`,
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
      at: placeOf(item),
      reason: `the step ${item.name} stands in another order than in its script (${ids.join(', ')}), or twice`,
      rule: 'step-order',
    })
  return findings
}

/** Names inside parameters: `step-failed step=build`, `step-passed steps="a,b"`. */
function referenceFindings(runbook: Runbook, {phases, rollback}: Scripts): Finding[] {
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
          at: place ?? placeOf(item),
          reason: `unknown step "${name}" (known: ${ids.join(', ')})`,
          rule: 'unknown-step',
        }))
    }),
  )
}

function riskFindings(runbook: Runbook): Finding[] {
  const ids = new Set(allItems(runbook).map(({name}) => name))
  return runbook.risks.rows.flatMap(({mitigatedBy, line, cells}): Finding[] => {
    const at = {line, column: 1}
    if (mitigatedBy.length === 0)
      return [
        {
          at,
          reason: `nothing mitigates the risk "${cells[0] ?? ''}"`,
          rule: 'risk',
          note: 'name checks, steps or triggers: <!-- risk: build, rollback -->',
        },
      ]
    return mitigatedBy
      .filter((name) => !ids.has(name) && name !== 'rollback')
      .map((name) => ({
        at,
        reason: `the risk names "${name}", which no item of this runbook has`,
        rule: 'risk',
      }))
  })
}

export const allItems = (runbook: Runbook): readonly PolicyItem[] => [
  ...runbook.prerequisites,
  ...runbook.phases.flatMap(({items}) => items),
  ...runbook.success,
  ...runbook.abort,
  ...runbook.rollback.items,
]

async function fenceFindings(runbook: Runbook): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const fence of [
    ...runbook.phases.flatMap(({fences}) => fences),
    ...runbook.rollback.fences,
  ]) {
    if (!['bash', 'sh', 'shell'].includes(fence.language)) continue
    const listed = await classify(guarded(fence, runbook.path))
    for (const {text, line} of listed) {
      for (const act of await forbiddenActs(text, {placeholders: true})) {
        findings.push({
          at: {line, column: 1},
          reason: `forbidden (${act.rule}): ${typeof act.why === 'string' ? act.why : act.why.en}`,
          rule: act.rule,
        })
      }
    }
  }
  return findings
}
