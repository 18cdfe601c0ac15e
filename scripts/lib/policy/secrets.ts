// The values that must not be seen anywhere: of the env files, and of the process's own environment.

import {readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {Problem} from '../domain/problem.ts'
import type {Project} from '../domain/project.ts'
import {namesSecret} from '../guard/environment.ts'
import {looseSecrets, readEnvFile} from './env-file.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** What the mask of one command hides. `root`: the project's folder, absolute. */
export async function secretsOf(
  root: string,
  project: Project,
  environment: Variables,
): Promise<string[]> {
  const files = ['staging', 'production'] as const
  const found = await Promise.all(
    files.flatMap((name) => {
      const file = project.environments[name]?.envFile
      return file === undefined ? [] : [ofFile(join(root, file))]
    }),
  )
  return [...found.flat(), ...(await ofVariables(environment)), ...namedIn(project, environment)]
}

/** A file that is refused for one line holds secrets in the others all the same. */
async function ofFile(path: string): Promise<readonly string[]> {
  try {
    return (await readEnvFile(path)).secrets()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return looseSecrets(await readFile(path, 'utf8').catch(() => ''))
  }
}

async function ofVariables(environment: Variables): Promise<string[]> {
  const found: string[] = []
  for (const [name, value = ''] of Object.entries(environment)) {
    if (withPassword.test(value)) found.push(value)
    // Numbers and places are settings of what has the name: how many tokens, where the key file lies.
    else if (namesSecret(name) && !plain.test(value) && !(await isPlace(value))) found.push(value)
  }
  return found
}

const withPassword = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s:]*:[^/?#\s]+@/i
const plain = /^(\d{1,6}|https?:\/\/[^@\s]*)$/i

const isPlace = (value: string): Promise<boolean> =>
  value.startsWith('/')
    ? stat(value).then(
        () => true,
        () => false,
      )
    : Promise.resolve(false)

/** Values of the variables that postgate.yaml names under `tokenFrom` and `urlFrom`: a webhook's address is a secret too. */
function namedIn(part: unknown, environment: Variables): readonly string[] {
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, value]) => {
    if (!/^(token|url)From$/.test(key) || typeof value !== 'string')
      return namedIn(value, environment)
    const found = environment[value] ?? ''
    return [found, URL.canParse(found) ? pathOf(new URL(found)) : ''].filter(
      (each) => each.length >= 8,
    )
  })
}

const pathOf = ({pathname, search}: URL) => `${pathname}${search}`
