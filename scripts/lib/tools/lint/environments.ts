// What lint says of STAGING and PRODUCTION in postgate.yaml: they share nothing, as far as this machine's
// files tell. Nobody is asked: redirects and other machines are the doctor's and a prerequisite's.

import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {DocumentError} from '../../documents/document.ts'
import type {Environment} from '../../domain/event.ts'
import type {Project} from '../../domain/project.ts'
import {bilingual} from '../../domain/text.ts'
import {type EnvFile, readEnvFile} from '../../policy/env-file.ts'
import {sharedByBoth} from '../../proofs/separation.ts'

const file = 'postgate.yaml'

/** `root`: the project's folder. */
export async function lintEnvironments(
  project: Project,
  {root, variables}: {readonly root: string; readonly variables: NodeJS.ProcessEnv},
): Promise<readonly DocumentError[]> {
  const [staging, production] = await Promise.all([
    envOf(project, root, 'staging'),
    envOf(project, root, 'production'),
  ])
  const shared = await sharedByBoth({project, root, variables, envs: {staging, production}})
  if (shared.length === 0) return []
  const source = await readFile(join(root, file), 'utf8').catch(() => '')
  return shared.map(
    ({key, what}) =>
      new DocumentError({
        ...{path: file, ...placeOf(source, key), rule: 'environments-apart'},
        reason: bilingual(what),
        note: {
          fr: 'donner à STAGING et à PRODUCTION chacun le sien',
          en: 'give STAGING and PRODUCTION each their own',
        },
      }),
  )
}

/** One that cannot be read is the doctor's to tell. */
async function envOf(project: Project, root: string, name: Environment): Promise<EnvFile> {
  const path = project.environments[name]?.envFile ?? ''
  const none = {path, exists: false, keys: [], get: () => undefined, secrets: () => []}
  return path === '' ? none : readEnvFile(join(root, path), path).catch(() => none)
}

/** Of the key in the second of the two environments, where it is written on a line of its own. */
function placeOf(source: string, key: string): {line: number; column: number} {
  const lines = source.split('\n')
  const from = lines.findIndex((line) => /^\s+production\s*:/.test(line))
  const line = lines.findIndex(
    (each, index) => index >= from && new RegExp(String.raw`(?:^|[\s{,])${key}\s*:`).test(each),
  )
  const at = Math.max(0, line < 0 ? from : line)
  return {line: at + 1, column: Math.max(0, lines[at]?.indexOf(key) ?? 0) + 1}
}
