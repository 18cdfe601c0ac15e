// Verifies the approvals of a run again, offline: the signature over the very bytes, by a key of the
// signers as they were committed, at the time when the run relied on it.

import {keyRefusal} from '../../approvals/roster.ts'
import {parseSigners} from '../../approvals/signers.ts'
import {isRevoked, keyFingerprint, signatureParts, verify} from '../../approvals/ssh.ts'
import {type ApprovalStatement, parseStatement} from '../../approvals/statement.ts'
import type {Event} from '../../domain/event.ts'
import {type Fact, readFact} from '../../domain/facts.ts'
import {Problem} from '../../domain/problem.ts'
import type {RunState} from '../../domain/run.ts'
import type {Text} from '../../domain/text.ts'
import {masked} from '../../guard/mask.ts'
import type {Repository} from '../../store/git/repository.ts'
import {type AuditFinding, absent, finding} from './finding.ts'
import type {AnchoredHistory} from './history.ts'
import type {Past} from './past.ts'

export interface ApprovalsCase {
  readonly repository: Repository
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly history: Pick<AnchoredHistory, 'approvals'>
  readonly past: Pick<Past, 'blobs' | 'wereCommitted' | 'lastChange'>
  readonly path: string
  readonly state: RunState
}

export interface ApprovalsJudged {
  readonly verified: number
  readonly findings: readonly AuditFinding[]
  readonly notes: readonly Text[]
}

export async function judgeApprovals(given: ApprovalsCase): Promise<ApprovalsJudged> {
  const findings: AuditFinding[] = []
  const notes: Text[] = []
  let verified = 0
  // A check that is made again records again: the same bytes are verified once.
  const seen = new Set<string>()
  for (const event of given.state.events) {
    if (event.type !== 'fact-recorded' || event.name !== 'approval') continue
    const key = JSON.stringify(event.value)
    if (seen.has(key)) continue
    seen.add(key)
    const wrong = await judge(given, event)
    if (wrong === null) verified += 1
    else if (wrong === 'masked') notes.push(unverifiable(event.seq))
    else {
      const {what, expected = '', found = ''} = wrong
      const place = {kind: 'approval', path: given.path, line: event.seq} as const
      findings.push(finding({...place, what, expected, found}))
    }
  }
  return {verified, findings, notes}
}

interface Wrong {
  readonly what: Text
  readonly expected?: Text
  readonly found?: Text
}

type Recorded = Extract<Event, {type: 'fact-recorded'}>

const unverifiable = (seq: number): Text => ({
  fr: `événement ${seq} : une valeur de l’approbation est masquée dans le journal, et refs/postgate/approvals n’est pas ici : signature non vérifiée`,
  en: `event ${seq}: a value of the approval is masked in the journal, and refs/postgate/approvals is not here: signature not verified`,
})

async function judge(given: ApprovalsCase, event: Recorded): Promise<Wrong | 'masked' | null> {
  const written = readFact('approval', event.value)
  const approval = written === undefined ? undefined : await unmasked(given, written)
  const statement = approval === undefined ? null : parseStatement(approval.statement)
  if (approval === undefined || statement === null) {
    return {
      what: {fr: 'l’approbation est illisible', en: 'the approval is unreadable'},
      found: approval?.statement ?? absent,
    }
  }
  return (
    aboutThis(statement, approval, given.state) ??
    inTime(statement, event.at) ??
    (await committedSigners(given, approval)) ??
    (await notRevoked(given, statement, approval)) ??
    (approval.statement.includes(masked)
      ? 'masked'
      : await signed(given, {statement, approval, at: new Date(event.at)}))
  )
}

/**
 * The journal masks values of env files, also within the signed bytes. The published approval has
 * them; it counts only where it says the same everywhere else.
 */
async function unmasked(
  {repository, history}: ApprovalsCase,
  approval: Fact<'approval'>,
): Promise<Fact<'approval'>> {
  const object = history.approvals.get(approval.nonce)
  if (!approval.statement.includes(masked) || object === undefined) return approval
  const published = await repository
    .fetchObjects([object])
    .then(() => repository.showFile(object, 'statement.json'))
    .catch(() => null)
  const parts = approval.statement.split(masked)
  const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^"\\n]+')
  const fits = published !== null && new RegExp(`^${pattern}$`).test(published)
  return fits ? {...approval, statement: published} : approval
}

