// An environment's env file: `KEY=value` lines or JSON. Its values never reach a terminal, a journal
// or a document: every value read here is handed to the mask first.

import {readFile} from 'node:fs/promises'
import {problem} from '../domain/problem.ts'
import type {Text} from '../domain/text.ts'

export interface EnvFile {
  readonly path: string
  readonly exists: boolean
  readonly keys: readonly string[]
  /** The value, or undefined where the key is missing or empty. */
  readonly get: (key: string) => string | undefined
  /** Every value that is worth masking. */
  readonly secrets: () => readonly string[]
}

/** Reads `path` (absolute); a file that is not there reads as empty with `exists: false`. Throws a `Problem` (2) on malformed lines, naming only the line's number. */
export async function readEnvFile(path: string, shown = path): Promise<EnvFile> {
  let source: string | undefined
  try {
    source = await readFile(path, 'utf8')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      throw problem({
        what: {fr: `${shown} ne se lit pas.`, en: `${shown} cannot be read.`},
        why: error instanceof Error && 'code' in error ? String(error.code) : 'unknown',
        exit: 2,
      })
    }
  }
  const values = source === undefined ? new Map<string, string>() : parseEnv(source, shown)
  return {
    path: shown,
    exists: source !== undefined,
    keys: [...values.keys()],
    get: (key) => values.get(key) || undefined,
    secrets: () => [...values].flatMap(([key, value]) => (isOrdinary(key, value) ? [] : [value])),
  }
}

/** A word of a language (`APP_NAME=boutique`) or a number (`PORT=3000`) under a key that names no secret: our own sentences may say it. */
const isOrdinary = (key: string, value: string): boolean =>
  value.length < 4 || (!sensitive.test(key) && /^(\p{L}{4,14}|\d{1,6})$/u.test(value))

const sensitive = new RegExp(
  'PASS|PWD|SECRET|TOKEN|KEY|PRIVATE|CREDENTIAL|AUTH|SALT|PEPPER|PHRASE|BEARER|JWT|HMAC|HOOK|PIN|CODE|' +
    'URL|URI|DSN|REF|USER|LOGIN|MAIL|ACCOUNT|_ID$|(^|_)(OTP|TOTP|MFA|PW|SEED|HASH|NONCE|CERT|ADMIN|SIGNATURE)$',
  'i',
)

/** Of a file that is refused: what stands behind each sign, and each line that has none. */
export function looseSecrets(source: string): readonly string[] {
  return source
    .split(/\r?\n/)
    .filter((line) => !line.trim().startsWith('#'))
    .flatMap((line) => {
      const [, key = '', value = line] =
        /^[\s{]*"?(?:export\s+)?(\w+)"?\s*[=:]\s*(.*?),?\s*$/.exec(line) ?? []
      const bare = unquote(value)
      return isOrdinary(key, bare) ? [] : [bare]
    })
}

function parseEnv(source: string, shown: string): Map<string, string> {
  const text = source.replace(/^\uFEFF/, '')
  return text.trimStart().startsWith('{') ? parseJson(text, shown) : parseLines(text, shown)
}

function parseJson(text: string, shown: string): Map<string, string> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    parsed = undefined
  }
  if (typeof parsed !== 'object' || parsed === null) {
    throw problem({
      what: {fr: `${shown} n’est pas du JSON valide.`, en: `${shown} is no valid JSON.`},
      exit: 2,
      at: {path: shown, line: 1},
    })
  }
  return new Map(
    Object.entries(parsed).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? ''),
    ]),
  )
}

function parseLines(text: string, shown: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const match = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line)
    if (match?.[1] === undefined || match[2] === undefined) {
      throw problem({
        what: {
          fr: `${shown}:${index + 1} n’est pas une ligne CLÉ=valeur.`,
          en: `${shown}:${index + 1} is no KEY=value line.`,
        },
        exit: 2,
        at: {path: shown, line: index + 1},
      })
    }
    values.set(match[1], unquote(match[2]))
  }
  return values
}

function unquote(value: string): string {
  const quoted = /^(["'])(.*)\1\s*(?:#.*)?$/.exec(value)
  return quoted?.[2] ?? value.replace(/\s+#.*$/, '').trim()
}

/** What brings back one that is not there. `keys`: whether the project reads any from it; a file without keys is in nobody's vault. */
export const fetchEnvFile = (path: string, keys: boolean): Text =>
  keys
    ? {
        fr: `reprendre ${path} dans le coffre de l’équipe, puis relancer la même commande`,
        en: `fetch ${path} from the team’s vault, then run the same command again`,
      }
    : `mkdir -p ${path.replace(/[^/]*$/, '') || '.'} && touch ${path} && chmod 600 ${path}`
