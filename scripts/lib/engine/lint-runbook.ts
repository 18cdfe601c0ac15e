// Proves that a runbook and its scripts agree, before anything runs: every check, step and trigger
// exists, every script step has its item, every value is legal, and nothing forbidden is authorised.

import type {DocumentError} from '../documents/document.ts'
import {problem} from '../domain/problem.ts'
import type {Text} from '../domain/text.ts'
import type {Catalogue} from './catalogue.ts'
import type {Phase} from './definition.ts'
import {classify} from './guard/authorised.ts'
import {forbiddenActs} from './guard/forbidden.ts'
import {type Finding, located} from './lint-finding.ts'
import {judgedItems, stepParameters} from './lint-items.ts'
import {phaseFindings, referenceFindings} from './lint-phases.ts'
import {sectionFindings} from './lint-sections.ts'
import {guarded, type PolicyItem, type Runbook} from './runbook.ts'

export interface Scripts {
  readonly phases: readonly Phase[]
  readonly rollback: Phase | null
}

/** All findings of a runbook against the catalogue and the scripts, in the document's order. */
export async function lintRunbook(
  runbook: Runbook,
  catalogue: Catalogue,
  scripts: Scripts,
): Promise<DocumentError[]> {
  const findings = [
    ...sectionFindings(runbook),
    ...(await judgedItems(runbook, catalogue)),
    ...(await stepParameters(runbook, scripts)),
    ...phaseFindings(runbook, scripts),
    ...referenceFindings(runbook, scripts),
    ...riskFindings(runbook),
    ...(await fenceFindings(runbook)),
  ]
  return [...runbook.problems, ...located(runbook.path, findings)].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  )
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
