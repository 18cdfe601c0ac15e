// Judges items: a check asks the world, an attestation asks a person. Whatever cannot be known is
// unknown, and says why; only what cannot be read (2) stops at once.

import type {Person} from '../../domain/event.ts'
import {Problem} from '../../domain/problem.ts'
import {inLang, type Text} from '../../domain/text.ts'
import {type Judgement, unknown} from '../../domain/verdict.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import type {Context} from '../../kit/context.ts'
import type {PolicyItem} from '../../policy/runbook.ts'
import type {Answer, Answers} from '../asking/answers.ts'
import type {Prompter} from '../asking/prompt.ts'

/** What came of an item: judged by the machine or by a person, or still waiting for one. */
export type Outcome =
  | {
      readonly type: 'judged'
      readonly judgement: Judgement
      readonly by: Person | null
      readonly notApplicable: boolean
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
}

/** The machine's own judgement of a check. Unknown parameters were refused by lint before. */
export async function judgeCheck(
  item: Pick<PolicyItem, 'name' | 'parameters'>,
  {context, catalogue}: Pick<Judges, 'context' | 'catalogue'>,
): Promise<Judgement> {
  const load = catalogue.checks[item.name]
  if (load === undefined) throw new Error(`lint let the unknown check ${item.name} pass`)
  const {z} = await import('zod')
  return asked(async () => {
    const definition = await load()
    return definition.judge(context, z.strictObject(definition.parameters).parse(item.parameters))
  })
}

/** Turns what a question throws into an unknown; unreadable input (2) goes on up. */
export async function asked(question: () => Promise<Judgement>): Promise<Judgement> {
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
export async function judgeItem(item: PolicyItem, judges: Judges): Promise<Outcome> {
  if (item.kind === 'check') {
    const judgement = await judgeCheck(item, judges)
    if (judgement.verdict !== 'unknown' || judgement.attestable === undefined)
      return byMachine(judgement)
    return attest(item, judges, judgement)
  }
  return attest(item, judges)
}

const byMachine = (judgement: Judgement): Outcome => ({
  type: 'judged',
  judgement,
  by: null,
  notApplicable: false,
})

async function attest(item: PolicyItem, judges: Judges, found?: Judgement): Promise<Outcome> {
  const roles = found?.attestable?.roles ?? listOf(item.parameters.roles)
  const known = judges.context.run().items.get(item.id)
  if (known?.by != null && known.verdict !== 'unknown' && allowed(known.by.role, roles)) {
    return {
      type: 'judged',
      judgement: {verdict: known.verdict === 'fail' ? 'fail' : 'pass', observed: known.observed},
      by: known.by,
      notApplicable: known.verdict === 'not-applicable',
    }
  }
  const waiting = found ?? unknown({fr: 'pas encore attesté', en: 'not attested yet'})
  const question = {
    title: item.title,
    detail: item.detail,
    roles,
    optional: item.optional,
    ...(found && {observed: found.observed}),
  }
  const answer = judges.answers.of(item) ?? (await judges.prompter.attest(question))
  if (answer === null || answer === undefined) return {type: 'waiting', judgement: waiting, roles}
  // An answer that cannot be used is no refusal: nothing is undone because of it, and it is awaited still.
  const unusable = await unusableAnswer(item, answer, roles)
  if (unusable !== null)
    return {type: 'waiting', judgement: {...waiting, observed: unusable}, roles, unusable: true}
  return {
    type: 'judged',
    judgement: {verdict: answer.answer === 'no' ? 'fail' : 'pass', observed: answer.observed},
    by: {...answer.by, how: 'declared'},
    notApplicable: answer.answer === 'not-applicable',
  }
}

/** Why an answer cannot stand: its role, what it leaves open, or its value; null where it can. */
async function unusableAnswer(
  item: PolicyItem,
  {answer, by, observed}: Answer,
  roles: readonly string[],
): Promise<Text | null> {
  if (!allowed(by.role, roles)) {
    return {
      fr: `« ${by.role} » ne peut pas en répondre ; il faut : ${roles.join(', ')}`,
      en: `“${by.role}” may not answer for this; wanted: ${roles.join(', ')}`,
    }
  }
  if (answer === 'not-applicable' && !item.optional)
    return {fr: 'cet élément n’est pas facultatif', en: 'this item is not optional'}
  return answer === 'yes' ? badValue(item, observed) : null
}

const listOf = (names: string | undefined) => names?.split(',').map((name) => name.trim()) ?? []

const allowed = (role: string, roles: readonly string[]) =>
  roles.length === 0 ||
  roles.some((each) => each.localeCompare(role, 'fr', {sensitivity: 'base'}) === 0)

/** `value=window`: the answer has to be a maintenance window; `value=reason`: more than one word. */
async function badValue(item: PolicyItem, observed: string) {
  if (item.parameters.value === 'window') {
    const {parseWindow} = await import('../../domain/window.ts')
    if (parseWindow(observed) === undefined) {
      return {
        fr: `« ${observed} » n’est pas une fenêtre ; écrire 2026-01-26 22:00–23:30`,
        en: `“${observed}” is no window; write 2026-01-26 22:00–23:30`,
      }
    }
  }
  if (item.parameters.value === 'reason' && observed.trim().split(/\s+/).length < 3) {
    return {
      fr: `« ${observed} » n’est pas une raison : une phrase est attendue`,
      en: `“${observed}” is no reason: a sentence is expected`,
    }
  }
  return null
}