function aboutThis(
  statement: ApprovalStatement,
  approval: Fact<'approval'>,
  {started, scenario}: RunState,
): Wrong | null {
  const {checkpoint, gate, runbook, project} = started
  const pairs: readonly (readonly [string, string, string])[] = [
    ['scenario', scenario, statement.scenario],
    ['project', project, statement.project],
    ['tag', checkpoint.tag, statement.tag],
    ['tagObject', checkpoint.tagObject, statement.tagObject],
    ['commit', checkpoint.commit, statement.commit],
    ['gate', gate.sha256, statement.gate.sha256],
    ['runbook', runbook.sha256, statement.runbook.sha256],
    ['gate', gate.path, statement.gate.path],
    ['runbook', runbook.path, statement.runbook.path],
    ['role', approval.role, statement.role],
    ['name', approval.name, statement.name],
    ['nonce', approval.nonce, statement.nonce],
    ['issuedAt', approval.issuedAt, statement.issuedAt],
    ['expiresAt', approval.expiresAt, statement.expiresAt],
  ]
  for (const [name, expected, found] of pairs) {
    if (expected === found) continue
    const what = {
      fr: `l’approbation signée n’est pas pour cette exécution : ${name}`,
      en: `the signed approval is not for this run: ${name}`,
    }
    return {what, expected, found}
  }
  return null
}

function inTime({issuedAt, expiresAt}: ApprovalStatement, at: string): Wrong | null {
  if (Date.parse(issuedAt) <= Date.parse(at) && Date.parse(at) < Date.parse(expiresAt)) return null
  return {
    what: {
      fr: 'l’approbation ne valait pas au moment où elle a servi',
      en: 'the approval did not hold when it was used',
    },
    expected: `${issuedAt} – ${expiresAt}`,
    found: at,
  }
}

/** Signers that nobody could review prove nothing. */
async function committedSigners(
  {past}: ApprovalsCase,
  {signers}: Fact<'approval'>,
): Promise<Wrong | null> {
  if (await past.wereCommitted(signers)) return null
  return {
    what: {
      fr: 'les signataires contre lesquels l’approbation fut vérifiée n’ont jamais été committés',
      en: 'the signers that the approval was verified against were never committed',
    },
    expected: 'allowed_signers',
    found: absent,
  }
}

/**
 * A key that was taken back before it signed signs nothing; one that was taken back later did sign. What
 * counts is the list as it was committed when the run began, and when the approval was issued.
 */
async function notRevoked(
  {past, environment, state: {started}}: ApprovalsCase,
  {issuedAt}: ApprovalStatement,
  {signature, signers}: Fact<'approval'>,
): Promise<Wrong | null> {
  const key = signatureParts(signature)?.key
  const line = parseSigners(signers).signers.find((each) => each.key === key)
  if (line === undefined) return null // `signed` says so
  const path = started.runbook.path.replace(/[^/]*$/, 'revoked_signers')
  const then = await past.lastChange(path, new Date(issuedAt))
  for (const commit of [started.main, then]) {
    if (commit === null || commit === '') continue
    const revoked = (await past.blobs.read(`${commit}:${path}`)) ?? null
    if (!(await isRevoked(line, revoked, environment))) continue
    return {
      what: {
        fr: 'la clé de l’approbation était révoquée avant qu’elle signe',
        en: 'the key of the approval was revoked before it signed',
      },
      expected: {fr: 'une clé non révoquée', en: 'a key that is not revoked'},
      found: `${keyFingerprint(line.key)}, ${path} (${commit.slice(0, 10)})`,
    }
  }
  return null
}

async function signed(
  {environment}: ApprovalsCase,
  use: {statement: ApprovalStatement; approval: Fact<'approval'>; at: Date},
): Promise<Wrong | null> {
  const {statement, approval, at} = use
  const {principal} = statement
  const key = signatureParts(approval.signature)?.key ?? null
  const line = parseSigners(approval.signers).signers.find(
    (each) =>
      each.key === key &&
      each.principals.includes(principal) &&
      keyRefusal(each.options, at) === null,
  )
  if (key === null || line === undefined || keyFingerprint(key) !== approval.fingerprint) {
    return {
      what: {
        fr: `la signature n’est pas d’une clé de ${principal}`,
        en: `the signature is not by a key of ${principal}`,
      },
      expected: approval.fingerprint,
      found: key === null ? absent : keyFingerprint(key),
    }
  }
  try {
    const verdict = await verify({
      ...{text: approval.statement, signature: approval.signature, principal, at, environment},
      signer: [principal, line.options, line.type, line.key]
        .filter((word) => word !== '')
        .join(' '),
      revoked: null,
    })
    if (verdict === 'good') return null
    return {
      what: {
        fr: 'la signature de l’approbation n’est pas valable',
        en: 'the approval’s signature is not valid',
      },
      expected: {fr: `une signature de ${principal}`, en: `a signature by ${principal}`},
      found: verdict,
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return {
      what: {
        fr: 'la signature n’a pas pu être vérifiée',
        en: 'the signature could not be verified',
      },
      found: error.parts.what,
    }
  }
}
