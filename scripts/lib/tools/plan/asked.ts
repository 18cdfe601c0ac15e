// All that people will or may be asked in a run, in the runbook's order: for the plan, and for an answers
// file to fill in.

import type {JsonOutput} from '../../domain/json-outputs.ts'
import type {Text} from '../../domain/text.ts'
import type {Context} from '../../kit/context.ts'
import type {MayAsk, Phase} from '../../kit/definition.ts'
import type {PolicyItem} from '../../policy/runbook.ts'
import {declaration} from '../../run/asking/answers.ts'
import {answerForm} from '../../run/judging/answer-form.ts'
import type {FoundItem} from '../../run/judging/judge-items.ts'
import type {Session} from '../../run/session.ts'

export type AskedItem = JsonOutput<'plan'>['asked'][number]

/** `found`: the prerequisites as they were judged for the plan. */
export async function askedItems(
  session: Session,
  context: Context,
  found: readonly FoundItem[],
): Promise<AskedItem[]> {
  const deciders = (await context.authorities())[session.scenario]
  const {runbook, phases, rollback, project} = session
  const settings =
    session.environment === null ? undefined : project.environments[session.environment]
  const signals = settings?.signals
  // What falls due in the watch is for a person wherever no source answers it.
  const dueWhen = Object.keys(signals ?? {}).length === 0 ? 'will' : 'may'
  const asked: AskedItem[] = []
  const add = (item: PolicyItem, when: AskedItem['when'], more: More = {}) => {
    asked.push({...described(session, item, more), when})
  }
  for (const {item, outcome} of found) {
    const open = outcome.type === 'waiting' && !declares(outcome.judgement.attestable)
    if (open) add(item, 'will', {roles: outcome.roles})
    else if (item.kind === 'attest') add(item, 'will')
    else await addCheck(item)
  }
  for (const phase of runbook.phases) {
    const steps = phases.find(({number}) => number === phase.number)?.steps ?? []
    for (const item of phase.items) await addItem(item, steps, 'will')
  }
  for (const item of runbook.success) await addItem(item, [], 'will')
  for (const item of runbook.rollback.items) await addItem(item, rollback?.steps ?? [], 'may')
  if (project.database === undefined && session.environment !== null) asked.unshift(noDatabase)
  return asked

  async function addItem(item: PolicyItem, steps: Phase['steps'], when: AskedItem['when']) {
    if (item.kind === 'attest') return add(item, when)
    if (item.kind === 'check') return addCheck(item)
    const step = steps.find(({id}) => id === item.name)
    if (step === undefined) return
    if ('ask' in step) add(item, when, {asks: true})
    else if (step.asks?.({project, settings})) add(item, when)
    else addWhere(item, step.mayAsk)
  }

  async function addCheck(item: PolicyItem) {
    const definition = await session.catalogue.checks[item.name]?.()
    addWhere(item, definition?.mayAsk)
  }

  function addWhere(item: PolicyItem, mayAsk: MayAsk | undefined) {
    const who = typeof mayAsk === 'function' ? mayAsk(item.parameters) : (mayAsk ?? null)
    const when = item.dueMs === null ? 'may' : dueWhen
    if (who !== null) add(item, when, who === 'deciders' ? {roles: deciders} : {})
  }
}

interface More {
  readonly roles?: readonly string[]
  readonly asks?: boolean
}

const declares = (attestable: {readonly declares?: unknown} | undefined): boolean =>
  attestable?.declares !== undefined

function described(
  {runbook, world}: Session,
  item: PolicyItem,
  {roles, asks = false}: More,
): Omit<AskedItem, 'when'> {
  const named = item.parameters.roles?.split(',').map((role) => role.trim()) ?? []
  const {open, example} = answerForm(
    item,
    {items: runbook.items, now: world.clock.now},
    {asks, settles: item.kind !== 'attest' && !asks},
  )
  const {title, detail, optional} = item
  return {title, detail, optional, open, example, roles: roles ?? named}
}

const noDatabase: AskedItem = {
  title: declaration('no-database').title,
  detail: 'le projet ne décrit aucune base ; pourquoi ce qui en demande une est sans objet',
  when: 'will',
  optional: false,
  open: true,
  roles: [],
  example: null,
}

/** One line of a plan. */
export const askedLine = ({title, when, roles, optional}: AskedItem): Text => {
  const who = roles.length === 0 ? '' : ` (${roles.join(', ')})`
  const fr = [when === 'may' ? 'peut être demandé' : 'atteste', optional ? 'facultatif' : '']
  const en = [when === 'may' ? 'may be asked' : 'attests', optional ? 'optional' : '']
  const said = (words: readonly string[]) => words.filter((word) => word !== '').join(', ')
  return {fr: `  - ${said(fr)} : ${title}${who}`, en: `  - ${said(en)}: ${title}${who}`}
}
