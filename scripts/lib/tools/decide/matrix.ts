// The rows of decision.md's matrix, as people edit them: `<!-- condition: check:NAME not:NAME attest -->`.
// What only people can judge is to be attested by a role, and never assumed.

import {parse} from '../../documents/parse.ts'
import {tables} from '../../documents/table.ts'
import type {Scenario} from '../../domain/event.ts'
import type {JsonOutput} from '../../domain/json-outputs.ts'
import {problem} from '../../domain/problem.ts'
import type {Judgement} from '../../domain/verdict.ts'
import type {Authorities} from '../../policy/authorities.ts'
import type {OpenContext} from '../../run/context-of.ts'
import {judgeCheck} from '../../run/judging/judge.ts'
import type {Session, Workspace} from '../../run/session.ts'

export type Condition = JsonOutput<'decide'>['matrix'][number]

interface Given {
  readonly sessions: readonly Session[]
  readonly contexts: ReadonlyMap<Scenario, OpenContext>
  readonly authorities: Authorities
}

export async function matrixOf(workspace: Workspace, given: Given): Promise<Condition[]> {
  const {source, path} = await workspace.policy.file('runbooks/decision.md')
  const rows = tables(await parse(source, path)).flatMap((table) => table.rows)
  const conditions: Condition[] = []
  for (const row of rows) {
    const directive = row.directives.find(({kind}) => kind === 'condition')
    if (directive === undefined) continue
    const place = {path, line: row.position.line}
    const judged: Judgement[] = []
    for (const word of directive.words)
      if (word !== 'attest') judged.push(await conditionOf(word, place, given))
    const scenario = row.cells[1]?.text ?? ''
    const attest = directive.words.includes('attest')
    const said = directive.parameters.get('roles')?.value.split(',')
    conditions.push({
      condition: row.cells[0]?.text ?? '',
      scenario,
      state: stateOf(judged, attest),
      roles: attest ? (said?.map((role) => role.trim()) ?? rolesOf(scenario, given)) : [],
      observed: judged.map(({observed}) => observed),
      at: `${path}:${place.line}`,
    })
  }
  return conditions
}

function stateOf(judged: readonly Judgement[], attest: boolean): Condition['state'] {
  if (judged.some(({verdict}) => verdict === 'fail')) return 'does-not-hold'
  if (judged.some(({verdict}) => verdict === 'unknown')) return 'unknown'
  return attest ? 'to-attest' : 'holds'
}

const letters = {A: 'staging', B: 'production', C: 'freeze'} as const

/** Those who decide the row's scenario; a row that names none leaves it to anybody who decides. */
function rolesOf(scenario: string, {authorities}: Given): readonly string[] {
  const letter = /(?:^|\W)([ABC])(?:\W|$)/.exec(scenario)?.[1]
  for (const [name, of] of Object.entries(letters)) if (name === letter) return authorities[of]
  return [...new Set(Object.values(authorities).flat())]
}

/** `check:NAME` as some runbook asks for it (its parameters come from there), or its contrary. */
async function conditionOf(
  word: string,
  place: {path: string; line: number},
  {sessions, contexts}: Given,
): Promise<Judgement> {
  const [kind, name] = word.split(':')
  // STAGING's and PRODUCTION's items differ in their figures: the last scenario that uses a check is the strictest.
  const [first] = sessions
    .toReversed()
    .flatMap((session) =>
      session.runbook.prerequisites
        .filter((item) => item.kind === 'check' && item.name === name)
        .map((item) => ({session, item})),
    )
  const opened = first === undefined ? undefined : contexts.get(first.session.scenario)
  if ((kind !== 'check' && kind !== 'not') || first === undefined || opened === undefined) {
    throw unproven(word, place)
  }
  const {catalogue} = first.session
  const judgement = await judgeCheck(first.item, {context: opened.context, catalogue})
  if (kind === 'check' || judgement.verdict === 'unknown') return judgement
  return {...judgement, verdict: judgement.verdict === 'pass' ? 'fail' : 'pass'}
}

function unproven(word: string, {path, line}: {path: string; line: number}) {
  return problem({
    what: {
      fr: `${path}:${line}:1 : la condition « ${word} » n’est prouvée par aucun runbook.`,
      en: `${path}:${line}:1: no runbook proves the condition “${word}”.`,
    },
    next: {
      fr: 'écrire check:NOM, not:NOM ou attest, avec un contrôle des pré-requis',
      en: 'write check:NAME, not:NAME or attest, with a check of the prerequisites',
    },
    exit: 2,
    at: {path, line, column: 1},
  })
}
