// Judges items: a check asks the world, an attestation asks a person. Whatever cannot be known is
// unknown, and says why; only what cannot be read (2) stops at once.

import {sameWord} from '../../approvals/roster.ts'
import {nearest} from '../../documents/nearest.ts'
import type {Person} from '../../domain/event.ts'
import {Problem} from '../../domain/problem.ts'
import {inLang, join, type Text} from '../../domain/text.ts'
import {
  type Declaration,
  holds,
  type ItemJudgement,
  type Judgement,
  unknown,
} from '../../domain/verdict.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import type {Context, KnownPeople} from '../../kit/context.ts'
import type {PolicyItem} from '../../policy/runbook.ts'
import {words} from '../../words/observed.ts'
import {type Answer, type Answers, declaration, standsForAll} from '../asking/answers.ts'
import type {Prompter} from '../asking/prompt.ts'
import {type AnswerForm, answerForm} from './answer-form.ts'

/** What came of an item: judged by the machine or by a person, or still waiting for one. */
export type JudgedOutcome =
  | {
      readonly type: 'judged'
      readonly judgement: ItemJudgement
      readonly by: Person | null
      /** It was answered earlier in this run, and stands in its journal with the time of then. */
      readonly known?: true
    }
  | {
      readonly type: 'waiting'
      readonly judgement: Judgement
      readonly roles: readonly string[]
      /** Somebody answered, and the answer cannot be used: told as what blocks, not as what is missing. */
      readonly unusable?: true
    }

export interface Judges {
  readonly context: Context
  readonly catalogue: Catalogue
  readonly answers: Answers
  readonly prompter: Prompter
  /** A step that asks: what, not whether. */
  readonly asks?: boolean
  /** What the machine made out of a step, and a person makes of it what they can. */
  readonly settles?: Judgement
}

/** The machine's own judgement of a check. Unknown parameters were refused by lint before. */
export async function judgeCheck(
  item: Pick<PolicyItem, 'name' | 'parameters'>,
  {context, catalogue}: Pick<Judges, 'context' | 'catalogue'>,
): Promise<Judgement> {
  const load = catalogue.checks[item.name]
  if (load === undefined) throw new Error(`lint let the unknown check ${item.name} pass`)
  const {z} = await import('zod')
  return answerOf(async () => {
    const definition = await load()
    return definition.judge(context, z.strictObject(definition.parameters).parse(item.parameters))
  })
}

/** Turns what a question throws into an unknown; unreadable input (2) goes on up. */
export async function answerOf(question: () => Promise<Judgement>): Promise<Judgement> {
  try {
    return await question()
  } catch (error) {
    if (error instanceof Problem) {
      if (error.parts.exit === 2) throw error
      const {what, why, next} = error.parts
      const observed =
        why === undefined
          ? what
          : {
              fr: `${inLang(what, 'fr')} (${inLang(why, 'fr')})`,
              en: `${inLang(what, 'en')} (${inLang(why, 'en')})`,
            }
      return unknown(observed, next === undefined ? {} : {next})
    }
    if (error instanceof TypeError && error.cause === undefined && !/fetch/.test(error.message))
      throw error
    if (
      error instanceof ReferenceError ||
      error instanceof SyntaxError ||
      error instanceof RangeError
    )
      throw error
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return unknown({fr: `pas de réponse (${message})`, en: `no answer (${message})`})
  }
}

/** Judges a prerequisite, a success criterion or an attested item of a phase. */
export async function judgeItem(item: PolicyItem, judges: Judges): Promise<JudgedOutcome> {
  if (item.kind === 'check') {
    const judgement = await judgeCheck(item, judges)
    if (judgement.verdict !== 'unknown' || judgement.attestable === undefined)
      return byMachine(judgement)
    return attest(item, judges, judgement)
  }
  return attest(item, judges, judges.settles)
}

const byMachine = (judgement: Judgement): JudgedOutcome => ({type: 'judged', judgement, by: null})

