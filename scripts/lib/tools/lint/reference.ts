// The reference of docs/runbooks.md: every check, trigger and step with its parameters, from the code that
// runs them, so that the page cannot say otherwise.

import type {z} from 'zod'
import {inLang} from '../../domain/text.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import type {Check, Step, Trigger} from '../../kit/definition.ts'
import type {ScenarioDefinition} from '../../kit/scenario.ts'
import type {Runbook} from '../../policy/runbook.ts'

export interface ReferenceInput {
  readonly catalogue: Pick<Catalogue, 'checks' | 'triggers'>
  readonly scenarios: readonly ScenarioDefinition[]
  /** The bundle's own runbooks, for the title under which each step stands. */
  readonly runbook: (name: string) => Promise<Runbook>
}

/** Markdown, without the markers around it. */
export async function reference(input: ReferenceInput): Promise<string> {
  const {catalogue} = input
  const parts = [
    '### Checks\n',
    ...(await judged(catalogue.checks, 'Holds when')),
    '### Triggers\n',
    ...(await judged(catalogue.triggers, 'Fires when')),
    '### Steps\n',
    'Each script has its steps in this order; a runbook holds an item for each of them, in the same order.\n',
  ]
  for (const scenario of input.scenarios) parts.push(...(await steps(scenario, input)))
  return parts.join('\n').trim()
}

async function judged(
  known: Readonly<Record<string, () => Promise<Check | Trigger>>>,
  verb: string,
): Promise<string[]> {
  const rows = await Promise.all(
    Object.keys(known)
      .sort()
      .map(async (name) => {
        const each = await known[name]?.()
        if (each === undefined) return ''
        const words = inLang(each.describe, 'en')
        return `| \`${name}\` | ${words} | ${parameters(each.parameters)} |`
      }),
  )
  return [`| Name | ${verb} | Parameters |`, '| --- | --- | --- |', ...rows, '']
}

async function steps(
  {scenario, phases, rollback}: ScenarioDefinition,
  {runbook}: ReferenceInput,
): Promise<string[]> {
  const items = (await runbook(scenario)).items
  const all = await Promise.all(
    [...phases, ...(rollback === null ? [] : [rollback])].map((load) => load()),
  )
  const rows = all.flatMap((phase) =>
    phase.steps.map((step) => {
      const item = items.find(({kind, name}) => kind === 'step' && name === step.id)
      const place = phase.number === null ? phase.id : `${phase.number}, ${phase.mode}`
      return `| \`${step.id}\` | ${place} | ${kindOf(step)} | ${item?.title ?? ''} | ${parameters(step.parameters ?? {})} |`
    }),
  )
  return [
    `#### \`runbooks/${scenario}.md\`\n`,
    '| Step | Phase | Kind | Item of the shipped runbook | Parameters |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ]
}

function kindOf(step: Step): string {
  if ('ask' in step) return 'asks'
  if ('read' in step) return 'reads'
  return step.nature?.deploys === true ? 'acts, deploys' : 'acts'
}

function parameters(shape: Readonly<Record<string, z.ZodType>>): string {
  const words = Object.entries(shape).map(([name, schema]) => {
    const optional = schema.safeParse(undefined).success
    return `\`${name}\`${optional ? ' (optional)' : ''}: ${legalValue(schema)}`
  })
  return words.length === 0 ? 'none' : words.join('<br>').replaceAll('|', '\\|')
}

/** What may stand behind the `=`: the schema's own words, or its choices. */
function legalValue(schema: z.ZodType): string {
  if (schema.description !== undefined) return schema.description
  if ('unwrap' in schema && typeof schema.unwrap === 'function') return legalValue(schema.unwrap())
  if ('options' in schema && Array.isArray(schema.options)) {
    return schema.options.map((each) => `\`${String(each)}\``).join(' or ')
  }
  return 'text'
}
