// What of a Release Gate holds: each entry of its section 4 with its line, its tag, its commit, whether
// it is committed, and what the CI says where the gate speaks of the nightly.

import type {Arguments} from '../../base/arguments.ts'
import {inLang, type Text} from '../../domain/text.ts'
import type {Judgement, Verdict} from '../../domain/verdict.ts'
import type {GateEntry} from '../../policy/gate.ts'
import type {PolicyItem} from '../../policy/runbook.ts'
import {judgeCheck} from '../../run/judging/judge.ts'
import {readOnlyContext} from '../../run/read-only-context.ts'
import {type Session, sessionOf, type Workspace} from '../../run/session.ts'

interface Row {
  readonly title: string
  readonly verdict: Verdict | 'waiting'
  readonly observed: Text
  readonly next?: Text | undefined
}

/** Prints what holds. 0: everything; 3: not. Throws a `Problem` (2) for a gate that cannot be read. */
export async function checkGate(workspace: Workspace, args: Arguments): Promise<number> {
  const {terminal} = workspace
  const session = await sessionOf(workspace, {scenario: 'freeze', phases: [], rollback: null}, args)
  const {gate} = session
  terminal.heading(`${workspace.world.sandbox ? 'SANDBOX · ' : ''}${gate.path} · ${gate.tag}`)
  const entries = gate.entries.map(entryRow)
  for (const row of entries) terminal.outcome(row)
  terminal.heading({fr: 'Le gate lui-même', en: 'The gate itself'})
  const facts = await factRows(session)
  for (const row of facts) terminal.outcome(row)
  const bad = [...entries, ...facts].filter(({verdict}) => !['pass', 'waiting'].includes(verdict))
  const complete = bad.length === 0 && entries.length > 0
  terminal.say(
    complete
      ? {
          fr: 'Complet : les scénarios peuvent s’y appuyer.',
          en: 'Complete: scenarios may rest on it.',
        }
      : {
          fr: `Incomplet : ${bad.map(({title}) => title).join(' ; ')}`,
          en: `Incomplete: ${bad.map(({title}) => title).join('; ')}`,
        },
  )
  const {path, tag, commit} = gate
  terminal.result('gate-check', {path, tag, commit, complete, entries: gate.entries, facts})
  return complete ? 0 : 3
}

const verdicts = {validated: 'pass', refused: 'fail', unclear: 'unknown', open: 'unknown'} as const

const meaning: Readonly<Record<GateEntry['mark'], Text>> = {
  validated: {fr: 'validé', en: 'validated'},
  refused: {fr: 'refusé', en: 'refused'},
  unclear: {fr: 'incertain : ni un oui ni un non', en: 'unclear: neither a yes nor a no'},
  open: {fr: 'ouvert', en: 'open'},
}

function entryRow({text, mark, raw, line}: GateEntry): Row {
  const said = raw.trim() === '' ? '' : ` (${raw.trim()})`
  const word = (lang: 'fr' | 'en') => `${inLang(meaning[mark], lang)}${said}`
  return {
    title: `${line} · ${text}`,
    verdict: verdicts[mark],
    observed: {fr: word('fr'), en: word('en')},
  }
}

const titles: Readonly<Record<string, Text>> = {
  'gate-complete': {fr: 'Section 4', en: 'Section 4'},
  tag: {fr: 'Tag et commit', en: 'Tag and commit'},
  'code-unchanged': {fr: 'Code depuis le tag', en: 'Code since the tag'},
  'repository-clean': {fr: 'Gate committé', en: 'Gate committed'},
  'nightly-green': {fr: 'Nightly, vue par la CI', en: 'Nightly, as the CI sees it'},
}

/** `nightly-green` only where the gate claims it: a tick must not be older than the run it speaks of. */
async function factRows(session: Session): Promise<Row[]> {
  const {context, close} = await readOnlyContext(session)
  try {
    const claims = session.gate.entries.some(
      ({text, mark}) => mark === 'validated' && /nightly/i.test(text),
    )
    const names = ['gate-complete', 'tag', 'code-unchanged', 'repository-clean']
    const rows: Row[] = []
    for (const name of claims ? [...names, 'nightly-green'] : names) {
      const judgement = await judgeCheck(await asUsed(session, name), {
        context,
        catalogue: session.catalogue,
      })
      rows.push(factRow(name, judgement, session))
    }
    return rows
  } finally {
    await close()
  }
}

function factRow(name: string, judgement: Judgement, {terminal}: Session): Row {
  const {verdict, observed, next, attestable} = judgement
  const title = inLang(titles[name] ?? name, terminal.lang)
  // Where no CI can be asked, the gate's own word is a person's: nothing contradicts it.
  const silent = verdict === 'unknown' && attestable !== undefined
  return {title, verdict: silent ? 'waiting' : verdict, observed, next}
}

/** The check with the parameters that a runbook gives it: STAGING's are the least that a release needs. */
export async function asUsed(
  {policy}: Pick<Session, 'policy'>,
  name: string,
): Promise<Pick<PolicyItem, 'name' | 'parameters'>> {
  for (const scenario of ['staging', 'freeze', 'production']) {
    const {prerequisites} = await policy.runbook(scenario)
    const item = prerequisites.find((each) => each.kind === 'check' && each.name === name)
    if (item !== undefined) return item
  }
  return {name, parameters: {}}
}
