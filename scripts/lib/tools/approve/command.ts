// `npx zx scripts/approve.ts <scenario>`: reads, shows, asks, signs, publishes; in that order.

import {homedir} from 'node:os'
import {join, resolve} from 'node:path'
import {approve, prepareStatement, type WaitingRun} from '../../approvals/approve.ts'
import {comesFirst, firstUse} from '../../approvals/first-use.ts'
import type {ApprovalStatement} from '../../approvals/statement.ts'
import {keyPrint, plainRef, refPrint, unreadTarget} from '../../approvals/target.ts'
import {showHelp} from '../../base/called-as.ts'
import {scriptArguments} from '../../base/entry.ts'
import {usage} from '../../base/flags.ts'
import {langOf, toolArguments} from '../../base/tool-arguments.ts'
import {parseDuration} from '../../domain/duration.ts'
import type {Scenario} from '../../domain/event.ts'
import {fold} from '../../domain/fold.ts'
import {problem} from '../../domain/problem.ts'
import {inLang, type Text} from '../../domain/text.ts'
import {utcMinute} from '../../domain/times.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import {approvalScopeOf} from '../../run/asking/approval.ts'
import {terminalPrompter} from '../../run/asking/prompt.ts'
import {openRunHere} from '../../run/opening/live-file.ts'
import {isInteractive, openSession, type Session} from '../../run/session.ts'
import {parseJournal} from '../../store/journal.ts'
import {leasesOf} from '../../store/lease/lease.ts'
import {approveHelp} from '../../words/approve.ts'

const options = {
  role: {type: 'string'},
  name: {type: 'string'},
  key: {type: 'string'},
  'valid-for': {type: 'string'},
  confirm: {type: 'string'},
  ref: {type: 'string'},
  'public-key': {type: 'string'},
  gate: {type: 'string'},
} as const

const scenarios: readonly Scenario[] = ['staging', 'production', 'freeze']

export async function approveCommand(catalogue: () => Promise<Catalogue>): Promise<number> {
  const {values, place, positionals} = toolArguments(scriptArguments(), options)
  const lang = langOf(values.lang)
  if (values.help) {
    showHelp(approveHelp(lang))
    return 0
  }
  const [word, ...more] = positionals
  const scenario = scenarios.find((each) => each === word)
  if (scenario === undefined || more.length > 0)
    throw usage(positionals.join(' '), scenarios.join(', '))
  const {role} = values
  if (role === undefined) throw usage('--role', {fr: 'il manque --role', en: '--role is missing'})
  const validForMs = parseDuration(values['valid-for'] ?? '24h')
  if (validForMs === undefined || validForMs <= 0) {
    throw usage(`--valid-for ${values['valid-for']}`, {
      fr: 'une durée s’écrit 90s, 30m, 48h ou 7d',
      en: 'a duration is written 90s, 30m, 48h or 7d',
    })
  }
  const session = await openSession(
    {scenario, phases: [], rollback: null, catalogue},
    {
      ...{help: false, plan: false, answersTemplate: false, status: false, exit: false},
      ...{...place, json: values.json ?? false, lang},
      ...(values.gate !== undefined && {gate: values.gate}),
    },
    {readOnly: true, services: false},
  )
  try {
    const scope = approvalScopeOf(session)
    const {statement, fingerprints} = await prepareStatement(scope, {
      role,
      name: values.name,
      key: '',
      validForMs,
      target: {
        ref: values.ref === undefined ? null : refPrint(values.ref),
        key: values['public-key'] === undefined ? null : keyPrint(values['public-key'].trim()),
      },
    })
    await refuseBlind(statement, session)
    session.terminal.heading({fr: 'Ce qui sera signé', en: 'What will be signed'})
    // Past the mask: the approver has to see the ref, which every client of the application sees too.
    const out = values.json ? process.stderr : process.stdout
    const ref = values.ref ?? (await refToShow(session))
    for (const line of shown(statement, {fingerprints, ref})) out.write(`${inLang(line, lang)}\n`)
    const early = comesFirst(await firstUse(scope), {
      now: new Date(statement.issuedAt),
      expiresAt: new Date(statement.expiresAt),
    })
    if (early !== null) session.terminal.warn(early)
    await confirm(session, statement.tag, values.confirm)
    const key = keyPath(session, role, values.key)
    const {ref: published} = await approve(scope, statement, key, await waitingRun(session))
    session.terminal.say({
      fr: `Approbation publiée : ${published}, valable jusqu’au ${utcMinute(statement.expiresAt)}.`,
      en: `Approval published: ${published}, valid until ${utcMinute(statement.expiresAt)}.`,
    })
    if (values.json) session.terminal.result('approval', {ref: published, statement})
    return 0
  } finally {
    await session.close()
  }
}

