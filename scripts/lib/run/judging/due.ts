// Items with a time of their own: `at=30m` after the deployment. They are judged when they fall due,
// in the middle of the watch, which goes on while a person thinks; what is refused ends it.

import {deploymentStartedAt} from '../../domain/recorded.ts'
import {inLang, type Text} from '../../domain/text.ts'
import {utcMinute} from '../../domain/times.ts'
import type {PolicyItem, PolicyPhase} from '../../policy/runbook.ts'
import type {Prompter} from '../asking/prompt.ts'
import {announce} from '../ending/notify.ts'
import type {End, Running} from '../running.ts'
import {firstRefusal, isAnswered, judgeItems, titled} from './judge-items.ts'

export interface DueItems {
  /** Judges what has fallen due by now; why one was refused, or null. */
  readonly look: () => Promise<Text | null>
  /** Ends when the question that is open is answered, or left. */
  readonly answered: () => Promise<void>
  /** Takes the open question back. */
  readonly close: () => Promise<void>
}

/** The items of `phase` that carry a time. A look asks each of them once; the phase's end asks again. */
export function dueItems(running: Running, phase: PolicyPhase): DueItems {
  const {session, prompter, signal} = running
  const left = new Set(phase.items.filter(({dueMs}) => dueMs !== null))
  const closing = new AbortController()
  let open: Promise<void> | null = null
  let refused: Text | null = null
  let broken: {readonly error: unknown} | null = null
  const until = AbortSignal.any([closing.signal, signal])
  const beside: Prompter = {
    ...prompter,
    attest: async (question) =>
      until.aborted ? null : prompter.attest({...question, meanwhile: true, signal: until}),
  }
  const ask = async (item: PolicyItem): Promise<void> => {
    const {fences} = phase
    const found = await judgeItems(running, [item], {fences, step: 'due', prompter: beside})
    refused ??= firstRefusal(found)
    const waiting = found.find(({outcome}) => outcome.type === 'waiting')
    if (waiting === undefined || closing.signal.aborted) return
    const why = titled(item, waiting.outcome.judgement.observed)
    await announce(running, 'pause', {asked: [inLang(why, 'fr')]})
  }
  const answered = async () => {
    await open
    if (broken !== null) throw broken.error
  }
  return {
    async look() {
      for (const item of left) {
        if (open !== null || refused !== null) break
        if (isAnswered(running, item)) left.delete(item)
        else if (tooEarly(running, item) === null) {
          left.delete(item)
          open = ask(item)
            .catch((error: unknown) => {
              broken = {error}
            })
            .finally(() => {
              open = null
            })
          // Only a person is waited for beside the watch, and only where time goes on meanwhile.
          if (!prompter.interactive || session.world.clock.jumps) await answered()
        }
      }
      if (broken !== null) throw broken.error
      return refused
    },
    answered,
    async close() {
      closing.abort()
      await open
    },
  }
}

/** How a phase ends at an item whose time has not come; null where it has, or where it has none. */
export function tooEarly({run, session}: Running, item: PolicyItem): End | null {
  if (item.dueMs === null) return null
  const since = deploymentStartedAt(run.state())
  if (since === null) {
    const why: Text = {fr: 'rien n’est encore déployé', en: 'nothing is deployed yet'}
    return {type: 'blocked', reasons: [titled(item, why)]}
  }
  const due = new Date(Date.parse(since) + item.dueMs)
  if (session.world.clock.now() >= due) return null
  const why: Text = {fr: `à partir de ${utcMinute(due)}`, en: `from ${utcMinute(due)}`}
  return {type: 'waiting', reasons: [titled(item, why)], earliest: due.toISOString()}
}
