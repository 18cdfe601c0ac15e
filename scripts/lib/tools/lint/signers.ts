// The two lists of keys beside the runbooks, as they lie in the working tree: each line is a key. OpenSSH
// passes over a line of allowed_signers that is none, and refuses every signature for one of revoked_signers.

import {readFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {brokenRevocations, parseSigners} from '../../approvals/signers.ts'
import type {DocumentError} from '../../documents/document.ts'
import {located} from '../../lint/finding.ts'
import type {Policy} from '../../policy/policy.ts'

export async function lintSigners(policy: Policy): Promise<DocumentError[]> {
  const decision = await policy.file('runbooks/decision.md')
  const read = (name: string) => readFile(join(dirname(decision.absolute), name)).catch(() => null)
  const path = (name: string) => decision.path.replace(/[^/]*$/, name)
  const allowed = parseSigners((await read('allowed_signers'))?.toString('utf8') ?? '').broken
  const revoked = brokenRevocations(await read('revoked_signers'))
  return [
    ...located(
      path('allowed_signers'),
      allowed.map((line) => finding(line, 'ADRESSE ssh-ed25519 CLÉ')),
    ),
    ...located(
      path('revoked_signers'),
      revoked.map((line) => finding(line, 'ssh-ed25519 CLÉ')),
    ),
  ]
}

const finding = (line: number, form: string) => ({
  at: {line, column: 1},
  reason: {fr: 'cette ligne n’est pas une clé publique', en: 'this line is no public key'},
  rule: 'signer-line',
  expected: [form],
  note: {
    fr: 'écrire la clé publique entière, ou mettre la ligne en commentaire avec #',
    en: 'write the whole public key, or comment the line out with #',
  },
})
