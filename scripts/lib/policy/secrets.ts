// The values that must not be seen anywhere: of the env files, and of the process's own environment.

import type {Environment} from '../domain/event.ts'
import {Problem} from '../domain/problem.ts'
import type {EnvFile} from './env-file.ts'

const tokens = /(TOKEN|SECRET|PASSWORD|API_KEY|PRIVATE_KEY)$/

export async function secretsOf(
  env: (environment: Environment) => Promise<EnvFile>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string[]> {
  const files = await Promise.all(
    (['staging', 'production'] as const).map((name) =>
      env(name).catch((error: unknown) =>
        error instanceof Problem ? null : Promise.reject(error),
      ),
    ),
  )
  const found = files.flatMap((file) => file?.secrets() ?? [])
  for (const [key, value] of Object.entries(environment)) {
    if (tokens.test(key) && value !== undefined && value.length >= 8) found.push(value)
  }
  return found
}
