// OpenSSH does the cryptography: `ssh-keygen -Y sign` and `-Y verify`, in the namespace `postgate` and at
// the time of the run's own clock. `check-novalidate`, which ignores who signed, is never used.

import {createHash} from 'node:crypto'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {problem} from '../domain/problem.ts'
import {runProgram} from '../guard/process/run-program.ts'

export const namespace = 'postgate'

type Variables = Readonly<Record<string, string | undefined>>

/** Signs `text` with a private key file, or with a public one whose key is in the agent. Throws a `Problem` (3). */
export async function sign(text: string, key: string, environment: Variables): Promise<string> {
  const result = await keygen(['-Y', 'sign', '-q', '-f', key, '-n', namespace], {
    input: text,
    environment,
  })
  if (result.code === 0 && result.stdout.includes('BEGIN SSH SIGNATURE')) return result.stdout
  throw problem({
    what: {fr: 'La signature a échoué.', en: 'Signing failed.'},
    why: result.stderr.trim().split('\n').at(-1) ?? '',
    next: {
      fr: 'donner sa clé SSH privée : --key ~/.ssh/id_ed25519',
      en: 'give your private SSH key: --key ~/.ssh/id_ed25519',
    },
    exit: 3,
  })
}

export interface Verification {
  readonly text: string | Uint8Array
  readonly signature: string
  readonly principal: string
  /** One line of allowed_signers, for this principal and this key. */
  readonly signer: string
  /** Revoked keys, as a list of public keys or a KRL; null where there are none. */
  readonly revoked: Uint8Array | null
  readonly at: Date
  readonly environment: Variables
}

/** `revoked` is told apart from `bad`, which is everything else that OpenSSH refuses. */
export async function verify(asked: Verification): Promise<'good' | 'revoked' | 'bad'> {
  const folder = await mkdtemp(join(tmpdir(), 'postgate-approval-'))
  const file = (name: string) => join(folder, name)
  try {
    await writeFile(file('signers'), `${asked.signer}\n`, {mode: 0o600})
    await writeFile(file('signature'), asked.signature, {mode: 0o600})
    const check = (more: readonly string[]) =>
      keygen(
        [
          '-Y',
          'verify',
          '-f',
          file('signers'),
          '-I',
          asked.principal,
          '-n',
          namespace,
          '-s',
          file('signature'),
          `-Overify-time=${moment(asked.at)}`,
          ...more,
        ],
        {input: asked.text, environment: asked.environment},
      )
    if ((await check([])).code !== 0) return 'bad'
    if (asked.revoked === null) return 'good'
    await writeFile(file('revoked'), asked.revoked, {mode: 0o600})
    return (await check(['-r', file('revoked')])).code === 0 ? 'good' : 'revoked'
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

/** Whether a key is revoked: listed as a public key, or by a KRL. */
export async function isRevoked(
  {type, key}: {readonly type: string; readonly key: string},
  revoked: Uint8Array | null,
  environment: Variables,
): Promise<boolean> {
  if (revoked === null) return false
  if (Buffer.from(revoked).includes(key)) return true
  if (Buffer.from(revoked.subarray(0, 6)).toString('latin1') !== 'SSHKRL') return false
  const folder = await mkdtemp(join(tmpdir(), 'postgate-approval-'))
  try {
    await writeFile(join(folder, 'krl'), revoked, {mode: 0o600})
    await writeFile(join(folder, 'key.pub'), `${type} ${key}\n`, {mode: 0o600})
    const words = ['-Q', '-f', join(folder, 'krl'), join(folder, 'key.pub')]
    return (await keygen(words, {input: '', environment})).code !== 0
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

/** `YYYYMMDDHHMMSS`; read as UTC, since the child's time zone is UTC. */
export const moment = (at: Date): string => at.toISOString().replace(/\D/g, '').slice(0, 14)

/** What an armoured signature says of itself: the public key, as base64, and what it was made for; null
 * where it is no signature. */
export function signatureParts(signature: string): {key: string; namespace: string} | null {
  const body = /-----BEGIN SSH SIGNATURE-----([\s\S]+?)-----END SSH SIGNATURE-----/.exec(
    signature,
  )?.[1]
  const bytes = Buffer.from(body ?? '', 'base64')
  if (bytes.subarray(0, 6).toString('latin1') !== 'SSHSIG') return null
  const key = field(bytes, 10)
  const space = key === null ? null : field(bytes, 14 + key.length)
  if (key === null || space === null) return null
  return {key: key.toString('base64'), namespace: space.toString('utf8')}
}

/** A string of SSH's wire format, behind its length. */
function field(bytes: Buffer, at: number): Buffer | null {
  if (bytes.length < at + 4) return null
  const length = bytes.readUInt32BE(at)
  const value = bytes.subarray(at + 4, at + 4 + length)
  return value.length === length ? value : null
}

/** Whether a word is a public key of this type: its bytes begin with the type's name. */
export const isPublicKey = (type: string, key: string): boolean =>
  type !== '' &&
  /^[A-Za-z0-9+/]+=*$/.test(key) &&
  field(Buffer.from(key, 'base64'), 0)?.toString('utf8') === type

/** `SHA256:…` of a public key in base64, as ssh-keygen -l prints it. */
export const keyFingerprint = (key: string): string =>
  `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}`

async function keygen(
  words: readonly string[],
  {input, environment}: {input: string | Uint8Array; environment: Variables},
): Promise<{code: number; stdout: string; stderr: string}> {
  const {PATH, HOME, SSH_AUTH_SOCK, SSH_ASKPASS, DISPLAY} = environment
  const {exit, stdout, stderr, failure} = await runProgram({
    ...{program: 'ssh-keygen', args: words, input},
    env: {PATH, HOME, SSH_AUTH_SOCK, SSH_ASKPASS, DISPLAY, TZ: 'UTC', LC_ALL: 'C'},
  })
  if (exit !== null) return {code: exit, stdout, stderr}
  throw problem({
    what: {fr: 'ssh-keygen ne répond pas.', en: 'ssh-keygen does not answer.'},
    why: failure ?? '',
    next: {fr: 'installer OpenSSH (openssh-client)', en: 'install OpenSSH (openssh-client)'},
    exit: 3,
  })
}
