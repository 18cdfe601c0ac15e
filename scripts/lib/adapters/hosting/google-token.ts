// An access token for Google's APIs from GOOGLE_APPLICATION_CREDENTIALS, without Google's library: a
// service account signs its own request, a person's credentials are refreshed.

import {createSign} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import {z} from 'zod'
import {problem} from '../../domain/problem.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import {ask, variable, vendorRefusal} from './api.ts'

const impersonated = {service_account_impersonation_url: z.string().nullish()}

const credentialsSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('service_account'),
    client_email: z.string(),
    private_key: z.string(),
    token_uri: z.string().default('https://oauth2.googleapis.com/token'),
  }),
  z.object({
    type: z.literal('authorized_user'),
    client_id: z.string(),
    client_secret: z.string(),
    refresh_token: z.string(),
    account: z.string().default('authorized_user'),
  }),
  // Exchanged for a token by Google's own library, which the CLI carries: it is asked in their place.
  z.object({type: z.literal('external_account'), ...impersonated}),
  z.object({type: z.literal('impersonated_service_account'), ...impersonated}),
])

export interface GoogleAccount {
  /** Who: the service account's address. */
  readonly who: string
  /** As IAM names it: `serviceAccount:…`, `user:…`. */
  readonly member: string
  readonly token: string
}

/** Credentials that the CLI alone can use, and as whom. */
export interface CliAccount {
  readonly byCli: string
}

/**
 * Signs in; null where no credentials are named, the status where Google refuses. Throws a `Problem` (3)
 * on a file that does not fit, and where Google does not answer.
 */
export async function googleAccount(
  tools: AdapterTools,
): Promise<GoogleAccount | CliAccount | {readonly status: number} | null> {
  const path = variable(tools, 'GOOGLE_APPLICATION_CREDENTIALS')
  if (path === null) return null
  const credentials = await readCredentials(path)
  if (
    credentials.type === 'external_account' ||
    credentials.type === 'impersonated_service_account'
  ) {
    const url = credentials.service_account_impersonation_url ?? ''
    return {byCli: /\/serviceAccounts\/([^/:]+)/.exec(url)?.[1] ?? credentials.type}
  }
  const service = credentials.type === 'service_account'
  // The CLI takes the address without its path; so do we.
  const own = variable(tools, 'FIREBASE_TOKEN_URL')
  const url =
    own === null
      ? service
        ? credentials.token_uri
        : 'https://oauth2.googleapis.com/token'
      : `${own.replace(/\/+$/, '')}/oauth2/v3/token`
  const body = service
    ? {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: assertion({...credentials, audience: credentials.token_uri}, tools),
      }
    : {
        grant_type: 'refresh_token',
        client_id: credentials.client_id,
        client_secret: credentials.client_secret,
        refresh_token: credentials.refresh_token,
      }
  const answer = await ask(tools, url, {method: 'POST', body: new URLSearchParams(body)})
  const parsed = z.object({access_token: z.string()}).safeParse(answer.json)
  if (answer.status === 400 || answer.status === 401) return {status: 401}
  if (answer.status !== 200 || !parsed.success) throw vendorRefusal('Google', answer)
  return {
    who: service ? credentials.client_email : credentials.account,
    member: service
      ? `serviceAccount:${credentials.client_email}`
      : `user:${/@/.test(credentials.account) ? credentials.account : '<address>'}`,
    token: parsed.data.access_token,
  }
}

function assertion(
  account: {client_email: string; private_key: string; audience: string},
  tools: AdapterTools,
): string {
  const now = Math.floor(tools.world.clock.now().getTime() / 1000)
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({alg: 'RS256', typ: 'JWT'})}.${part({
    iss: account.client_email,
    scope: 'https://www.googleapis.com/auth/cloud-platform',
    aud: account.audience,
    iat: now,
    exp: now + 3600,
  })}`
  return `${text}.${createSign('RSA-SHA256').update(text).sign(account.private_key, 'base64url')}`
}

async function readCredentials(path: string): Promise<z.output<typeof credentialsSchema>> {
  try {
    return credentialsSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    throw problem({
      what: {
        fr: 'Le fichier que nomme GOOGLE_APPLICATION_CREDENTIALS ne convient pas.',
        en: 'The file that GOOGLE_APPLICATION_CREDENTIALS names does not fit.',
      },
      why: {
        fr: 'il manque, ou n’est ni un compte de service, ni les identifiants d’une personne, ni une identité externe ou empruntée',
        en: 'it is missing, or is neither a service account, nor a person’s credentials, nor an external or impersonated identity',
      },
      exit: 3,
    })
  }
}
