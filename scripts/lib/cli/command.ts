// Which command of a scenario was asked for: status, plan, or the run itself. Lint comes first.

import type {Arguments} from '../base/arguments.ts'
import {loadAhead} from '../base/load-ahead.ts'
import type {ScenarioDefinition} from '../kit/scenario.ts'
import type {Session} from '../run/session.ts'

// What a scenario's commands import, now or later: each of them, and those that judge.
const each = [
  ...['../run/session.ts', '../domain/project.ts', '../base/yaml-values.ts'],
  ...['simple-git', 'yaml', 'zx/core'],
]
const judging = [
  ...['../catalogue.ts', '../domain/parameters.ts', '../guard/forbidden/shell.ts'],
  ...['../lint/finding.ts', '../lint/runbook.ts', '../lint/sections.ts'],
  ...['globby', 'remark', 'remark-frontmatter', 'remark-gfm', 'unbash'],
]

export async function scenarioCommand(
  definition: ScenarioDefinition,
  args: Arguments,
  only?: string,
): Promise<number> {
  const isPlan = args.plan || args.answersTemplate
  const ahead = (more: readonly string[]) => loadAhead(import.meta.url, [...each, ...more])
  if (args.status) {
    ahead(['../tools/status/status.ts'])
    return status(definition, args)
  }
  ahead([...judging, ...(isPlan ? ['../tools/plan/plan.ts'] : ['../run/scenario.ts', 'liquidjs'])])
  const {openSession} = await import('../run/session.ts')
  const session = await openSession(definition, args, {
    readOnly: isPlan,
    services: true,
  })
  try {
    await refuseUnlinted(session)
    if (isPlan) return await (await import('../tools/plan/plan.ts')).planScenario(session)
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
  const [{located}, {lintProblem, lintRunbook}, {scenarioFindings}] = await Promise.all([
    import('../lint/finding.ts'),
    import('../lint/runbook.ts'),
    import('../lint/sections.ts'),
  ])
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
