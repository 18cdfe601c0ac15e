// Which project a connection claims to be of, and whether another project's ref hides in it.

import {fingerprintOfRef} from '../../domain/secret.ts'
import type {Connection} from './connection.ts'

export type Product = 'supabase' | 'postgres'

const supabaseRef = /^[a-z]{20}$/

/** The refs that the connection itself names; several may stand in it, none where it claims nothing. */
export function refsOf(connection: Connection, product: Product): readonly string[] {
  const {host, user, database} = connection
  const direct = /^db\.([^.]+)\.supabase\.co$/.exec(host)?.[1]
  const tenant = user.includes('.') ? user.slice(user.indexOf('.') + 1) : undefined
  const named = [direct, tenant].filter((ref) => ref !== undefined)
  // A plain PostgreSQL has no refs of its own: its database or host carries the word.
  return product === 'supabase' ? named : [...named, database, host, host.split('.')[0] ?? host]
}

/** Null where the host can be a host of this product; otherwise why it only looks like one. */
export function lookAlike(connection: Connection): 'host' | 'tenant' | null {
  const {host, user} = connection
  const direct = /^db\.[a-z]{20}\.supabase\.co$/.test(host)
  const pooler = /^[a-z0-9-]+\.pooler\.supabase\.com$/.test(host)
  if (pooler && !/^[a-z_]+\.[a-z]{20}$/.test(user)) return 'tenant'
  return !direct && !pooler && host.includes('supabase') ? 'host' : null
}

/** True where `ref` stands anywhere in the fields that decide where a connection goes. */
export function mentionsRef(connection: Connection, ref: string): boolean {
  const text = [connection.host, connection.user, connection.database].join(' ').toLowerCase()
  const word = ref.toLowerCase()
  if (supabaseRef.test(word)) return text.includes(word)
  return text.split(/[^a-z0-9_-]+/).includes(word) || text.split(' ').includes(word)
}

/** Like `mentionsRef`, for a ref of which only the fingerprint is known. */
export function mentionsFingerprint(connection: Connection, print: string): boolean {
  const text = [connection.host, connection.user, connection.database].join(' ').toLowerCase()
  const words = new Set([...text.split(/[^a-z0-9_-]+/), ...text.split(' ')])
  for (let at = 0; at + 20 <= text.length; at++) {
    const window = text.slice(at, at + 20)
    if (supabaseRef.test(window)) words.add(window)
  }
  return [...words].some((word) => word !== '' && fingerprintOfRef(word) === print)
}

/** The same database by two connections: compared by project where hosts are shared between projects. */
export function sameTarget(one: Connection, other: Connection): boolean {
  const tenants = [one, other].map(({user}) => user.split('.')[1])
  if (one.host !== other.host) return false
  if (tenants[0] !== undefined && tenants[1] !== undefined && tenants[0] !== tenants[1])
    return false
  return one.database === other.database && (one.port === other.port || tenants[0] !== undefined)
}
