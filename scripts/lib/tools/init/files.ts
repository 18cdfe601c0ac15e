// The files of a project as init reads them.

export interface Files {
  readonly root: string
  /** Relative paths, sorted, without the bundle's own. */
  readonly paths: readonly string[]
  /** The text of a file; null where it is not there. */
  readonly text: (path: string) => Promise<string | null>
}
