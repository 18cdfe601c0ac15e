// What an answer has to be, before anybody is asked: its form, and what all that follows will want of it.
// A person is told at once; what comes from an answers file is refused with the same words.

import {parseDuration} from '../../domain/duration.ts'
import type {Text} from '../../domain/text.ts'
import {day, frenchDuration, utcMinute} from '../../domain/times.ts'
import {parseWindow, windowState} from '../../domain/window.ts'
import type {PolicyItem} from '../../policy/runbook.ts'

export interface AnswerForm {
  /** It asks what, not whether. */
  readonly open: boolean
  readonly person: boolean
  readonly wrong: (observed: string) => Text | null
  readonly example: string | null
}

export interface FormGiven {
  /** All of the runbook: what follows an answer is among them. */
  readonly items: readonly Pick<PolicyItem, 'name' | 'title' | 'parameters'>[]
  readonly now: () => Date
}

type Form = Omit<AnswerForm, 'open'>

const plain: Form = {person: false, wrong: () => null, example: null}

/** The form of an attested item's answer; `settles`: a person makes of an unknown what they can. */
export function answerForm(
  {parameters}: Pick<PolicyItem, 'parameters'>,
  given: FormGiven,
  {settles = false, asks = false} = {},
): AnswerForm {
  const {value} = parameters
  const open = asks || (value !== undefined && !settles)
  switch (value) {
    case 'window':
      return {open, ...windowForm(given)}
    case 'reason':
      return {open, ...plain, wrong: noReason}
    case 'responsible':
      return {open, ...plain, person: true}
    case 'review':
      return {open, ...dated(given, 7)}
    case 'planned':
      return {open, ...dated(given, 14, 'A, ')}
    default:
      return {open, ...plain}
  }
}

const noReason = (observed: string): Text | null =>
  observed.trim().split(/\s+/).length >= 3
    ? null
    : {
        fr: `« ${observed} » n’est pas une raison : une phrase est attendue`,
        en: `“${observed}” is no reason: a sentence is expected`,
      }

/** A window that is over, or too short for the step that will ask for it, serves nobody. */
function windowForm({items, now}: FormGiven): Form {
  const {leavesMs, title} = wanted(items)
  const from = new Date(Math.ceil(now().getTime() / 3_600_000) * 3_600_000)
  const to = new Date(from.getTime() + Math.max(leavesMs, 3_600_000) + 3_600_000)
  const example = `${utcMinute(from).slice(0, 16)} – ${utcMinute(to).slice(0, 16)}`
  return {
    person: false,
    example,
    wrong(observed) {
      const window = parseWindow(observed)
      if (window === undefined) {
        return {
          fr: `« ${observed} » n’est pas une fenêtre ; écrire ${example}`,
          en: `“${observed}” is no window; write ${example}`,
        }
      }
      const at = new Date(Math.max(now().getTime(), window.from.getTime()))
      switch (windowState(window, at, leavesMs)) {
        case 'late':
          return {fr: `cette fenêtre est passée : ${observed}`, en: `it is over: ${observed}`}
        case 'too-short': {
          const left = frenchDuration(window.to.getTime() - at.getTime())
          const needed = frenchDuration(leavesMs)
          return {
            fr: `il y reste ${left}, « ${title} » en demande ${needed}`,
            en: `it leaves ${left}, “${title}” wants ${needed}`,
          }
        }
        default:
          return null
      }
    },
  }
}

/** What the runbook's step or check `window leaves=150m` will want of the window. */
function wanted(items: FormGiven['items']): {leavesMs: number; title: string} {
  return items
    .filter(({name}) => name === 'window' || name === 'window-open')
    .map(({parameters, title}) => ({leavesMs: parseDuration(parameters.leaves ?? '') ?? 0, title}))
    .reduce((most, each) => (each.leavesMs > most.leavesMs ? each : most), {leavesMs: 0, title: ''})
}

/** A day is written `2026-01-30`, and is not over. */
function dated({now}: FormGiven, days: number, before = ''): Form {
  const example = `${before}${day(new Date(now().getTime() + days * 86_400_000))}`
  return {
    person: false,
    example,
    wrong(observed) {
      const written = /\b\d{4}-\d{2}-\d{2}\b/.exec(observed)?.[0]
      const at = written === undefined ? Number.NaN : Date.parse(`${written}T00:00:00Z`)
      if (written === undefined || Number.isNaN(at) || day(new Date(at)) !== written) {
        return {
          fr: `« ${observed} » ne dit pas de jour ; écrire ${example}`,
          en: `“${observed}” names no day; write ${example}`,
        }
      }
      return written < day(now()) ? {fr: `le ${written} est passé`, en: `${written} is over`} : null
    },
  }
}
