// Env files as teams keep them: `KEY=value` or JSON, in env/, at the root or beside pubspec.yaml. They
// are ignored by git, so the folders themselves are read. Only names of keys are kept.

import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import type {Environment} from '../../domain/event.ts'
import {readEnvFile} from '../../policy/env-file.ts'
import type {EnvCandidate} from './findings.ts'

const words: Readonly<Record<Environment, RegExp>> = {
  staging: /(^|[._-])(staging|stg|preprod|recette)([._-]|$)/i,
  production: /(^|[._-])(prod|production)([._-]|$)/i,
}
const samples = /(^|[._-])(example|sample|template|dist|local|exemple|modele)([._-]|$)/i

/** The files for one environment, by path; `folders` relative to `root`, '' for itself. */
export async function envCandidates(
  root: string,
  folders: readonly string[],
  environment: Environment,
): Promise<EnvCandidate[]> {
  const found = new Map<string, EnvCandidate>()
  for (const folder of folders.flatMap((each) => [join(each, 'env'), join(each, 'config'), each])) {
    for (const name of await namesIn(join(root, folder))) {
      const isEnv = /(^|[._-])env([._-]|$)/i.test(name)
      const inEnv = /(^|\/)env$/.test(folder) && /\.(json|env)$/.test(name)
      if (!(isEnv || inEnv) || !words[environment].test(name) || samples.test(name)) continue
      const path = join(folder === '.' ? '' : folder, name)
      found.set(path, {path, keys: await keysOf(join(root, path))})
    }
  }
  return [...found.values()]
}

/** None where the file does not read: that is for the doctor to say. */
const keysOf = (path: string): Promise<readonly string[]> =>
  readEnvFile(path).then(
    ({keys}) => keys,
    () => [],
  )

const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).then(
    (names) => names.sort(),
    () => [],
  )
