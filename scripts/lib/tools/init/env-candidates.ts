// Env files as teams keep them: `KEY=value` or JSON, in env/, at the root or beside pubspec.yaml. They
// are ignored by git, so the folders themselves are read. Where one is not here yet, its committed sample
// (`env/.env.staging.example`) names its keys. Only names of keys are kept.

import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import type {Environment} from '../../domain/event.ts'
import {readEnvFile} from '../../policy/env-file.ts'
import type {EnvCandidate} from './findings.ts'

const words: Readonly<Record<Environment, RegExp>> = {
  staging: /(^|[._-])(staging|stg|preprod|recette)([._-]|$)/i,
  production: /(^|[._-])(prod|production)([._-]|$)/i,
}
const sample = /(^|[._-])(example|sample|template|dist|exemple|modele)(?=[._-]|$)/i
const never = /(^|[._-])local([._-]|$)/i
const fileNames: Readonly<Record<Environment, string>> = {
  staging: '.env.staging',
  production: '.env.prod',
}

/** The files for one environment, by path; `folders` relative to `root`, '' for itself. */
export async function envCandidates(
  root: string,
  folders: readonly string[],
  environment: Environment,
): Promise<EnvCandidate[]> {
  const found = new Map<string, EnvCandidate>()
  const sampled = new Map<string, EnvCandidate>()
  /** Samples that are of no environment. */
  const common = new Map<string, EnvCandidate>()
  for (const folder of folders.flatMap((each) => [join(each, 'env'), join(each, 'config'), each])) {
    const at = (name: string) => join(folder === '.' ? '' : folder, name)
    for (const name of await namesIn(join(root, folder))) {
      const isEnv = /(^|[._-])env([._-]|$)/i.test(name)
      const bare = name.replace(sample, '')
      const inEnv = /(^|\/)env$/.test(folder) && /\.(json|env)$/.test(bare)
      if (!(isEnv || inEnv) || never.test(name)) continue
      const keys = await keysOf(join(root, at(name)))
      if (bare === name) {
        if (words[environment].test(name)) found.set(at(name), {path: at(name), keys})
      } else if (words[environment].test(bare)) {
        sampled.set(at(bare), {path: at(bare), keys, sample: at(name)})
      } else if (!Object.values(words).some((word) => word.test(bare))) {
        const path = at(fileNames[environment])
        common.set(path, {path, keys, sample: at(name)})
      }
    }
  }
  for (const [path, candidate] of sampled) if (!found.has(path)) found.set(path, candidate)
  return [...(found.size > 0 ? found : common).values()]
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
