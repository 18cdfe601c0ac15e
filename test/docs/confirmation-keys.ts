// The keys of `confirmations` in an answers file, from the scenarios' own phases.

import type {ScenarioDefinition} from '../../scripts/lib/kit/scenario.ts'

/** A Markdown table: before which phase, under which keys, what is typed. */
export async function confirmationKeys(scenarios: readonly ScenarioDefinition[]): Promise<string> {
  const rows: string[] = []
  for (const {scenario, phases} of scenarios) {
    for (const load of phases) {
      const {id, number, mode, confirm} = await load()
      if (mode !== 'EXECUTIVE') continue
      const typed = confirm === 'tag' ? 'the tag' : `\`${scenario.toUpperCase()}\``
      rows.push(`| \`${scenario}\` | ${number} | \`${id}\`, else \`${scenario}\` | ${typed} |`)
    }
  }
  return [
    '',
    '| Scenario | Before phase | Key under `confirmations` | What is typed |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}
