// One scenario's chances: its prerequisites judged without asking anybody, what people still have to
// answer, the earliest moment, and the one command that leads on.

import type {JsonOutput} from '../../domain/json-outputs.ts'
import {inLang, join, type Text} from '../../domain/text.ts'
import {utcMinute} from '../../domain/times.ts'
import type {Context} from '../../kit/context.ts'
import type {PolicyItem} from '../../policy/runbook.ts'
import {noAnswers} from '../../run/asking/answers.ts'
import {unattendedPrompter} from '../../run/asking/prompt.ts'
import {type JudgedOutcome, judgeItem} from '../../run/judging/judge.ts'
import type {Session} from '../../run/session.ts'
import type {ShownHolder} from '../../store/lease/record.ts'

export type Option = JsonOutput<'decide'>['scenarios'][number]

interface Given {
  readonly context: Context
  readonly roles: readonly string[]
  readonly held: Held | null
}

/** Who has the project, and whether that is this clone. */
export interface Held {
  readonly running: ShownHolder
  readonly ours: boolean
}

interface Judged {
  readonly item: PolicyItem
  readonly outcome: JudgedOutcome
}

export async function optionOf(session: Session, {context, roles, held}: Given): Promise<Option> {
  const {scenario, runbook, catalogue, terminal} = session
  const found: Judged[] = []
  for (const item of runbook.prerequisites) {
    terminal.doing(item.title)
    const judges = {context, catalogue, answers: noAnswers, prompter: unattendedPrompter}
    found.push({item, outcome: await judgeItem(item, judges)})
  }
  const open = found.filter(({outcome: {type, judgement}}) => {
    return type === 'waiting' || judgement.verdict !== 'pass'
  })
  const times = open.flatMap(({outcome: {judgement}}) => judgement.earliest ?? [])
  const earliest = times.sort().at(-1) ?? null
  const waiting = open.filter(({outcome}) => outcome.type === 'waiting')
  const blocking = open.filter(({outcome: {type, judgement}}) => {
    return type === 'judged' && judgement.earliest === undefined
  })
  const timely = open.filter(({outcome}) => {
    return outcome.type === 'judged' && outcome.judgement.earliest !== undefined
  })
  // What this clone has open is gone on with; what another has is theirs.
  const free = held === null || (held.ours && held.running.scenario === scenario)
  const other = free ? [] : [busy(held.running)]
  const reasons = [...other, ...blocking.map(said), ...timely.map(said)]
  const may =
    other.length + blocking.length > 0
      ? 'no'
      : timely.length > 0
        ? 'later'
        : waiting.length > 0
          ? 'after-people'
          : 'now'
  return {
    ...{scenario, may, reasons, earliest, roles},
    people: waiting.map(asked),
    next: nextOf(session, {may, blocking, held}),
  }
}

const said = ({item, outcome}: Judged): Text =>
  join([item.title, outcome.judgement.observed], ' : ')

/** The item and who may answer for it. */
function asked({item, outcome}: Judged): Text {
  const roles = outcome.type === 'waiting' ? outcome.roles.join(', ') : ''
  const {attestable, observed} = outcome.judgement
  const by = roles === '' ? {fr: 'à attester', en: 'to be attested'} : attestedBy(roles)
  const seen: Text = attestable === undefined ? '' : observed
  const words = (lang: 'fr' | 'en') =>
    `${item.title} : ${inLang(by, lang)}${seen === '' ? '' : ` (${inLang(seen, lang)})`}`
  return {fr: words('fr'), en: words('en')}
}

export const attestedBy = (roles: string): Text => ({
  fr: `à attester par ${roles}`,
  en: `to be attested by ${roles}`,
})

const busy = ({run, scenario, operator, machine, since}: ShownHolder): Text => ({
  fr: `une exécution est en cours : ${run} (${scenario}), ${operator} sur ${machine} depuis le ${utcMinute(since)}`,
  en: `a run is in progress: ${run} (${scenario}), ${operator} on ${machine} since ${utcMinute(since)}`,
})

// What settles a blocked prerequisite, by its check; the first that is named here is the way out.
const remedies: readonly (readonly [string, string])[] = [
  ['code-unchanged', 'gate.ts open --tag <nouveau-tag>'],
  ['gate-complete', 'gate.ts check'],
  ['tag', 'gate.ts check'],
  ['not-frozen', 'freeze.ts --exit'],
  ['nightly-green', 'gate.ts nightly-post-mortem'],
  ['post-mortem-filled', 'status.ts'],
  ['staging-validated', 'staging.ts'],
]

function nextOf(
  {scenario}: Session,
  {may, blocking, held}: Pick<Option, 'may'> & {blocking: readonly Judged[]} & Pick<Given, 'held'>,
): string {
  const command = (words: string) => {
    const [script = '', ...flags] = words.split(' ')
    return ['npx zx', `scripts/${script}`, ...flags].join(' ')
  }
  if (held !== null) return command(held.ours ? `${held.running.scenario}.ts` : 'status.ts')
  if (may === 'now' || may === 'after-people') return command(`${scenario}.ts`)
  const remedy = remedies.find(([name]) =>
    blocking.some(
      ({item, outcome: {judgement}}) =>
        item.name === name && (name !== 'nightly-green' || judgement.verdict === 'fail'),
    ),
  )
  return command(remedy?.[1] ?? `${scenario}.ts --plan`)
}
