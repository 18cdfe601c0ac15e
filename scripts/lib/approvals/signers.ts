// The lines of allowed_signers and revoked_signers as OpenSSH reads them, and each line that is no key, so
// that it can be named: OpenSSH itself passes over the one, and refuses every signature for the other.

import {isPublicKey, keyFingerprint} from './ssh.ts'

export interface SignerLine {
  readonly principals: readonly string[]
  readonly options: string
  readonly type: string
  /** The public key, base64. */
  readonly key: string
  readonly fingerprint: string
  readonly line: number
}

export interface Signers {
  readonly signers: readonly SignerLine[]
  /** Numbers of the lines that are neither a comment nor a key with its address. */
  readonly broken: readonly number[]
}

const signer =
  /^(?<principals>"[^"]+"|[^\s#"]\S*)\s+(?:(?<options>(?:[\w-]+(?:="[^"]*")?,?)+)\s+)?(?<type>(?:sk-)?(?:ssh|ecdsa)-[\w@.-]+)\s+(?<key>[A-Za-z0-9+/]+=*)(?:\s|$)/

/** Reads allowed_signers. */
export function parseSigners(source: string): Signers {
  const signers: SignerLine[] = []
  const broken: number[] = []
  for (const [number, text] of written(source)) {
    const {principals = '', options = '', type = '', key = ''} = signer.exec(text)?.groups ?? {}
    if (!isPublicKey(type, key)) {
      broken.push(number)
      continue
    }
    signers.push({
      ...{options, type, key, line: number},
      principals: principals.replaceAll('"', '').split(','),
      fingerprint: keyFingerprint(key),
    })
  }
  return {signers, broken}
}

/** Lines of a list of revoked keys that are no plain public key; none for a KRL, which is no text. */
export function brokenRevocations(revoked: Uint8Array | null): readonly number[] {
  if (revoked === null || isKrl(revoked)) return []
  return written(Buffer.from(revoked).toString('utf8'))
    .filter(([, text]) => {
      const [type = '', key = ''] = text.split(/\s+/)
      return !isPublicKey(type, key)
    })
    .map(([number]) => number)
}

/** Whether the bytes are OpenSSH's binary key revocation list. */
export const isKrl = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, 6)).toString('latin1') === 'SSHKRL'

const written = (source: string): [number, string][] =>
  source
    .split(/\r?\n/)
    .map((line, index): [number, string] => [index + 1, line.trim()])
    .filter(([, line]) => line !== '' && !line.startsWith('#'))
