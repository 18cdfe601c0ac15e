// What must never be inside something that a browser downloads: recognised by its form alone.

import {createHash} from 'node:crypto'

/** A Supabase key as a JWT: what it says it is. Anything else: null. The signature is not our business. */
export function readKey(word: string): {role: string | null; ref: string | null} | null {
  const match = /^eyJ[\w-]*\.(eyJ[\w-]*)\.[\w-]*$/.exec(word)
  if (match?.[1] === undefined) return null
  try {
    const claims: unknown = JSON.parse(Buffer.from(match[1], 'base64url').toString('utf8'))
    if (typeof claims !== 'object' || claims === null) return null
    const text = (key: string) => {
      const value: unknown = Reflect.get(claims, key)
      return typeof value === 'string' ? value : null
    }
    return {role: text('role'), ref: text('ref')}
  } catch {
    return null
  }
}

export type SecretKind = 'service-key' | 'secret-key' | 'database-url' | 'private-key'

/** Why `value` may not be compiled into a client, or null. */
export function secretKind(value: string): SecretKind | null {
  if (/sb_secret_[\w-]{4,}/.test(value)) return 'secret-key'
  if (/postgres(?:ql)?:\/\//i.test(value)) return 'database-url'
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value)) return 'private-key'
  const role = readKey(value)?.role
  return role !== undefined && role !== null && role !== 'anon' ? 'service-key' : null
}

/** The project ref that an API address names: `<ref>.supabase.co`, or a gateway's first path segment. */
export function refOfUrl(url: string): string | null {
  if (!URL.canParse(url)) return null
  const {hostname, pathname} = new URL(url)
  const host = /^([a-z]{20})\.supabase\.(?:co|in|net)$/.exec(hostname)
  if (host?.[1] !== undefined) return host[1]
  if (/\.supabase\.(?:co|in|net)$/.test(hostname)) return null
  return /^\/([a-z]{20})(?:\/|$)/.exec(pathname)?.[1] ?? null
}

/** What a committed file or a journal carries instead of a project ref. */
export const fingerprintOfRef = (ref: string): string =>
  createHash('sha256').update(`postgate ref ${ref}`).digest('hex')
