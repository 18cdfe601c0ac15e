// What an item's comment names: a check, a step or a trigger that exists, with legal parameters.

import {perhaps} from '../documents/bilingual.ts'
import {nearest} from '../documents/nearest.ts'
import type {Catalogue} from '../kit/catalogue.ts'
import type {Check, Scripts, Trigger} from '../kit/definition.ts'
import type {PolicyItem, Runbook} from '../policy/runbook.ts'
import {answerValues} from '../words/asking.ts'
import {itemPlace, type LintFinding, unknownName} from './finding.ts'

export async function judgedItems(runbook: Runbook, catalogue: Catalogue): Promise<LintFinding[]> {
  const findings: LintFinding[] = []
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
    if (item.kind === 'attest' && item.directive?.kind === 'attest')
      findings.push(...(await parameterFindings(item, 'attest', await attestation())))
  }
  return findings
}

export async function stepParameters(
  runbook: Runbook,
  {phases, rollback}: Scripts,
): Promise<LintFinding[]> {
  const steps = [...phases, ...(rollback === null ? [] : [rollback])].flatMap((each) => each.steps)
  const items = [...runbook.phases.flatMap((each) => each.items), ...runbook.rollback.items]
  const findings: LintFinding[] = []
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
  kind: 'check' | 'trigger',
): Promise<LintFinding[]> {
  const load = Object.hasOwn(known, item.name) ? known[item.name] : undefined
  if (load === undefined) return [unknownName(item, kind, Object.keys(known))]
  return parameterFindings(item, kind, (await load()).parameters)
}

const kindWords = {
  check: 'contrôle',
  step: 'étape',
  trigger: 'déclencheur',
  attest: 'attestation',
} as const

/** What the comment of an item that a person answers may say. */
async function attestation(): Promise<Check['parameters']> {
  const [{z}, {duration, list}] = await Promise.all([
    import('zod'),
    import('../domain/parameters.ts'),
  ])
  return {
    roles: list().optional(),
    value: z.enum(answerValues).optional(),
    at: duration().optional(),
  }
}

/** Unknown names and illegal values, each where it stands. */
async function parameterFindings(
  item: PolicyItem,
  kind: keyof typeof kindWords,
  shape: Check['parameters'],
): Promise<LintFinding[]> {
  const [{z}, {readAs}] = await Promise.all([import('zod'), import('../domain/issues.ts')])
  const read = readAs(z.strictObject(shape), item.parameters)
  if ('value' in read) return []
  const legal = Object.keys(shape)
  const what = {
    fr: `${kindWords[kind]} ${item.name}`.trim(),
    en: `${kind} ${item.name}`.trim(),
  }
  const place = (key: string) => item.directive?.parameters.get(key) ?? itemPlace(item)
  const unknown = Object.keys(item.parameters).filter((key) => !legal.includes(key))
  const findings = unknown.map((key): LintFinding => {
    const meant = nearest(key, legal, 3)
    const all = legal.join(', ')
    const words =
      legal.length === 0
        ? {fr: 'il n’en prend pas', en: 'it takes none'}
        : {fr: `possibles : ${all}`, en: `known: ${all}`}
    const {fr, en} = perhaps(meant)
    return {
      at: place(key),
      reason: {
        fr: `${what.fr} : paramètre inconnu « ${key} »${fr} (${words.fr})`,
        en: `${what.en}: unknown parameter "${key}"${en} (${words.en})`,
      },
      rule: 'parameter',
      expected: legal,
    }
  })
  const meant = new Set(unknown.map((key) => nearest(key, legal, 3)))
  for (const {path, words} of read.issues) {
    const key = String(path[0] ?? '')
    // What was misspelt is told above, and is not missing as well.
    if (key === '' || (!Object.hasOwn(item.parameters, key) && meant.has(key))) continue
    const missing = !Object.hasOwn(item.parameters, key)
    findings.push({
      at: place(key),
      reason: missing
        ? {
            fr: `${what.fr} : il manque le paramètre « ${key} »`,
            en: `${what.en}: the parameter "${key}" is missing`,
          }
        : {fr: `${what.fr} : ${key} : ${words.fr}`, en: `${what.en}: ${key}: ${words.en}`},
      rule: 'parameter',
      expected: legal,
    })
  }
  return findings
}
