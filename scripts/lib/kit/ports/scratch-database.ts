// An empty PostgreSQL of this machine, for trying whether a backup can be restored; gone when it is closed.

export interface ScratchDatabase {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  readonly close: () => Promise<void>
}

/** Null where this machine has no PostgreSQL of at least this major version. */
export type OpenScratchDatabase = (major: number) => Promise<ScratchDatabase | null>
