// What a look at a project can find by itself. Nothing here is asked, guessed or written.

import type {Environment} from '../../domain/event.ts'
import type {Text} from '../../domain/text.ts'
import type {ExposedEnv} from '../../proofs/exposed-env.ts'

export interface Host {
  readonly adapter: 'firebase' | 'netlify' | 'vercel'
  /** The file that says so. */
  readonly from: string
  /** Firebase projects or Netlify sites, by environment where the files say which is which. */
  readonly targets: Readonly<Partial<Record<Environment, string>>>
}

export interface Nightly {
  /** File name below `.github/workflows/`. */
  readonly file: string
  /** Jobs that run every time under one name: neither a matrix nor an `if:`. */
  readonly jobs: readonly string[]
}

export interface Define {
  readonly name: string
  /** The code has a value of its own where none is given. */
  readonly hasDefault: boolean
  /** That value, where it is a literal. */
  readonly fallback: string | null
  /** What workflows and scripts give it; `environment` null where nothing says which one they build. */
  readonly given: readonly {
    readonly environment: Environment | null
    readonly value: {readonly constant: string} | {readonly variable: string}
  }[]
}

export interface FoundDefines {
  readonly defines: readonly Define[]
  /** `path:line` of calls whose name could not be told. */
  readonly unnamed: readonly string[]
  /** Texts and enum values of the code: what a define may be compared with. */
  readonly words: ReadonlySet<string>
}

export interface EnvCandidate {
  readonly path: string
  /** Names only; values are never kept. */
  readonly keys: readonly string[]
  /** The committed sample that the keys were read from, where the file itself is not here. */
  readonly sample?: string
}

export interface Findings {
  readonly root: string
  readonly name: string
  /** Name of the git remote; null where there is none. */
  readonly remote: string | null
  /** Web address of the repository. */
  readonly web: string | null
  /** `owner/name` on GitHub. */
  readonly github: string | null
  readonly branch: string
  /** Folders of a pubspec.yaml with Flutter; '' is the root. */
  readonly flutter: readonly string[]
  /** The build script of a package.json, `npm run build`, in its folder; `output` from the root. */
  readonly build: {readonly run: string; readonly output: string; readonly folder: string} | null
  readonly hosts: readonly Host[]
  /** Places that deploy somewhere no adapter serves: GitHub Pages, Cloudflare. */
  readonly otherHosts: readonly string[]
  readonly supabase: {
    readonly migrations: string | null
    /** Why the migrations are no full history; null where nothing in them says so. */
    readonly partial: Text | null
    readonly seed: string | null
    /** Tables that the seed leaves rows in; a reset wants them empty. */
    readonly seeded: readonly string[]
    /** Columns of `log_actions`, as the migrations make it; null where none makes such a table. */
    readonly auditColumns: readonly string[] | null
  } | null
  /** A reset script of the project's own. */
  readonly resetScript: string | null
  readonly nightlies: readonly Nightly[]
  readonly defines: readonly Define[]
  readonly unnamedDefines: readonly string[]
  /** Texts of the code that a define may be compared with. */
  readonly words: ReadonlySet<string>
  readonly exposed: readonly ExposedEnv[]
  readonly envFiles: Readonly<Record<Environment, readonly EnvCandidate[]>>
}

export interface Files {
  readonly root: string
  /** Relative paths, sorted, without the bundle's own. */
  readonly paths: readonly string[]
  /** The text of a file; null where it is not there. */
  readonly text: (path: string) => Promise<string | null>
}
