// What the engine asks of a host. One file per product under adapters/hosting/.

import type {Fact} from '../../domain/facts.ts'
import type {Manifest} from '../../domain/manifest.ts'
import type {ProjectEnvironment} from '../../domain/project.ts'
import type {Text} from '../../domain/text.ts'
import type {Judgement} from '../../domain/verdict.ts'
import type {Effect} from '../../guard/effect.ts'
import type {AdapterTools} from '../adapter-tools.ts'

export type Deployment = Fact<'deployment'>

export interface Hosting {
  readonly product: string
  /** Found before anything starts: tool present, signed in, as whom. `next` is the command that mends it. */
  readonly ready: () => Promise<Judgement>
  /** Files of the checkpoint that its own configuration is read from, as JSON objects. */
  readonly reads?: readonly string[]
  /** What is served now; null where nothing was ever deployed. */
  readonly live: () => Promise<Deployment | null>
  /**
   * Waits for what the host accepted and has not yet carried out, whose client may be dead: a deployment with this
   * message and manifest, or a way back. False where it is still under way at the limit; where it is not
   * given, nothing goes on without its client.
   */
  readonly settled?: (made: {message: string; manifest: string}) => Promise<boolean>
  /** Deploys exactly the files of `artifact.folder`. `deploymentId` of what was done is read with `live`. */
  readonly deploy: (artifact: {
    folder: string
    manifest: Manifest
    version: string
    message: string
    /** The checkpoint's worktree: the host's own configuration (rewrites, headers) is read there. */
    source?: string
  }) => Effect | readonly Effect[]
  /** Makes a former deployment live again, without a rebuild; null where the product cannot. */
  readonly restore: ((id: string) => Effect | readonly Effect[]) | null
  /**
   * Makes the deployment that `restore` moved away from live again, and whatever is deployed later;
   * where it is not given, `restore` does.
   */
  readonly returnTo?: (id: string) => Effect | readonly Effect[]
  /** Whether a former deployment is still there to be made live again; where it is not given, it is. */
  readonly keeps?: (id: string) => Promise<boolean>
  /** The vendor's exact command for the day Postgate itself is broken. */
  readonly restoreByHand: (id: string) => string
  /** The address under which the bytes are served. */
  readonly url: string
  /** Files of an artifact that the host is not given: patterns of artifact/not-served.ts. */
  readonly ignored?: readonly string[]
  /** Whether the web server may keep names with a dot to itself, as many are told to. */
  readonly withholds?: boolean
  /** How long a new deployment may take to show everywhere; 31 s where it is not said. */
  readonly propagationMs?: number
  /** The files of a former deployment, where the host itself keeps their hashes; else null. */
  readonly manifestOf?: (id: string) => Promise<Manifest | null>
  readonly describe: Text
}

/** One file under adapters/hosting/ and one line in the catalogue. */
export interface HostingAdapter {
  (tools: AdapterTools, settings: ProjectEnvironment): Hosting
  /** Settings with which it can be made for lint, which compares its commands with the runbooks'; they
   * have the same words with any others. */
  readonly sample: Readonly<Record<string, string>>
  /** The program that it calls, by its name on PATH, and the command that installs it. */
  readonly program?: {readonly name: string; readonly install: string}
}
