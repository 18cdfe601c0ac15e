// Which command of a scenario was asked for: status, plan, or the run itself. Lint comes first.

import type {Arguments} from '../base/arguments.ts'
import type {ScenarioDefinition} from '../kit/scenario.ts'
import {located} from '../lint/finding.ts'
import {lintProblem, lintRunbook} from '../lint/runbook.ts'
import {scenarioFindings} from '../lint/sections.ts'
import {openSession, type Session} from '../run/session.ts'

export async function scenarioCommand(
  definition: ScenarioDefinition,
  args: Arguments,
  only?: string,
): Promise<number> {
  if (args.status) return status(definition, args)
  const session = await openSession(definition, args, {
    readOnly: args.plan || args.answersTemplate,
    services: true,
  })
  try {
    await refuseUnlinted(session)
    if (args.plan || args.answersTemplate)
      return await (await import('../tools/plan/plan.ts')).planScenario(session)
    return await (await import('../run/scenario.ts')).runScenario(session, only)
  } finally {
    await session.close()
  }
}

/** A runbook that disagrees with its scripts runs nothing (exit 2). */
async function refuseUnlinted({
  runbook,
  scenario,
  catalogue,
  phases,
  rollback,
  args,
}: Session): Promise<void> {
  if (args.rollback !== undefined) return // undoing is never locked
  const found = lintProblem([
    ...(await lintRunbook(runbook, catalogue, {phases, rollback})),
    ...located(runbook.path, scenarioFindings(runbook, scenario)),
  ])
  if (found !== undefined) throw found
}

async function status(definition: ScenarioDefinition, args: Arguments): Promise<number> {
  const {openWorkspace} = await import('../run/session.ts')
  const workspace = await openWorkspace({
    args,
    scenario: definition.scenario,
    catalogue: definition.catalogue,
    readOnly: true,
    services: false,
  })
  try {
    return await (await import('../tools/status/status.ts')).showStatus(
      workspace,
      definition.scenario,
    )
  } finally {
    await workspace.close()
  }
}
