// What a sandbox is born with and keeps: who it is, its refs, its passwords, its history.

import {randomBytes, randomInt} from 'node:crypto'
import {z} from 'zod'
import {problem} from '../domain/problem.ts'
import {jsonOf, replaceFile} from './file.ts'

const environment = z.object({
  ref: z.string().regex(/^[a-z]{20}$/),
  dbPassword: z.string(),
  readerPassword: z.string(),
  smokePassword: z.string(),
})

export const stateSchema = z.object({
  format: z.literal(1),
  birth: z.string(),
  tag: z.string(),
  commit: z.string(),
  previousTag: z.string(),
  gate: z.string(),
  /** Code commits on main, oldest first: what each nightly tested. */
  history: z.array(z.object({commit: z.string(), at: z.string()})),
  jwtSecret: z.string(),
  gatewayPassword: z.string(),
  environments: z.object({staging: environment, production: environment}),
})

export type SandboxState = z.output<typeof stateSchema>
export type SandboxEnvironment = z.output<typeof environment>

export const smokeUser = {
  staging: 'essai.staging@sandbox.example',
  production: 'essai.prod@sandbox.example',
} as const

/** Throws a `Problem` (2) where the folder is of another format, or is no sandbox. */
export async function readState(file: string): Promise<SandboxState> {
  const state = await jsonOf(file, stateSchema)
  if (state !== null) return state
  throw problem({
    what: {fr: 'Le bac à sable ne se lit pas.', en: 'The sandbox cannot be read.'},
    why: {fr: 'il vient d’une autre version', en: 'it was made by another version'},
    next: 'rm -rf .sandbox',
    exit: 2,
  })
}

export function writeState(file: string, state: SandboxState): void {
  replaceFile(file, `${JSON.stringify(state, null, 2)}\n`, 0o600)
}

export function newEnvironment(): SandboxEnvironment {
  const letters = Array.from({length: 20}, () => String.fromCharCode(97 + randomInt(26)))
  const password = () => randomBytes(15).toString('base64url')
  return {
    ref: letters.join(''),
    dbPassword: password(),
    readerPassword: password(),
    smokePassword: password(),
  }
}
