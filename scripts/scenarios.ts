// The three scenarios, for the tools that look at all of them: importing their scripts runs nothing.

import type {ScenarioDefinition} from './lib/kit/scenario.ts'

export async function scenarioDefinitions(): Promise<readonly ScenarioDefinition[]> {
  const [{staging}, {production}, {freeze}] = await Promise.all([
    import('./staging.ts'),
    import('./production.ts'),
    import('./freeze.ts'),
  ])
  return [staging, production, freeze]
}
