// What the engine asks of a database. One file per product under adapters/database/.

import type {Text} from '../../domain/text.ts'
import type {Judgement} from '../../domain/verdict.ts'

export interface TableState {
  readonly rows: number
  /** Checksum of the rows, order-independent; null where it was not asked for. */
  readonly sha256: string | null
  /** The columns that the checksum covers: a later release may add one. */
  readonly columns?: readonly string[] | undefined
}

/** Sessions are read-only unless the phase is EXECUTIVE and the step says otherwise. */
export interface Database {
  readonly product: string
  /** Whether what a reset calls beside the connection is there, with its version; absent where it calls nothing. */
  readonly ready?: () => Promise<Judgement>
  /** Says which database this is: URL as the driver uses it, ref, and the marker inside. Fails when they disagree. */
  readonly identify: () => Promise<Judgement>
  /** Every table of `public`, with its rows; `checksums` also reads them. */
  readonly tables: (options?: {
    checksums?: readonly string[] | 'all'
  }) => Promise<Readonly<Record<string, TableState>>>
  readonly tablesEmpty: (except: readonly string[]) => Promise<Judgement>
  readonly viewsPresent: () => Promise<Judgement>
  readonly referencesIntact: (before: Readonly<Record<string, TableState>>) => Promise<Judgement>
  readonly rowSecurity: () => Promise<Judgement>
  /** Whether the schema is what the last reset proved to be PROD's. */
  readonly sameShape: () => Promise<Judgement>
  /** Proves what a project's own reset script left, and notes it; EXECUTIVE. Throws a `Problem` that names what differs. */
  readonly proveShape: (mark: {run: string; at: string; checkpoint: string}) => Promise<void>
  /** Writes a dump outside git, mode 0600, reads it back and restores it where this machine can. */
  readonly backup: (
    file: string,
  ) => Promise<{bytes: number; sha256: string; tables: number; checked: Text}>
  readonly backupReadable: (file: string) => Promise<Judgement>
  /** PROD's own backup at its vendor: id and age; unknown without the means to ask. */
  readonly vendorBackup: (maxAgeMs: number) => Promise<Judgement>
  /** Whether everything that a reset from this commit reads is there, and fits the database; absent where it is never reset. */
  readonly resettable?: (commit: string) => Promise<Judgement>
  /** The whole reset of STAGING from this commit, rolled back; absent where it is never reset. */
  readonly rehearse?: (input: {commit: string; say: (line: Text) => void}) => Promise<Judgement>
  /** Proves that this session cannot write: an attempt fails for lack of rights. */
  readonly refusesWrites: () => Promise<Judgement>
  /** Who reset this database last; null where no reset left its mark. */
  readonly lastReset: () => Promise<{run: string | null; at: string} | null>
  readonly countRows: (table: string) => Promise<number>
  readonly close: () => Promise<void>
}
