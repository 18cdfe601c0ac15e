// What an item's comment names: a check, a step or a trigger that exists, with legal parameters.

import {nearest} from '../documents/nearest.ts'
import type {Catalogue} from './catalogue.ts'
import type {Check, Trigger} from './definition.ts'
import {type Finding, placeOf, unknownName} from './lint-finding.ts'
import type {Scripts} from './lint-runbook.ts'
import type {PolicyItem, Runbook} from './runbook.ts'

export async function judgedItems(runbook: Runbook, catalogue: Catalogue): Promise<Finding[]> {
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

export async function stepParameters(
  runbook: Runbook,
  {phases, rollback}: Scripts,
): Promise<Finding[]> {
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
  const legal = Object.keys(shape)
  const what = `${kind} ${item.name}`
  const place = (key: string) => item.directive?.parameters.get(key) ?? placeOf(item)
  const unknown = Object.keys(item.parameters).filter((key) => !legal.includes(key))
  const findings = unknown.map((key): Finding => {
    const meant = nearest(key, legal, 3)
    const words = legal.length === 0 ? 'it takes none' : `known: ${legal.join(', ')}`
    return {
      at: place(key),
      reason: `${what}: unknown parameter "${key}"${meant === undefined ? '' : `; did you mean "${meant}"?`} (${words})`,
      rule: 'parameter',
      expected: legal,
    }
  })
  const meant = new Set(unknown.map((key) => nearest(key, legal, 3)))
  for (const issue of parsed.error.issues) {
    const key = String(issue.path[0] ?? '')
    // What was misspelt is told above, and is not missing as well.
    if (key === '' || (!Object.hasOwn(item.parameters, key) && meant.has(key))) continue
    const missing = !Object.hasOwn(item.parameters, key)
    findings.push({
      at: place(key),
      reason: missing
        ? `${what}: the parameter "${key}" is missing`
        : `${what}: ${key}: ${issue.message}`,
      rule: 'parameter',
      expected: legal,
    })
  }
  return findings
}
