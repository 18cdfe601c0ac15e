// What of a Release Gate holds: each entry of its section 4 with its line, its tag, its commit, whether
// it is committed, and what the CI says where the gate speaks of the nightly.

import type {Arguments} from '../../base/arguments.ts'
import {marked} from '../../domain/mark.ts'
import {inLang, type Text} from '../../domain/text.ts'
import type {Verdict} from '../../domain/verdict.ts'
import type {GateEntry} from '../../policy/gate.ts'
import {type GateFact, gateFacts} from '../../run/gate-facts.ts'
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
  terminal.heading(marked(workspace.world.mark, `${gate.path} · ${gate.tag}`))
  const entries = gate.entries.map(entryRow)
  for (const row of entries) terminal.outcome(row)
  terminal.heading({fr: 'Le gate lui-même', en: 'The gate itself'})
  const facts = (await gateFacts(session)).map(factRow(session))
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

const factRow =
  ({terminal}: Session) =>
  ({title, judgement, silent}: GateFact): Row => ({
    title: inLang(title, terminal.lang),
    verdict: silent ? 'waiting' : judgement.verdict,
    observed: judgement.observed,
    next: judgement.next,
  })
