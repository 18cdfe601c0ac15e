// How a check, a trigger, a step and a phase are written down: as data. The runbook says when they
// apply and with which parameters; the engine decides when they run.

import type {z} from 'zod'
import type {Mode} from '../documents/headings.ts'
import type {Project, ProjectEnvironment} from '../domain/project.ts'
import type {StepNature} from '../domain/step-nature.ts'
import type {Text} from '../domain/text.ts'
import type {Judgement} from '../domain/verdict.ts'
import type {CommandResult, Effect} from '../guard/effect.ts'
import type {Context} from './context.ts'

type Shape = Record<string, z.ZodType>
export type Parameters<S extends Shape> = {readonly [K in keyof S]: z.output<S[K]>}

/** Who may be asked, as far as the item's own words do not say it: anybody, or those who decide the scenario. */
type Askable = 'anybody' | 'deciders'
export type MayAsk = Askable | ((parameters: Readonly<Record<string, string>>) => Askable | null)

export interface Check<S extends Shape = Shape> {
  readonly name: string
  /** One sentence for docs/runbooks.md. */
  readonly describe: Text
  readonly parameters: S
  /** It can be unknown in a way that a person may settle: a plan and an answers file name it. */
  readonly mayAsk?: MayAsk
  judge(context: Context, parameters: Parameters<S>): Promise<Judgement>
}

/** A check, as an item of a runbook names it: `<!-- check: NAME key=value -->`. */
export const check = <S extends Shape>(definition: Check<S>): Check<S> => definition

export interface Trigger<S extends Shape = Shape> {
  readonly name: string
  readonly describe: Text
  readonly parameters: S
  /** `fail` fires: the rollback procedure starts. Looked at after each step, and at each look of the watch. */
  judge(context: Context, parameters: Parameters<S>): Promise<Judgement>
}

export const trigger = <S extends Shape>(definition: Trigger<S>): Trigger<S> => definition

/** What of postgate.yaml a step goes by. */
export interface AskedOf {
  readonly project: Project
  /** None for a scenario that acts on no environment. */
  readonly settings: ProjectEnvironment | undefined
}

interface Common<S extends Shape = Shape> {
  /** Stable kebab-case; the runbook's item names it: `<!-- step: ID -->`. */
  readonly id: string
  readonly parameters?: S
  /** Its result lies on this machine: done again after a take-over, up to the deployment. */
  readonly machine?: boolean
  /** What it is to the rest of the run: journalled with it, and read from there. */
  readonly nature?: StepNature
  /** How long its parameters make it last, in milliseconds, for a plan; what is not said takes no time. */
  readonly lasts?: (parameters: Readonly<Record<string, string>>) => number
  /** It can be unknown in a way that a person may settle: a plan and an answers file name it. */
  readonly mayAsk?: MayAsk
  /** The project's settings alone say that a person will be asked. */
  readonly asks?: (configured: AskedOf) => boolean
  /** Where it answers false the step does not apply to this run. */
  readonly when?: (context: Context) => Promise<boolean>
}

export type Step =
  | (Common & {
      readonly read: (context: Context, parameters: Record<string, unknown>) => Promise<Judgement>
      /** Nobody could ask again: what follows changes what it looks at, or it measured for hours. What it
       * found is at the remote before anything follows, for whoever takes the run over. */
      readonly momentary?: true
    })
  | (Common & {
      /** Pure: says which effects would happen; the runner makes them happen. */
      readonly act: (
        context: Context,
        parameters: Record<string, unknown>,
      ) => Effect | readonly Effect[] | Promise<Effect | readonly Effect[]>
      /** Looks at the world: did it happen? Never trusts an exit code. `results` is null on a resume. */
      readonly done: (
        context: Context,
        parameters: Record<string, unknown>,
        results: readonly CommandResult[] | null,
      ) => Promise<Judgement>
      /** True where the effect stays on this machine (a worktree, a backup): no lease is needed for it. */
      readonly local?: boolean
      /** Needs a fresh worktree for each attempt. */
      readonly freshWorktree?: boolean
    })
  | (Common & {readonly ask: Text})

export interface Phase {
  readonly id: string
  readonly runbook: string
  /** The number N of the runbook's heading `Phase N : … (MODE)`; the rollback procedure has none. */
  readonly number: number | null
  /** The runbook may be stricter, never laxer: a phase that acts cannot be declared READ-ONLY. */
  readonly mode: Mode
  /** What a person types before an EXECUTIVE phase: the environment's name, or the tag. */
  readonly confirm?: 'environment' | 'tag'
  /** What it is about to do, told before that: where, how much, what users see, the way back. */
  readonly announces?: (context: Context) => Promise<readonly Text[]>
  readonly steps: readonly Step[]
}

export const phase = (definition: Phase): Phase => definition

/** What a scenario's scripts do, as lint compares it with the runbook. */
export interface Scripts {
  readonly phases: readonly Phase[]
  readonly rollback: Phase | null
}

type Read = Extract<Step, {read: unknown}>

/** A reading step with typed parameters: `{id: 'watch', ...reading(z.strictObject({…}), watch)}`.
 * `lasts`: how long they make it last, in milliseconds. */
export function reading<T extends z.ZodObject>(
  schema: T,
  judge: (context: Context, parameters: z.output<T>) => Promise<Judgement>,
  lasts?: (parameters: z.output<T>) => number,
): Omit<Read, 'id'> {
  return {
    parameters: schema.shape,
    read: (context, written) => judge(context, schema.parse(written)),
    ...(lasts && {lasts: (written) => lasts(schema.parse(written))}),
  }
}

/** An acting step with typed parameters. */
export function acting<T extends z.ZodObject>(
  schema: T,
  act: (context: Context, parameters: z.output<T>) => Effect | readonly Effect[],
): Pick<Extract<Step, {act: unknown}>, 'act' | 'parameters'> {
  return {parameters: schema.shape, act: (context, written) => act(context, schema.parse(written))}
}
