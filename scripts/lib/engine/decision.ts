// The decision between the three scenarios: the matrix of decision.md against the facts, and for each
// scenario whether it may run now, why not, when at the earliest, and who decides. Prompts for nothing.

import {parse} from '../documents/parse.ts'
import {tables} from '../documents/table.ts'
import type {Scenario} from '../domain/event.ts'
import {fold} from '../domain/fold.ts'
import {problem} from '../domain/problem.ts'
import {inLang, type Text} from '../domain/text.ts'
import type {Judgement} from '../domain/verdict.ts'
import {noAnswers} from './answers.ts'
import {readAuthorities} from './authorities.ts'
import {type OpenContext, openContext} from './context-of.ts'
import {judgeCheck, judgeItem, type Outcome} from './judge.ts'
import {lintProblem, lintRunbook} from './lint-runbook.ts'
import {imagined} from './plan.ts'
import {together} from './prerequisites.ts'
import {nobody} from './prompt.ts'
import type {PolicyItem} from './runbook.ts'
import type {Session, Workplace} from './session.ts'

export interface Condition {
  readonly condition: string
  readonly scenario: string
  readonly state: 'holds' | 'does-not-hold' | 'unknown' | 'to-attest'
  readonly observed: readonly Text[]
}

export interface Option {
  readonly scenario: Scenario
  readonly may: 'now' | 'after-people' | 'later' | 'no'
  readonly reasons: readonly Text[]
  readonly earliest: string | null
  readonly roles: readonly string[]
  readonly next: string
}

export interface Decision {
  readonly checkpoint: Session['checkpoint']
  readonly gate: string
  readonly matrix: readonly Condition[]
  readonly scenarios: readonly Option[]
}

/** Evaluates everything, read-only. `sessions`: one for each scenario, of one workplace. */
export async function decide(
  workplace: Workplace,
  sessions: readonly Session[],
): Promise<Decision> {
  const rooms = new Map<Scenario, OpenContext>()
  try {
    for (const session of sessions) {
      const found = lintProblem(await lintRunbook(session.runbook, session.catalogue, session))
      if (found !== undefined) throw found
      rooms.set(session.scenario, await roomOf(session))
    }
    const scenarios: Option[] = []
    for (const session of sessions) scenarios.push(await optionOf(session, rooms))
    const [first] = sessions
    if (first === undefined) throw new Error('a decision needs sessions')
    return {
      checkpoint: first.checkpoint,
      gate: first.gate.path,
      matrix: await matrixOf(workplace, sessions, rooms),
      scenarios,
    }
  } finally {
    for (const room of rooms.values()) await room.close()
  }
}

const roomOf = (session: Session): Promise<OpenContext> =>
  openContext({
    session,
    state: () => fold([imagined(session)]),
    mode: 'READ-ONLY',
    fences: [],
    attempt: 1,
    dryRun: true,
    record: async () => {},
    signal: new AbortController().signal,
  })

async function optionOf(
  session: Session,
  rooms: ReadonlyMap<Scenario, OpenContext>,
): Promise<Option> {
  const {scenario, runbook, catalogue, world, terminal} = session
  const room = rooms.get(scenario)
  if (room === undefined) throw new Error(`no context for ${scenario}`)
  const found: {item: PolicyItem; outcome: Outcome}[] = []
  for (const item of runbook.prerequisites) {
    terminal.doing(item.title)
    found.push({
      item,
      outcome: await judgeItem(item, {
        context: room.context,
        catalogue,
        answers: noAnswers,
        prompter: nobody,
      }),
    })
  }
  const end = together(found)
  const command = `npx zx scripts/${scenario}.ts${world.sandbox ? ' --sandbox' : ''}`
  const roles = (await readAuthorities(session))[scenario]
  switch (end.type) {
    case 'passed':
      return {scenario, may: 'now', reasons: [], earliest: null, roles, next: command}
    case 'waiting':
      return {
        scenario,
        may: end.earliest === null ? 'after-people' : 'later',
        reasons: end.reasons,
        earliest: end.earliest,
        roles,
        next: end.earliest === null ? command : `${command} --plan`,
      }
    case 'blocked':
    case 'failed':
      return {
        scenario,
        may: 'no',
        reasons: end.type === 'blocked' ? end.reasons : [end.why],
        earliest: null,
        roles,
        next: `${command} --plan`,
      }
    default:
      return end satisfies never
  }
}

/** The rows of the matrix, as people edit them: `<!-- condition: check:NAME not:NAME attest -->`. */
async function matrixOf(
  workplace: Workplace,
  sessions: readonly Session[],
  rooms: ReadonlyMap<Scenario, OpenContext>,
): Promise<Condition[]> {
  const {source, path} = await workplace.policy.file('runbooks/decision.md')
  const document = await parse(source, path)
  const rows = tables(document).flatMap((table) => table.rows)
  const conditions: Condition[] = []
  for (const row of rows) {
    const directive = row.directives.find(({kind}) => kind === 'condition')
    if (directive === undefined) continue
    const words = [directive.name, ...directive.flags].filter((word) => word !== '')
    const judged: Judgement[] = []
    for (const word of words)
      if (word !== 'attest')
        judged.push(await conditionOf(word, {path, line: row.position.line}, sessions, rooms))
    conditions.push({
      condition: row.cells[0]?.text ?? '',
      scenario: row.cells[1]?.text ?? '',
      state: stateOf(judged, words.includes('attest')),
      observed: judged.map(({observed}) => observed),
    })
  }
  return conditions
}

