// Proves that a runbook and its scripts agree, before anything runs: every check, step and trigger
// exists, every script step has its item, every value is legal, and nothing forbidden is authorised.

import type {DocumentError} from '../documents/document.ts'
import {missedItems} from '../documents/missed-items.ts'
import {problem} from '../domain/problem.ts'
import {bilingual, join, type Text} from '../domain/text.ts'
import {classify, unknownCommands} from '../guard/authorised/authorised.ts'
import {forbiddenActs} from '../guard/forbidden/forbidden.ts'
import type {Catalogue} from '../kit/catalogue.ts'
import type {Scripts} from '../kit/definition.ts'
import {guarded, type PolicyItem, type Runbook} from '../policy/runbook.ts'
import {type LintFinding, located} from './finding.ts'
import {judgedItems, stepParameters} from './items.ts'
import {phaseFindings, referenceFindings} from './phases.ts'
import {
  duplicateFindings,
  misplacedFindings,
  phaseOrderFindings,
  sectionFindings,
} from './sections.ts'

/** All findings of a runbook against the catalogue and the scripts, in the document's order. */
export async function lintRunbook(
  runbook: Runbook,
  catalogue: Catalogue,
  scripts: Scripts,
): Promise<DocumentError[]> {
  const findings = [
    ...sectionFindings(runbook),
    ...misplacedFindings(runbook),
    ...duplicateFindings(runbook),
    ...phaseOrderFindings(runbook),
    ...(await judgedItems(runbook, catalogue)),
    ...(await stepParameters(runbook, scripts)),
    ...phaseFindings(runbook, scripts),
    ...referenceFindings(runbook, scripts),
    ...riskFindings(runbook),
    ...(await fenceFindings(runbook)),
  ]
  const {problems, path, document} = runbook
  return [...problems, ...missedItems(document), ...located(path, findings)].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  )
}

/** The findings as one `Problem` (2), naming each; undefined where there are none. */
export function lintProblem(findings: readonly DocumentError[]) {
  const [first, ...others] = findings
  if (first === undefined) return undefined
  const why: Text = join(
    others.map(({placed}) => placed),
    '\n',
  )
  return problem({
    what: first.placed,
    ...(others.length > 0 && {why}),
    next: {
      fr: 'corriger le runbook ; tout voir : npx zx scripts/lint.ts',
      en: 'correct the runbook; see all: npx zx scripts/lint.ts',
    },
    exit: 2,
    at: {path: first.path, line: first.line, column: first.column},
  })
}

function riskFindings(runbook: Runbook): LintFinding[] {
  const ids = new Set(allItems(runbook).map(({name}) => name))
  return runbook.risks.rows.flatMap(({mitigatedBy, line, cells}): LintFinding[] => {
    const at = {line, column: 1}
    if (mitigatedBy.length === 0)
      return [
        {
          at,
          reason: {
            fr: `rien n’atténue le risque « ${cells[0] ?? ''} »`,
            en: `nothing mitigates the risk "${cells[0] ?? ''}"`,
          },
          rule: 'risk',
          note: {
            fr: 'nommer des contrôles, étapes ou déclencheurs : <!-- risk: build, rollback -->',
            en: 'name checks, steps or triggers: <!-- risk: build, rollback -->',
          },
        },
      ]
    return mitigatedBy
      .filter((name) => !ids.has(name) && name !== 'rollback')
      .map((name) => ({
        at,
        reason: {
          fr: `le risque nomme « ${name} », qu’aucun point de ce runbook ne porte`,
          en: `the risk names "${name}", which no item of this runbook has`,
        },
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

async function fenceFindings(runbook: Runbook): Promise<LintFinding[]> {
  const findings: LintFinding[] = []
  for (const fence of [
    ...runbook.phases.flatMap(({fences}) => fences),
    ...runbook.rollback.fences,
  ]) {
    if (!['bash', 'sh', 'shell'].includes(fence.language)) continue
    const listed = await classify(guarded(fence, runbook.path))
    for (const {text, line} of listed) {
      for (const {rule, why} of await forbiddenActs(text, {placeholders: true})) {
        const {fr, en} = bilingual(why)
        findings.push({
          at: {line, column: 1},
          reason: {fr: `interdit (${rule}) : ${fr}`, en: `forbidden (${rule}): ${en}`},
          rule,
        })
      }
    }
    findings.push(...(await unknownFindings(guarded(fence, runbook.path))))
  }
  return findings
}

async function unknownFindings(fence: ReturnType<typeof guarded>): Promise<LintFinding[]> {
  return (await unknownCommands(fence)).map(({line, program, why}) => ({
    at: {line, column: 1},
    reason: bilingual(why),
    rule: 'program-unknown',
    note: {
      fr: `écrire sur la ligne du dessus \`# programme ${program} : ce qu’il fait\`, ou \`# manuel\``,
      en: `write on the line above \`# program ${program}: what it does\`, or \`# manual\``,
    },
  }))
}
