// Keys and sessions as Supabase issues them: JSON Web Tokens signed with the sandbox's own secret.

import {createHmac, timingSafeEqual} from 'node:crypto'
import {z} from 'zod'

const claims = z.looseObject({
  role: z.string(),
  ref: z.string().optional(),
  sub: z.string().optional(),
  exp: z.number(),
})
export type Claims = z.output<typeof claims>

/** An HS256 token over `payload`. */
export function signToken(payload: Readonly<Record<string, unknown>>, secret: string): string {
  const body = `${encode({alg: 'HS256', typ: 'JWT'})}.${encode(payload)}`
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}

/** The claims of a token that this secret signed and that has not expired at `now`; else null. */
export function readToken(token: string, secret: string, now: Date): Claims | null {
  const [head, body, signature] = token.split('.')
  if (head === undefined || body === undefined || signature === undefined) return null
  const wanted = createHmac('sha256', secret).update(`${head}.${body}`).digest()
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null
  try {
    const found = claims.parse(JSON.parse(Buffer.from(body, 'base64url').toString()))
    return found.exp * 1000 > now.getTime() ? found : null
  } catch {
    return null
  }
}

/** A project's long-lived key: `anon` for clients, `service_role` for servers. */
export function projectKey(input: {
  role: 'anon' | 'service_role'
  ref: string
  secret: string
  birth: Date
}): string {
  const iat = Math.floor(input.birth.getTime() / 1000)
  const {role, ref, secret} = input
  return signToken({iss: 'supabase', ref, role, iat, exp: iat + 10 * 365 * 86_400}, secret)
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
