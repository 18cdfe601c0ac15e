// Everything under docs/ that is made from the code: whole files, or blocks in pages that people write.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {z} from 'zod'
import {catalogue} from '../../scripts/lib/catalogue.ts'
import {replaceBlock} from '../../scripts/lib/documents/block.ts'
import {parse} from '../../scripts/lib/documents/parse.ts'
import {jsonOutputs} from '../../scripts/lib/domain/json-outputs.ts'
import {projectSchema} from '../../scripts/lib/domain/project.ts'
import {openPolicy} from '../../scripts/lib/policy/policy.ts'
import {reference} from '../../scripts/lib/tools/lint/reference.ts'
import {scenarioDefinitions} from '../../scripts/scenarios.ts'
import {confirmationKeys} from './confirmation-keys.ts'
import {gitCommands} from './git-commands.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** Path relative to the bundle, to what it should hold now. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  const {runbook} = openPolicy({root, bundle: root})
  const scenarios = await scenarioDefinitions()
  return new Map([
    ['docs/postgate.schema.json', await projectJsonSchema()],
    ...Object.entries(jsonOutputs).map(([name, output]): [string, string] => [
      `docs/schemas/${name}.schema.json`,
      outputSchema(output),
    ]),
    [
      'docs/runbooks.md',
      await withBlock(
        'docs/runbooks.md',
        'reference',
        await reference({catalogue, scenarios, runbook}),
      ),
    ],
    [
      'docs/guide.md',
      await withBlock('docs/guide.md', 'confirmation-keys', await confirmationKeys(scenarios)),
    ],
    [
      'docs/architecture.md',
      await withBlock('docs/architecture.md', 'git-commands', gitCommands(root)),
    ],
  ])
}

async function projectJsonSchema(): Promise<string> {
  const schema = z.toJSONSchema(projectSchema, {io: 'input'})
  return `${JSON.stringify({title: 'postgate.yaml', ...schema}, null, 2)}\n`
}

function outputSchema({schema, command}: (typeof jsonOutputs)[keyof typeof jsonOutputs]): string {
  const title = `What ${command} prints`
  return `${JSON.stringify({title, ...z.toJSONSchema(schema)}, null, 2)}\n`
}

async function withBlock(path: string, name: string, content: string): Promise<string> {
  return replaceBlock(await parse(readFileSync(join(root, path), 'utf8'), path), name, content)
}
