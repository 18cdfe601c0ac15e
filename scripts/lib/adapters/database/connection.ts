// A connection string, read into the very fields that the driver will be given. What the driver could
// read differently from a person (redirecting parameters, odd encodings, user-info tricks) is refused.

import {type Problem, problem} from '../../domain/problem.ts'
import type {Text} from '../../domain/text.ts'

export interface Connection {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  readonly ssl: false | {readonly rejectUnauthorized: boolean}
}

/** For PostgreSQL's own programs: in the environment of one child, never on a command line. */
export const libpqVariables = (connection: Connection): Readonly<Record<string, string>> => ({
  PGHOST: connection.host,
  PGPORT: String(connection.port),
  PGUSER: connection.user,
  PGPASSWORD: connection.password,
  PGDATABASE: connection.database,
  PGSSLMODE:
    connection.ssl === false
      ? 'disable'
      : connection.ssl.rejectUnauthorized
        ? 'verify-full'
        : 'require',
})

// Everything that is not here could send the connection elsewhere or change what it does.
const harmless = new Set(['sslmode', 'connect_timeout', 'application_name', 'pgbouncer'])

const shape = /^postgres(?:ql)?:\/\/([^/?#]*)\/([^/?#]*)(?:\?([^#]*))?$/

/**
 * Reads a connection string. `key` is the env key that holds it: the only thing that messages show.
 * Throws a `Problem` (3) that says what is wrong, never the string or a part of it.
 */
export function parseConnection(url: string, key: string): Connection {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u0020\u007f-\uffff\\]/.test(url)) {
    throw refused(key, {
      fr: 'elle contient un espace, un caractère de contrôle, non ASCII ou une barre oblique inverse',
      en: 'it holds a space, a control or non-ASCII character, or a backslash',
    })
  }
  const [whole, authority = '', path = '', query = ''] = shape.exec(url) ?? []
  if (whole === undefined) {
    throw refused(key, {
      fr: 'elle n’a pas la forme postgresql://utilisateur:motdepasse@hôte:port/base',
      en: 'it has not the form postgresql://user:password@host:port/database',
    })
  }
  const parts = authority.split('@')
  const [userInfo = '', address = ''] = parts
  if (parts.length !== 2 || userInfo === '') {
    throw refused(key, {
      fr: 'il lui faut un utilisateur et un seul « @ » (dans un mot de passe il s’écrit %40)',
      en: 'it needs a user and exactly one "@" (in a password it is written %40)',
    })
  }
  const {user, password} = credentials(userInfo, key)
  const {host, port} = readAddress(address, key)
  const parameters = readQuery(query, key)
  if (!/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(path)) {
    throw refused(key, {
      fr: 'le nom de la base est vide ou encodé',
      en: 'the name of the database is empty or encoded',
    })
  }
  return {host, port, user, password, database: path, ssl: sslOf(parameters.get('sslmode'), host)}
}

function credentials(userInfo: string, key: string): {user: string; password: string} {
  const colon = userInfo.indexOf(':')
  const user = colon < 0 ? userInfo : userInfo.slice(0, colon)
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(user)) {
    throw refused(key, {
      fr: 'le nom d’utilisateur est encodé ou inhabituel',
      en: 'the user name is encoded or unusual',
    })
  }
  const encoded = colon < 0 ? '' : userInfo.slice(colon + 1)
  try {
    const password = decodeURIComponent(encoded)
    if (!encoded.includes(':') && !password.includes('\0')) return {user, password}
  } catch {
    // falls through: a stray percent sign, or bytes that are no UTF-8
  }
  throw refused(key, {
    fr: 'le mot de passe n’est pas encodé correctement (%40 pour « @ », %25 pour « % », %3A pour « : »)',
    en: 'the password is not encoded correctly (%40 for "@", %25 for "%", %3A for ":")',
  })
}

function readAddress(address: string, key: string): {host: string; port: number} {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(address)
  const host = (match?.[1] ?? '').toLowerCase()
  const port = Number(match?.[2] ?? 5432)
  const named = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/.test(host)
  // 2130706433, 0x7f.1 and 127.1 are addresses in disguise.
  const disguised = /^(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*$/.test(host)
  const quad = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(host)
  const fine = host.startsWith('[') || quad || (named && !disguised)
  if (!fine || port < 1 || port > 65_535) {
    throw refused(key, {
      fr: 'l’hôte ou le port est vide, encodé, multiple ou inhabituel',
      en: 'the host or the port is empty, encoded, a list, or unusual',
    })
  }
  return {host: host.replace(/^\[|\]$/g, ''), port}
}

function readQuery(query: string, key: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const pair of query === '' ? [] : query.split('&')) {
    const [name = '', value = ''] = pair.split('=')
    if (!harmless.has(name) || parameters.has(name) || !/^[\w.-]*$/.test(value)) {
      const shown = /^[\w]{1,30}$/.test(name) ? name : '?'
      throw refused(key, {
        fr: `le paramètre « ${shown} » pourrait mener la connexion ailleurs ; seuls ${[...harmless].join(', ')} sont admis, une fois`,
        en: `the parameter "${shown}" could send the connection elsewhere; only ${[...harmless].join(', ')} are accepted, once each`,
      })
    }
    parameters.set(name, value)
  }
  return parameters
}

/** Supabase's certificates have their own root: encrypted unless told otherwise, verified when asked. */
function sslOf(mode: string | undefined, host: string): Connection['ssl'] {
  if (mode === 'verify-full' || mode === 'verify-ca') return {rejectUnauthorized: true}
  if (mode === 'require' || mode === 'no-verify') return {rejectUnauthorized: false}
  const vendor = host.endsWith('.supabase.co') || host.endsWith('.supabase.com')
  return vendor && mode !== 'disable' ? {rejectUnauthorized: false} : false
}

function refused(key: string, why: Text): Problem {
  return problem({
    what: {fr: `${key} est refusée.`, en: `${key} is refused.`},
    why,
    next: {
      fr: `corriger ${key} dans le fichier d’environnement, puis relancer la même commande`,
      en: `correct ${key} in the env file, then run the same command again`,
    },
    exit: 3,
  })
}
