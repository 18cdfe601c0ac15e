// What of a Release Gate holds: each entry of its section 4 with its line, its tag, its commit, whether
// it is committed, and what the CI says where the gate speaks of the nightly.

import type {Arguments} from '../../base/arguments.ts'
import {marked} from '../../domain/mark.ts'
import {inLang, type Lang, type Text} from '../../domain/text.ts'
import type {Verdict} from '../../domain/verdict.ts'
import type {GateEntry} from '../../policy/gate-file.ts'
import {type GateFact, gateFacts} from '../../run/gate-facts.ts'
import {type Session, sessionOf, type Workspace} from '../../run/session.ts'
import {counted} from '../../words/observed.ts'

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
  const facts = (await gateFacts(session)).map(({name, ...fact}) => ({
    ...{name, row: factRow(session)(fact)},
  }))
  const open = entries.filter(isBad).length
  for (const {name, row} of facts) {
    // The entries stand above, each with its line: here they are counted.
    terminal.outcome(
      name === 'gate-complete' && open > 0 ? {...row, ...notValidated(entries)} : row,
    )
  }
  const wrong = facts.flatMap(({name, row}) =>
    isBad(row) && (name !== 'gate-complete' || open === 0) ? [row.title] : [],
  )
  const complete = open === 0 && wrong.length === 0 && entries.length > 0
  terminal.say(complete ? whole : incomplete(open, wrong))
  const {path, tag, commit} = gate
  terminal.result('gate-check', {
    path,
    tag,
    commit,
    complete,
    entries: gate.entries,
    facts: facts.map(({row}) => row),
  })
  return complete ? 0 : 3
}

const isBad = ({verdict}: Row) => verdict !== 'pass' && verdict !== 'waiting'

const notValidated = (entries: readonly Row[]): Pick<Row, 'observed'> => ({
  observed: {
    fr: `${entries.filter(isBad).length} sur ${entries.length} non validées`,
    en: `${entries.filter(isBad).length} of ${entries.length} entries not validated`,
  },
})

const whole: Text = {
  fr: 'Complet : les scénarios peuvent s’y appuyer.',
  en: 'Complete: scenarios may rest on it.',
}

function incomplete(open: number, wrong: readonly string[]): Text {
  const entries = counted(
    open,
    ['ligne de la section 4 à valider', 'lignes de la section 4 à valider'],
    ['entry of section 4 to validate', 'entries of section 4 to validate'],
  )
  const words = (lang: Lang) =>
    [...(open === 0 ? [] : [inLang(entries, lang)]), ...wrong].join(' ; ')
  return {fr: `Incomplet : ${words('fr')}`, en: `Incomplete: ${words('en')}`}
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
  ({title, judgement, silent}: Omit<GateFact, 'name'>): Row => ({
    title: inLang(title, terminal.lang),
    verdict: silent ? 'waiting' : judgement.verdict,
    observed: judgement.observed,
    next: judgement.next,
  })
