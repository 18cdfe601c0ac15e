// The shape of the visible list (scripts/lib/catalogue.ts) that is handed to the engine: what exists,
// by name, each loaded only when a runbook or a project names it.

import type {ProjectEnvironment} from '../domain/project.ts'
import type {AdapterTools} from './adapter-tools.ts'
import type {Check, Trigger} from './definition.ts'
import type {BuilderAdapter} from './ports/builder.ts'
import type {Ci} from './ports/ci.ts'
import type {Database} from './ports/database.ts'
import type {HostingAdapter} from './ports/hosting.ts'
import type {Metrics} from './ports/metrics.ts'
import type {Notifier} from './ports/notify.ts'
import type {OpenSandbox} from './ports/sandbox.ts'
import type {OpenScratchDatabase} from './ports/scratch-database.ts'
import type {Signal} from './ports/signals.ts'

type Lazy<T> = Readonly<Record<string, () => Promise<T>>>

export interface Catalogue {
  readonly checks: Lazy<Check>
  readonly triggers: Lazy<Trigger>
  readonly hosting: Lazy<HostingAdapter>
  readonly builder: Lazy<BuilderAdapter>
  readonly database: Lazy<(tools: AdapterTools) => Promise<Database>>
  readonly ci: Lazy<(tools: AdapterTools) => Ci>
  readonly metrics: Lazy<(tools: AdapterTools, settings: ProjectEnvironment) => Metrics>
  /** What counts error logs or user alerts. */
  readonly signals: Lazy<
    (tools: AdapterTools, settings: Readonly<Record<string, unknown>>) => Signal
  >
  readonly sandbox: () => Promise<OpenSandbox>
  readonly scratchDatabase: OpenScratchDatabase
  readonly notify: Lazy<
    (tools: AdapterTools, settings: Readonly<Record<string, unknown>>) => Notifier
  >
}
