// What a run would make of the text of `runbooks/staging.md`: its gates, and what it refuses before anything else.

import {catalogue} from '../../../scripts/lib/catalogue.ts'
import {missedItems} from '../../../scripts/lib/documents/missed-items.ts'
import {located} from '../../../scripts/lib/lint/finding.ts'
import {lintRunbook} from '../../../scripts/lib/lint/runbook.ts'
import {scenarioFindings} from '../../../scripts/lib/lint/sections.ts'
import {type Runbook, readRunbook} from '../../../scripts/lib/policy/runbook.ts'
import {staging} from '../../../scripts/staging.ts'

export const path = 'runbooks/staging.md'

const scripts = {
  phases: await Promise.all(staging.phases.map((load) => load())),
  rollback: (await staging.rollback?.()) ?? null,
}

/** One line for an item that counts: where it stands, what proves it. */
export function gatesOf({prerequisites, phases, success, abort, rollback}: Runbook): string[] {
  const sections = {
    prerequisites,
    ...Object.fromEntries(phases.map(({id, items}) => [id, items])),
    ...{success, abort, rollback: rollback.items},
  }
  return Object.entries(sections).flatMap(([section, items]) =>
    items.map(({kind, name, parameters, optional}) =>
      [section, kind, name, JSON.stringify(parameters), optional ? 'optional' : '']
        .join(' ')
        .trim(),
    ),
  )
}

/** What a run says of it before it refuses it; empty where it would start. */
export async function refusals(runbook: Runbook): Promise<string[]> {
  const found = [
    ...(await lintRunbook(runbook, catalogue, scripts)),
    ...located(runbook.path, scenarioFindings(runbook, 'staging')),
  ]
  return found.map(({message, ruleId}) => `${message} [${ruleId}]`)
}

/** Whether an edited text has these gates or is told; the dear part is asked last. */
export async function isSafe(source: string, gates: readonly string[]): Promise<boolean> {
  const runbook = await readRunbook(source, path)
  if (JSON.stringify(gatesOf(runbook)) === JSON.stringify(gates)) return true
  return missedItems(runbook.document).length > 0 || (await refusals(runbook)).length > 0
}
