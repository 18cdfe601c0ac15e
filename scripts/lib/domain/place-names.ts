// Names under which one place is known: two addresses, hosts or databases are the same where they share one.

import {refOfUrl} from './secret.ts'

/** Host, port and path of a web address, however it is written; null for what is none. */
export function addressKey(url: string): string | null {
  if (!URL.canParse(url)) return null
  const {hostname, port, pathname, protocol} = new URL(url)
  // Whether asked over HTTP or HTTPS, users meet one site.
  const at = port === '' || !/^https?:$/.test(protocol) ? port : `:${port}`
  return `${hostKey(hostname)}${at}${pathname.replace(/\/+$/, '')}`
}

/** A host's name, `user@` left out: another account is the same machine. */
export function hostKey(host: string): string {
  const name = host.replace(/^.*@/, '').replace(/\.$/, '').toLowerCase()
  return /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/.test(name) ? 'localhost' : name
}

/** A database by its address: the project that it belongs to, else host, port and name; null for what is none. */
export function databaseKey(url: string): string | null {
  if (!URL.canParse(url)) return null
  const {hostname, port, pathname, username} = new URL(url)
  // Projects share a pooler's host: the account tells which one it is.
  const ref =
    /^db\.([a-z]{20})\./.exec(hostname)?.[1] ??
    /\.([a-z]{20})$/.exec(decodeURIComponent(username))?.[1] ??
    refOfUrl(url)
  return ref ?? `${hostKey(hostname)}:${port || '5432'}${pathname.replace(/^\/?$/, '/')}`
}
