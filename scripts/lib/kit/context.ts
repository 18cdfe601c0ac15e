// What a check, a step or a trigger is given. Everything in it is read when it is asked for.

import type {RosterPerson} from '../approvals/roster.ts'
import type {Mode} from '../documents/headings.ts'
import type {Checkpoint, Environment, EventBody, Person, Scenario} from '../domain/event.ts'
import type {Fact, FactName} from '../domain/facts.ts'
import type {Occasion} from '../domain/occasion.ts'
import type {Project, ProjectEnvironment} from '../domain/project.ts'
import type {RunState} from '../domain/run.ts'
import type {Text} from '../domain/text.ts'
import type {Judgement} from '../domain/verdict.ts'
import type {Shell} from '../guard/shell.ts'
import type {EnvFile} from '../policy/env-file.ts'
import type {Gate} from '../policy/gate-file.ts'
import type {Policy} from '../policy/policy.ts'
import type {PolicyItem, Runbook} from '../policy/runbook.ts'
import type {Head} from '../store/journal.ts'
import type {RunRecords} from '../store/records/records.ts'
import type {World} from '../store/world.ts'
import type {Builder} from './ports/builder.ts'
import type {Ci} from './ports/ci.ts'
import type {Database} from './ports/database.ts'
import type {Hosting} from './ports/hosting.ts'
import type {Metrics} from './ports/metrics.ts'
import type {Notifier} from './ports/notify.ts'
import type {Signal, SignalName} from './ports/signals.ts'

export interface Adapters {
  readonly hosting: () => Promise<Hosting>
  readonly builder: () => Promise<Builder>
  readonly database: () => Promise<Database>
  /** null where the project names none. */
  readonly ci: () => Promise<Ci | null>
  readonly metrics: () => Promise<Metrics | null>
  /** The embedded one, always there. */
  readonly prober: () => Promise<Metrics>
  /** What counts error logs or user alerts; null where the project names nothing. */
  readonly signal: (name: SignalName) => Promise<Signal | null>
  readonly notifiers: () => Promise<readonly Notifier[]>
}

export interface KnownPeople {
  readonly people: readonly RosterPerson[]
  readonly roles: readonly string[]
}

/** An abort criterion that holds. */
export interface Fired {
  readonly item: PolicyItem
  readonly judgement: Judgement
}

export interface Context {
  readonly world: World
  readonly scenario: Scenario
  /** The environment that this scenario acts on; a freeze acts on none. */
  readonly environment: Environment | null
  readonly project: Project
  /** Settings of the scenario's environment. Throws a `Problem` where there is none. */
  readonly settings: () => ProjectEnvironment
  readonly gate: Gate
  readonly checkpoint: Checkpoint
  /** The env file of an environment; read anew at each call, never shown. */
  readonly env: (environment: Environment) => Promise<EnvFile>
  readonly run: () => RunState
  /** Finished runs of this project, from the remote's records, oldest first. */
  readonly records: () => Promise<RunRecords>
  readonly adapters: Adapters
  /** Guarded: only what the runbook authorises in this phase runs. */
  readonly $: Shell
  /** The path of the checkpoint's worktree of this attempt (a placeholder word in a plan). */
  readonly worktree: () => string
  readonly attempt: number
  readonly dryRun: boolean
  readonly fact: <N extends FactName>(name: N) => Fact<N> | undefined
  /** Journals a fact at once (step facts in a `Judgement` are journalled by the runner). */
  readonly record: (
    event: Extract<EventBody, {type: 'fact-recorded' | 'samples-taken' | 'incident-recorded'}>,
  ) => Promise<void>
  /** Progress of long work, for a terminal: what, and how far (0 to 1). */
  readonly progress: (what: Text, fraction?: number) => void
  readonly signal: AbortSignal
  /** The first abort criterion of the runbook that fires now; for the watch, which looks in mid-step. */
  readonly triggers: () => Promise<Fired | null>
  /** Judges the items of the phase that fell due meanwhile (`at=30m`); why one was refused. */
  readonly due: () => Promise<Text | null>
  /** Answers that people gave in this run, by item id. */
  readonly answer: (item: string) => {readonly by: Person; readonly observed: string} | undefined
  /** Rows of the authority table of `decision.md`, as on the remote's main branch. */
  readonly authorities: () => Promise<Readonly<Record<Scenario, readonly string[]>>>
  /** Those whom `decision.md` names, as it spells them. */
  readonly people: () => Promise<KnownPeople>
  /** Policy files of the run (runbooks, templates), resolved: project first, then bundle. */
  readonly policy: Policy
  readonly runbook: Runbook
  /** Head of the run's journal as it is now, for what anchors it. */
  readonly journalHead: () => Head
  /** Sends the occasion's message through every configured channel, and journals the answers. */
  readonly announce: (occasion: Occasion) => Promise<void>
  readonly mode: Mode
}
