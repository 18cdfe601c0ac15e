// Goal: a signed approval of a recorded run verifies again, and one that was not given for it does not.
// Method: real keys and signatures of ssh-keygen, a recorded run each.

import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {keyFingerprint, sign} from '../../../../scripts/lib/approvals/ssh.ts'
import {parseStatement, serialise} from '../../../../scripts/lib/approvals/statement.ts'
import {publishApproval} from '../../../../scripts/lib/approvals/store.ts'
import {readRunbook} from '../../../../scripts/lib/policy/runbook.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {checkpointTag} from '../../../helpers/recorded-runbook.ts'
import {gitEnvironment} from '../../../helpers/repository.ts'
import {productionRolledBack} from '../../run/story.ts'
import {auditOf, gatePath, project, recordRun} from './recorded.ts'

const approvals = suite('recorded approvals')

interface Change {
  readonly statement?: Readonly<Record<string, unknown>>
  readonly after?: (text: string) => string
  readonly signature?: (text: string) => string
  readonly signers?: (text: string) => string
  /** The journal has masked the project ref; the published approval holds it. */
  readonly masked?: 'published' | 'lost'
  /** When the key was taken back, by the date of the commit that says so. */
  readonly revokedAt?: string
  /** Before the run began, or after it. */
  readonly revoked?: 'before' | 'after'
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
    const revoke = () => {
      writeFileSync(join(test.clone, 'runbooks/revoked_signers'), `${type} ${body}\n`)
      test.git(['add', '--all'])
      execFileSync('git', ['commit', '--quiet', '--message', 'revoked'], {
        cwd: test.clone,
        env: {...gitEnvironment, GIT_COMMITTER_DATE: change.revokedAt},
      })
      test.git(['push', '--quiet', 'origin', 'main'])
    }
    if (change.revoked === 'before') revoke()
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
        ...{role, name, nonce, issuedAt, expiresAt, fingerprint: keyFingerprint(body)},
        statement: change.after?.(written) ?? written,
        signature: change.signature?.(signature) ?? signature,
        signers: change.signers?.(signers) ?? signers,
      },
    })
    if (change.revoked === 'after') revoke()
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

approvals(
  'of a key that was taken back before it signed are found; later does not matter',
  async () => {
    const issued = '2026-01-26T18:00:00.000Z'
    const [early, late] = ['2026-01-25T10:00:00Z', '2026-01-29T10:00:00Z']
    const good = {verified: 1, findings: [], notes: 0}
    assert.equal(await auditWith({revoked: 'after', revokedAt: late}), good)
    const trials: readonly Change[] = [
      {revoked: 'before', revokedAt: early},
      // Also where the dates of commits say otherwise: the run began on it.
      {revoked: 'before', revokedAt: late},
      {revoked: 'after', revokedAt: early},
    ]
    for (const change of trials) {
      const {verified, findings} = await auditWith({...change, statement: {issuedAt: issued}})
      assert.is(verified, 0)
      assert.match(findings?.[0] ?? '', /^approval:3 .*revoked before it signed/)
    }
  },
)

approvals.run()
