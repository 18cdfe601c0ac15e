// The marked secrets: every value that a sandbox was born with and that nobody may see. Public values
// are compiled into the client, and are looked for everywhere else.

import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {z} from 'zod'
import type {SandboxPaths} from '../../scripts/lib/sandbox/paths.ts'
import {stateSchema} from '../../scripts/lib/sandbox/state.ts'

export interface Canary {
  readonly name: string
  readonly value: string
  /** Stands in the artifact by right. */
  readonly public: boolean
}

const publicKeys = /_(URL|ANON_KEY)$/
const databaseKeys = /_DB_(READ_ONLY_)?URL$/
/** Which project it is, which is no secret: PROD's stands in the committed shape. */
const namesOnly = /_PROJECT_REF$/

/** Every canary of a sandbox; throws where an env file or a key is missing. */
export function canariesOf(paths: SandboxPaths): Canary[] {
  const found: Canary[] = []
  const add = (name: string, value: string, isPublic = false) => {
    if (value.length >= 8) found.push({name, value, public: isPublic})
  }
  for (const name of ['.env.staging', '.env.prod']) {
    const text = readFileSync(join(paths.project, 'env', name), 'utf8')
    for (const [, key = '', value = ''] of text.matchAll(/^(\w+)=(.*)$/gm)) {
      if (namesOnly.test(key)) continue
      add(key, value, publicKeys.test(key) && !databaseKeys.test(key))
      const password = /^[a-z]+:\/\/[^:]+:(.+)@/.exec(value)?.[1]
      if (password !== undefined) add(`${key}'s password`, password)
    }
  }
  const state = stateSchema.parse(JSON.parse(readFileSync(paths.state, 'utf8')))
  add('jwtSecret', state.jwtSecret)
  add('gatewayPassword', state.gatewayPassword)
  add('GITHUB_TOKEN', 'sandbox-github-token')
  add('SUPABASE_ACCESS_TOKEN', 'sandbox-supabase-token')
  for (const [key, value] of Object.entries(planted)) add(key, value)
  add('ACCOUNT_KEY', accountKey)
  for (const name of readdirSync(paths.keys).filter((each) => !each.endsWith('.pub'))) {
    const lines = readFileSync(join(paths.keys, name), 'utf8').split('\n')
    // The first lines of such a key are the same for all: the last two are its own.
    const own = lines.filter((line) => line.length >= 8 && !line.startsWith('-----')).slice(-2)
    for (const line of own) add(`private key ${name}`, line)
  }
  if (found.length < 20) throw new Error(`only ${found.length} canaries`)
  return found
}

/** Stands inside a value of JSON. */
const accountKey = 'canari-8hVt+Rw/4kPz0-key'

/** Tokens that a person's shell holds, handed to every command. */
export const planted: Readonly<Record<string, string>> = z.record(z.string(), z.string()).parse({
  NETLIFY_AUTH_TOKEN: 'nfp_canari-Kq7-ö/+"x\'$2-netlify',
  MY_OWN_SECRET: 'canari 9fLw&=?%20<>-secret\\nom',
  FIREBASE_TOKEN: '1//canari-firebase-Zx81mQ',
  DEPLOY_CREDENTIALS: JSON.stringify({type: 'service_account', private_key: accountKey}),
})
