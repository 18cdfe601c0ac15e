// Which command of a scenario was asked for: status, plan, or the run itself. Lint comes first.

import type {Arguments} from '../base/arguments.ts'
import {loadAhead} from '../base/load-ahead.ts'
import type {ScenarioDefinition} from '../kit/scenario.ts'
import type {Session} from '../run/session.ts'

// What each command of a scenario imports, now or later.
const all = [
  '../run/session.ts',
  '../catalogue.ts',
  '../domain/project.ts',
  '../base/yaml-values.ts',
]
const lint = ['../lint/finding.ts', '../lint/runbook.ts', '../lint/sections.ts']
const guard = ['../guard/forbidden/shell.ts', '../domain/parameters.ts']
const packages = [
  ...['globby', 'liquidjs', 'remark', 'remark-frontmatter', 'remark-gfm'],
  ...['simple-git', 'unbash', 'yaml', 'zx/core'],
]

export async function scenarioCommand(
  definition: ScenarioDefinition,
  args: Arguments,
  only?: string,
): Promise<number> {
  const isPlan = args.plan || args.answersTemplate
  const work = isPlan ? '../tools/plan/plan.ts' : '../run/scenario.ts'
  const needed = args.status ? ['../tools/status/status.ts'] : [...lint, ...guard, work]
  loadAhead(import.meta.url, [...all, ...needed, ...packages])
  if (args.status) return status(definition, args)
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