async function attest(item: PolicyItem, judges: Judges, found?: Judgement): Promise<JudgedOutcome> {
  const {context, answers, prompter} = judges
  const roles = found?.attestable?.roles ?? listOf(item.parameters.roles)
  const form = answerForm(
    item,
    {items: context.runbook.items, now: context.world.clock.now},
    {settles: found !== undefined, asks: judges.asks === true},
  )
  const before = answeredBefore(item, judges, {roles, form})
  if (before?.outdated === null) return before.outcome
  const declares = found?.attestable?.declares
  const declared = declares === undefined ? null : declaredBefore(declares, judges)
  if (declared !== null) return declared
  const observed = before?.outdated ?? found?.observed
  const answer =
    answers.of(item) ??
    (declares === undefined ? undefined : answers.of(declaration(declares))) ??
    (prompter.interactive
      ? await prompter.attest({
          ...{title: item.title, detail: item.detail, roles, optional: item.optional, ...form},
          ...(await offered(context)),
          ...(observed !== undefined && {observed}),
          ...(declares !== undefined && {observed: join([observed ?? '', standsForAll], '\n')}),
        })
      : null)
  const waiting = found ?? unknown({fr: 'pas encore attesté', en: 'not attested yet'})
  if (answer === null)
    return {type: 'waiting', judgement: {...waiting, observed: observed ?? waiting.observed}, roles}
  // An answer that cannot be used is no refusal: nothing is undone because of it, and it is awaited still.
  const unusable = unusableAnswer(item, answer, {roles, form})
  if (unusable !== null) {
    const wrong = answer.at === undefined ? unusable : words`${answer.at} : ${unusable}`
    return {type: 'waiting', judgement: {...waiting, observed: wrong}, roles, unusable: true}
  }
  const said = judges.asks === true ? openAnswer(answer) : answer
  return {
    type: 'judged',
    judgement: {
      ...{verdict: verdictOf[said.answer], observed: said.observed},
      ...(declares !== undefined && {declares}),
    },
    by: {...asSpelled(answer.by, await context.people(), roles), how: 'declared'},
  }
}

/** What stands for all that asks the same, once somebody has said it in this run. */
function declaredBefore(declares: Declaration, {context}: Judges): JudgedOutcome | null {
  const said = [...context.run().items.values()].find(
    (each) => each.declares === declares && each.by !== null && holds(each.verdict),
  )
  if (said === undefined) return null
  const {observed, by} = said
  return {type: 'judged', judgement: {verdict: 'pass', observed, declares}, by}
}

interface Asked {
  readonly roles: readonly string[]
  readonly form: AnswerForm
}

/** What a person answered earlier in this run, and why it cannot stand any more: a window may be over. */
function answeredBefore(
  item: PolicyItem,
  {context}: Judges,
  {roles, form}: Asked,
): {outcome: JudgedOutcome; outdated: Text | null} | null {
  const known = context.run().items.get(item.id)
  if (known?.by == null || known.verdict === 'unknown' || !allowed(known.by.role, roles))
    return null
  const {verdict, observed, by} = known
  // What users have is not held back by an answer that has grown old.
  const stands = verdict !== 'pass' || context.run().deploymentAttempted
  return {
    outdated: stands ? null : form.wrong(inLang(observed, 'fr')),
    outcome: {
      type: 'judged',
      judgement: {verdict, observed},
      ...{by, known: true},
    },
  }
}

async function offered({people}: Context) {
  const known = await people()
  return {people: known.people, known: known.roles}
}

/** Names and roles stand in the record as decision.md spells them. */
function asSpelled(
  {role, name}: Answer['by'],
  {people, roles: known}: KnownPeople,
  roles: readonly string[],
): Answer['by'] {
  return {
    role: [...roles, ...known].find((each) => sameWord(each, role)) ?? role,
    name: people.find((each) => sameWord(each.name, name))?.name ?? name,
  }
}

/** "No" to a step that asks what to do (restore the data?) is its answer, not a refusal. */
function openAnswer(answer: Answer): Answer {
  if (answer.answer !== 'no') return answer
  const {observed} = answer
  return {
    ...answer,
    answer: 'yes',
    observed: /^no/i.test(observed) ? observed : `non : ${observed}`,
  }
}

const verdictOf = {yes: 'pass', no: 'fail', 'not-applicable': 'not-applicable'} as const

/** Why an answer cannot stand: its role, what it leaves open, or its value; null where it can. */
function unusableAnswer(
  item: PolicyItem,
  {answer, by, observed}: Answer,
  {roles, form}: Asked,
): Text | null {
  if (!allowed(by.role, roles)) {
    const meant = nearest(by.role, roles, 3)
    return {
      fr: `« ${by.role} » ne peut pas en répondre ; ${meant === undefined ? `il faut : ${roles.join(', ')}` : `vouliez-vous dire « ${meant} » ?`}`,
      en: `“${by.role}” may not answer for this; ${meant === undefined ? `wanted: ${roles.join(', ')}` : `did you mean “${meant}”?`}`,
    }
  }
  if (answer === 'not-applicable' && !item.optional)
    return {fr: 'cet élément n’est pas facultatif', en: 'this item is not optional'}
  return answer === 'yes' ? form.wrong(observed) : null
}

const listOf = (names: string | undefined) => names?.split(',').map((name) => name.trim()) ?? []

const allowed = (role: string, roles: readonly string[]) =>
  roles.length === 0 || roles.some((each) => sameWord(each, role))
