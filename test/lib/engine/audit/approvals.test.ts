// Goal: a signed approval of a recorded run verifies again, and one that was not given for it does not.
// Method: real keys and signatures of ssh-keygen, a recorded run each.

import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {fingerprint, sign} from '../../../../scripts/lib/engine/approvals/ssh.ts'
import {parseStatement, serialise} from '../../../../scripts/lib/engine/approvals/statement.ts'
import {publishApproval} from '../../../../scripts/lib/engine/approvals/store.ts'
import {openRepository} from '../../../../scripts/lib/engine/git/repository.ts'
import {readRunbook} from '../../../../scripts/lib/engine/runbook.ts'
import {gitEnvironment} from '../../../helpers/repository.ts'
import {productionRolledBack} from '../story.ts'
import {auditOf, checkpointTag, gatePath, project, recordRun} from './recorded.ts'

const approvals = suite('recorded approvals')

interface Change {
  readonly statement?: Readonly<Record<string, unknown>>
  readonly after?: (text: string) => string
  readonly signature?: (text: string) => string
  readonly signers?: (text: string) => string
  /** The journal has masked the project ref; the published approval holds it. */
  readonly masked?: 'published' | 'lost'
}

async function auditWith(change: Change) {
  const keys = mkdtempSync(join(tmpdir(), 'postgate-keys-'))
  const key = join(keys, 'director')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key])
  const [type = '', body = ''] = readFileSync(`${key}.pub`, 'utf8').trim().split(' ')
  const signers = `directeur@example.org namespaces="postgate" ${type} ${body}\n`
  const test = project({'runbooks/allowed_signers': signers})
  try {
    const commit = test.git(['rev-parse', 'HEAD'])
    const runbook = await readRunbook(
      readFileSync(join(test.clone, 'runbooks/production.md'), 'utf8'),
      'runbooks/production.md',
    )
    const statement = {
      ...{v: 1, scenario: 'production', project: 'Comptoir', tag: checkpointTag, commit},
      tagObject: test.git(['rev-parse', checkpointTag]),
      gate: {path: gatePath, sha256: 'a'.repeat(64)},
      runbook: {path: runbook.path, sha256: runbook.sha256},
      target: {url: 'https://app.example.org', ref: 'abcdefghijklmnopqrst', key: null},
      ...{role: 'Directeur', name: 'Benoît Leroy', principal: 'directeur@example.org'},
      issuedAt: '2026-01-26T18:00:00.000Z',
      expiresAt: '2026-01-27T18:00:00.000Z',
      nonce: '1'.repeat(32),
      ...change.statement,
    }
    const read = parseStatement(JSON.stringify(statement))
    if (read === null) throw new Error('no statement')
    const text = serialise(read)
    const signature = await sign(text, key, process.env)
    const repository = await openRepository(test.clone, {environment: gitEnvironment})
    if (change.masked === 'published')
      await publishApproval(repository, {statement: read, signature})
    const {role, name, nonce, issuedAt, expiresAt} = read
    const written = change.masked === undefined ? text : text.replace('abcdefghijklmnopqrst', '***')
    const {run} = await recordRun(test, productionRolledBack(), {
      approval: {
        ...{role, name, nonce, issuedAt, expiresAt, fingerprint: fingerprint(body)},
        statement: change.after?.(written) ?? written,
        signature: change.signature?.(signature) ?? signature,
        signers: change.signers?.(signers) ?? signers,
      },
    })
    const [found] = (await auditOf(test.clone, run)).runs
    return {
      verified: found?.approvals,
      findings: found?.findings.map(({kind, line, what}) => {
        return `${kind}:${line} ${typeof what === 'string' ? what : what.en}`
      }),
      notes: found?.notes.length,
    }
  } finally {
    test.close()
    rmSync(keys, {recursive: true, force: true})
  }
}

approvals('verify again, at the time when the run relied on them', async () => {
  assert.equal(await auditWith({}), {verified: 1, findings: [], notes: 0})
})

approvals('verify by their published bytes where the journal masks a value', async () => {
  assert.equal(await auditWith({masked: 'published'}), {verified: 1, findings: [], notes: 0})
  assert.equal(await auditWith({masked: 'lost'}), {verified: 0, findings: [], notes: 1})
})

approvals('that were edited, expired, foreign or signed by others are found', async () => {
  const trials: readonly [Change, RegExp][] = [
    [{after: (text) => text.replace('app.example', 'web.example')}, /signature is not valid/],
    [{statement: {expiresAt: '2026-01-26T20:00:00.000Z'}}, /did not hold when/],
    [{statement: {tag: 'another-tag'}}, /not for this run: tag/],
    [{signature: () => ''}, /not by a key of/],
    [{signers: (text) => `${text}# another line\n`}, /never committed/],
  ]
  for (const [change, expected] of trials) {
    const {verified, findings} = await auditWith(change)
    assert.is(verified, 0)
    assert.is(findings?.length, 1)
    assert.match(findings?.[0] ?? '', /^approval:3 /)
    assert.match(findings?.[0] ?? '', expected)
  }
})

approvals.run()
