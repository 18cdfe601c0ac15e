// How a check, a trigger, a step and a phase are written down: as data. The runbook says when they
// apply and with which parameters; the engine decides when they run.

import type {z} from 'zod'
import type {Mode} from '../domain/event.ts'
import type {Text} from '../domain/text.ts'
import type {Judgement} from '../domain/verdict.ts'
import type {Context} from './context.ts'
import type {Effect} from './effect.ts'

type Shape = Record<string, z.ZodType>
export type Parameters<S extends Shape> = {readonly [K in keyof S]: z.output<S[K]>}

export interface Check<S extends Shape = Shape> {
  readonly name: string
  /** One sentence for docs/runbooks.md. */
  readonly describe: Text
  readonly parameters: S
  readonly judge: (context: Context, parameters: Parameters<S>) => Promise<Judgement>
}

/** A check, as an item of a runbook names it: `<!-- check: NAME key=value -->`. */
export const check = <S extends Shape>(definition: Check<S>): Check<S> => definition

export interface Trigger<S extends Shape = Shape> {
  readonly name: string
  readonly describe: Text
  readonly parameters: S
  /** `fail` fires: the rollback procedure starts. Looked at after each step, and at each look of the watch. */
  readonly judge: (context: Context, parameters: Parameters<S>) => Promise<Judgement>
}

export const trigger = <S extends Shape>(definition: Trigger<S>): Trigger<S> => definition

interface Common<S extends Shape = Shape> {
  /** Stable kebab-case; the runbook's item names it: `<!-- step: ID -->`. */
  readonly id: string
  readonly parameters?: S
  /** Which risk of wrongness it carries when it fails: a critical one is never attested. */
  readonly when?: (context: Context) => Promise<boolean>
}

export type Step =
  | (Common & {
      readonly read: (context: Context, parameters: Record<string, unknown>) => Promise<Judgement>
    })
  | (Common & {
      /** Pure: says which effects would happen; the runner makes them happen. */
      readonly act: (
        context: Context,
        parameters: Record<string, unknown>,
      ) => Effect | readonly Effect[] | Promise<Effect | readonly Effect[]>
      /** Looks at the world: did it happen? Never trusts an exit code. */
      readonly done: (context: Context, parameters: Record<string, unknown>) => Promise<Judgement>
    })
  | (Common & {readonly ask: Text})

export interface Phase {
  readonly id: string
  readonly runbook: string
  /** The number N of the runbook's heading `Phase N : … (MODE)`; the rollback procedure has none. */
  readonly number: number | null
  readonly steps: readonly Step[]
}

export const phase = (definition: Phase): Phase => definition

export type {Mode}
