// The two env files, which are never committed. A person may edit them: later starts change
// nothing in them but ports.

import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {replaceFile} from './file.ts'
import {type SandboxState, smokeUser} from './state.ts'
import {projectKey} from './tokens.ts'

export const envFiles = {staging: 'env/.env.staging', production: 'env/.env.prod'} as const
export const prefixes = {staging: 'STAGING', production: 'PROD'} as const

export async function writeEnvFiles(
  project: string,
  state: SandboxState,
  ports: {api: number; postgres: number},
): Promise<void> {
  await mkdir(join(project, 'env'), {recursive: true})
  for (const name of ['staging', 'production'] as const) {
    const {ref, dbPassword, readerPassword, smokePassword} = state.environments[name]
    const base = `127.0.0.1:${ports.postgres}/${name}`
    const key = projectKey({
      role: 'anon',
      ref,
      secret: state.jwtSecret,
      birth: new Date(state.birth),
    })
    const values = {
      DB_URL: `postgresql://postgres.${ref}:${dbPassword}@${base}`,
      DB_READ_ONLY_URL: `postgresql://lecture.${ref}:${readerPassword}@${base}`,
      PROJECT_REF: ref,
      URL: `http://127.0.0.1:${ports.api}/${ref}`,
      ANON_KEY: key,
      SMOKE_USER: smokeUser[name],
      SMOKE_PASSWORD: smokePassword,
    }
    const lines = Object.entries(values).map(([key, value]) => `${prefixes[name]}_${key}=${value}`)
    const head = '# SANDBOX : ces secrets ne protègent rien. Ce fichier n’est jamais commité.'
    replaceFile(join(project, envFiles[name]), `${[head, ...lines].join('\n')}\n`, 0o600)
  }
}
