// The blocks of postgate.yaml in the guide, as whole files and as projects that have what they name.

import {chmodSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {globbySync} from 'globby'
import {parse} from 'yaml'
import {z} from 'zod'
import {catalogue} from '../../scripts/lib/catalogue.ts'
import {type Project, projectSchema} from '../../scripts/lib/domain/project.ts'
import {lintCommand} from '../../scripts/lib/tools/lint/command.ts'
import {scenarioDefinitions} from '../../scripts/scenarios.ts'
import {temporaryFolder} from '../helpers/folder.ts'
import {root} from './generated.ts'

const part = z.record(z.string(), z.unknown())
const guide = readFileSync(join(root, 'docs/guide.md'), 'utf8')
const [, section = ''] = guide.split(/^## postgate\.yaml$/m)
export const blocks = [
  ...(section.split(/^## /m)[0]?.matchAll(/^```yaml\n(.*?)^```/gms) ?? []),
].map(([, text = '']) => part.parse(parse(text)))

const base = {
  name: 'comptoir',
  builder: {adapter: 'flutter'},
  environments: {
    staging: {envFile: 'env', url: 'https://a.example', hosting: {adapter: 'folder', root: 'w'}},
  },
}
const ofEnvironment = ['hosting', 'propagation', 'purge', 'purgeKeys', 'metrics', 'signals']

/** The block as a whole file: its parts stand in the file or in an environment. */
export function whole(block: z.output<typeof part>): Project {
  if ('environments' in block) return projectSchema.parse(block)
  const entries = Object.entries(block)
  const own = entries.filter(([key]) => ofEnvironment.includes(key))
  const rest = entries.filter(([key]) => !ofEnvironment.includes(key))
  const staging = {...base.environments.staging, ...Object.fromEntries(own)}
  return projectSchema.parse({
    ...base,
    ...Object.fromEntries(rest),
    environments: {staging},
  })
}

export const own = z.looseObject({
  builder: z.looseObject({run: z.string().optional()}).optional(),
  purge: z.string().optional(),
  database: z
    .looseObject({reset: z.string().optional(), migrations: z.string().optional()})
    .optional(),
})

export const policy: Readonly<Record<string, string>> = Object.fromEntries(
  globbySync('{runbooks,templates}/*', {cwd: root}).map((name) => [
    name,
    readFileSync(join(root, name), 'utf8'),
  ]),
)

/** What such a project holds beside its policy: the files that the block names. */
export function named(block: z.output<typeof part>): Record<string, string> {
  const {purge, database} = own.parse(block)
  return {
    ...(database?.migrations !== undefined && {
      [`${database.migrations}/20260101000000_a.sql`]: 'create table public.a (id int);\n',
    }),
    ...(database?.reset !== undefined && {[database.reset]: '#!/bin/sh\n'}),
    ...(purge !== undefined && {[purge]: '#!/bin/sh\n'}),
  }
}

/** The runbooks list the words of the project's own commands, where they are run. */
export function listed(block: z.output<typeof part>): Record<string, string> {
  const {builder, purge, database} = own.parse(block)
  const {run} = builder ?? {}
  const changes: readonly (readonly [RegExp, string | undefined])[] = [
    [/^flutter build web .*$/gm, run],
    [/scripts\/reset_staging\.sh/g, database?.reset],
    [
      /^ssh -F ssh_config <hote> mv -Tf .*$/gm,
      purge === undefined ? undefined : `$&\n# programme ${purge} : vide les caches\n${purge}`,
    ],
  ]
  return Object.fromEntries(
    Object.entries(policy).map(([name, text]) => [
      name,
      changes.reduce((all, [from, to]) => (to === undefined ? all : all.replace(from, to)), text),
    ]),
  )
}

/** The exit code of `lint.ts` on a project of these files. */
export async function lint(files: Readonly<Record<string, string>>): Promise<number> {
  const folder = temporaryFolder({...files})
  try {
    for (const name of Object.keys(files))
      if (name.endsWith('.sh')) chmodSync(join(folder.path, name), 0o755)
    const words = ['--project', folder.path, '--lang', 'en']
    return await lintCommand(words, {catalogue, scenarios: scenarioDefinitions})
  } finally {
    folder.remove()
  }
}