function stateOf(judged: readonly Judgement[], attest: boolean): Condition['state'] {
  if (judged.some(({verdict}) => verdict === 'fail')) return 'does-not-hold'
  if (judged.some(({verdict}) => verdict === 'unknown')) return 'unknown'
  return attest ? 'to-attest' : 'holds'
}

/** `check:NAME` as some runbook asks for it (its parameters come from there), or its contrary. */
async function conditionOf(
  word: string,
  place: {path: string; line: number},
  sessions: readonly Session[],
  rooms: ReadonlyMap<Scenario, OpenContext>,
): Promise<Judgement> {
  const [kind, name] = word.split(':')
  const used = [...sessions]
    .reverse()
    .flatMap((session) =>
      session.runbook.prerequisites
        .filter((item) => item.kind === 'check' && item.name === name)
        .map((item) => ({session, item})),
    )
  const [first] = used
  const room = first === undefined ? undefined : rooms.get(first.session.scenario)
  if ((kind !== 'check' && kind !== 'not') || first === undefined || room === undefined) {
    throw problem({
      what: {
        fr: `${place.path}:${place.line}:1 : la condition « ${word} » n’est prouvée par aucun runbook.`,
        en: `${place.path}:${place.line}:1: no runbook proves the condition “${word}”.`,
      },
      next: {
        fr: 'écrire check:NOM, not:NOM ou attest, avec un contrôle des pré-requis',
        en: 'write check:NAME, not:NAME or attest, with a check of the prerequisites',
      },
      exit: 2,
      at: {...place, column: 1},
    })
  }
  // STAGING's and PRODUCTION's items differ in their figures; the strictest runbook that uses a check says them.
  const judgement = await judgeCheck(first.item, {
    context: room.context,
    catalogue: first.session.catalogue,
  })
  if (kind === 'check' || judgement.verdict === 'unknown') return judgement
  return {...judgement, verdict: judgement.verdict === 'pass' ? 'fail' : 'pass'}
}

const names: Readonly<Record<Scenario, Text>> = {
  staging: {fr: 'A · STAGING', en: 'A · STAGING'},
  production: {fr: 'B · PRODUCTION', en: 'B · PRODUCTION'},
  freeze: {fr: 'C · freeze', en: 'C · freeze'},
}

const mayWords: Readonly<Record<Option['may'], Text>> = {
  now: {fr: 'peut commencer maintenant', en: 'may start now'},
  'after-people': {
    fr: 'peut commencer ; des personnes doivent répondre',
    en: 'may start; people have to answer',
  },
  later: {fr: 'pas encore : il manque du temps', en: 'not yet: time is missing'},
  no: {fr: 'bloqué', en: 'blocked'},
}

/** The decision for people. */
export function tellDecision({terminal}: Workplace, decision: Decision): void {
  const {heading, say, outcome} = terminal
  heading({
    fr: `Décision · ${decision.checkpoint.tag} · ${decision.gate}`,
    en: `Decision · ${decision.checkpoint.tag} · ${decision.gate}`,
  })
  heading({fr: 'Matrice', en: 'Matrix'})
  for (const {condition, scenario, state, observed} of decision.matrix) {
    const verdict = {
      holds: 'pass',
      'does-not-hold': 'not-applicable',
      unknown: 'unknown',
      'to-attest': 'waiting',
    } as const
    const seen = observed.map((text) => inLang(text, terminal.lang)).join(' ; ')
    outcome({
      verdict: verdict[state],
      title: condition,
      observed: `→ ${scenario}${seen === '' ? '' : ` : ${seen}`}`,
    })
  }
  for (const option of decision.scenarios) {
    heading({
      fr: `${inLang(names[option.scenario], 'fr')} : ${inLang(mayWords[option.may], 'fr')}`,
      en: `${inLang(names[option.scenario], 'en')}: ${inLang(mayWords[option.may], 'en')}`,
    })
    for (const reason of option.reasons)
      say({fr: `  - ${inLang(reason, 'fr')}`, en: `  - ${inLang(reason, 'en')}`})
    if (option.earliest !== null)
      say({fr: `  au plus tôt : ${option.earliest}`, en: `  at the earliest: ${option.earliest}`})
    say({fr: `  décide : ${option.roles.join(', ')}`, en: `  decides: ${option.roles.join(', ')}`})
    say({fr: `  suite : ${option.next}`, en: `  next: ${option.next}`})
  }
}
