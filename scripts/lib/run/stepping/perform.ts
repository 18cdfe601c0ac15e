// Makes a step's effects happen and journals what became of each command. What it answers is told beside
// the verdict, never instead of it: the world is looked at afterwards.

import {causeLine} from '../../base/cause-line.ts'
import {diskProblem, saysNoSpace} from '../../base/disk-problem.ts'
import {Problem} from '../../domain/problem.ts'
import {inLang, join, type Text} from '../../domain/text.ts'
import {type CommandResult, type Effect, effectText} from '../../guard/effect.ts'
import type {Running} from '../running.ts'

export interface Performed {
  readonly commands: readonly CommandResult[]
  readonly error: Text | null
  /** What a person does about it, where that is known. */
  readonly next?: Text
  /** It took too long and could not be ended: it may still happen. */
  readonly stillRunning?: true
  /** A disk is full, here or where the effect was to happen. */
  readonly lacksRoom?: true
}

const tooLong = Symbol('too long')

/** Makes the effects happen, one after another, up to the first that fails or takes too long. */
export async function perform(
  {run, session}: Running,
  effects: readonly Effect[],
  {step, limitMs}: {step: string; limitMs: number},
): Promise<Performed> {
  const commands: CommandResult[] = []
  for (const each of effects) {
    session.terminal.progress(effectText(each))
    try {
      if (each.kind === 'code') {
        if ((await within(each.run(), limitMs)) === tooLong)
          return {commands, error: noEnd(limitMs / 1_000), stillRunning: true}
        continue
      }
      const result = await each.run({onLine: (line) => session.terminal.progress(line, undefined)})
      commands.push(result)
      run.append({
        type: 'child-ended',
        step,
        exitCode: result.exitCode,
        durationMs: result.durationMs,
        tail: tailOf(result),
      })
      if (result.exitCode !== 0) {
        const error = causeOf(result)
        return {commands, error, ...(saysNoSpace(inLang(error, 'en')) && {lacksRoom: true})}
      }
    } catch (thrown) {
      const error = diskProblem(thrown) ?? thrown
      if (error instanceof Problem && error.parts.exit === 2) throw error
      const lacksRoom = error instanceof Problem && error.parts.lacksRoom === true
      const next = error instanceof Problem ? error.parts.next : undefined
      return {
        ...{commands, error: reasonOf(error)},
        ...(next !== undefined && {next}),
        ...(lacksRoom && {lacksRoom}),
      }
    }
  }
  return {commands, error: null}
}

const noEnd = (seconds: number): Text => ({
  fr: `pas de fin après ${seconds} s`,
  en: `no end after ${seconds} s`,
})

function reasonOf(error: unknown): Text {
  if (!(error instanceof Problem)) return error instanceof Error ? error.message : String(error)
  const {what, why} = error.parts
  if (why === undefined) return what
  const whole = /[.!?]$/.test(inLang(what, 'en'))
  return join(whole ? [what, why] : [what, join(['(', why, ')'], '')], ' ')
}

async function within(work: Promise<void>, limitMs: number): Promise<typeof tooLong | undefined> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<typeof tooLong>((resolve) => {
    timer = setTimeout(() => resolve(tooLong), Math.min(limitMs, 2 ** 31 - 1))
  })
  try {
    return (await Promise.race([work, limit])) ?? undefined
  } finally {
    clearTimeout(timer)
  }
}

const tailOf = ({stdout, stderr}: CommandResult) =>
  `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n').slice(-4_000)

/** The problem that a command of ours ended with; of any other the line that tells why. */
function causeOf(result: CommandResult): Text {
  const code = `exit ${result.exitCode ?? result.signal ?? '?'}${result.timedOut ? ', timed out' : ''}`
  const cause = result.problem ?? causeLine(tailOf(result))
  return cause === '' ? code : join([code, cause], ': ')
}