/** The open run of this very release: in this clone, or what another machine sent of it last. */
async function waitingRun(session: Session): Promise<WaitingRun | null> {
  const {world, scenario, checkpoint} = session
  const lease = await leasesOf(world).read()
  const sent = lease === null || lease.ours || lease.journal === '' ? null : lease.journal
  const state = sent === null ? openRunHere(session) : fold(parseJournal(sent, 'lease'))
  if (state?.scenario !== scenario || state.checkpoint.commit !== checkpoint.commit) return null
  return {state, here: sent === null}
}

/** A release to PRODUCTION binds what exists: all of it, read here or elsewhere. */
async function refuseBlind(
  {target, scenario}: ApprovalStatement,
  {project, environment, env}: Session,
): Promise<void> {
  if (target === null || scenario !== 'production' || environment === null) return
  const file = await env(environment)
  const unread = unreadTarget(project, environment, file.exists ? file : null)
  const missing = [
    ...(unread.includes('ref') && target.ref === null ? ['--ref'] : []),
    ...(unread.includes('key') && target.key === null ? ['--public-key'] : []),
  ]
  if (missing.length === 0) return
  throw problem({
    what: {
      fr: 'La référence du projet et l’empreinte de la clé ne se lisent pas ici.',
      en: 'The project ref and the key’s fingerprint cannot be read here.',
    },
    why: {
      fr: 'le fichier d’environnement est absent de cette machine, ou incomplet',
      en: 'the env file is not on this machine, or incomplete',
    },
    next: {
      fr: `les relire chez l’hébergeur de la base, puis les donner : ${missing.join(' ')}`,
      en: `read them at the database’s vendor, and give them: ${missing.join(' ')}`,
    },
    exit: 3,
  })
}

/** What a person compares with the vendor's console; the statement itself holds its fingerprint only. */
async function refToShow({project, environment, env}: Session): Promise<string | null> {
  if (environment === null) return null
  const file = await env(environment)
  return plainRef(project, environment, file.exists ? file : null)
}

function shown(
  statement: ApprovalStatement,
  {fingerprints, ref}: {fingerprints: readonly string[]; ref: string | null},
): Text[] {
  const {target, checkpoint} = {target: statement.target, checkpoint: statement}
  const rows: [Text, string][] = [
    [{fr: 'Scénario', en: 'Scenario'}, statement.scenario],
    ['Tag', checkpoint.tag],
    ['Commit', checkpoint.commit],
    ...(target === null
      ? []
      : ([
          [{fr: 'Adresse', en: 'Address'}, target.url],
          [
            {fr: 'Référence du projet', en: 'Project ref'},
            target.ref === null ? '—' : `${ref ?? '—'} (${target.ref})`,
          ],
          [
            {fr: 'Empreinte de la clé publique', en: 'Fingerprint of the public key'},
            target.key ?? '—',
          ],
        ] satisfies [Text, string][])),
    ['Release Gate', `${statement.gate.path} (sha256 ${statement.gate.sha256.slice(0, 16)})`],
    ['Runbook', `${statement.runbook.path} (sha256 ${statement.runbook.sha256.slice(0, 16)})`],
    [
      {fr: 'Approbateur', en: 'Approver'},
      `${statement.name}, ${statement.role}, ${statement.principal}`,
    ],
    [{fr: 'Clé SSH', en: 'SSH key'}, fingerprints.join(', ') || '—'],
    [
      {fr: 'Valable', en: 'Valid'},
      `${utcMinute(statement.issuedAt)} – ${utcMinute(statement.expiresAt)}`,
    ],
  ]
  const line = (lang: 'fr' | 'en') =>
    rows.map(([label, value]) => `  ${inLang(label, lang)} : ${value}`)
  const en = line('en')
  return line('fr').map((fr, index) => ({fr, en: en[index] ?? fr}))
}

async function confirm(session: Session, tag: string, given: string | undefined): Promise<void> {
  const typed =
    given ??
    (isInteractive(session.args)
      ? await terminalPrompter({terminal: session.terminal}).type({
          message: {fr: `Pour signer, taper le tag : ${tag}`, en: `To sign, type the tag: ${tag}`},
          expected: tag,
        })
      : null)
  if (typed === tag) return
  throw problem({
    what:
      typed === null
        ? {
            fr: 'Rien n’a été signé : le tag n’a pas été tapé.',
            en: 'Nothing was signed: the tag was not typed.',
          }
        : {
            fr: `Rien n’a été signé : « ${typed} » n’est pas ${tag}.`,
            en: `Nothing was signed: “${typed}” is not ${tag}.`,
          },
    next: {
      fr: `relancer la même commande ; sans terminal, avec --confirm ${tag}`,
      en: `run the same command again; without a terminal, with --confirm ${tag}`,
    },
    exit: typed === null ? 4 : 3,
  })
}

function keyPath({standIns}: Session, role: string, given: string | undefined): string {
  if (given !== undefined) return resolve(given.replace(/^~(?=\/)/, homedir()))
  return standIns?.keyOf(role) ?? join(homedir(), '.ssh', 'id_ed25519')
}
