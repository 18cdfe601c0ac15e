// The list of an artifact's files with their hashes: what was built, and what must be served.

export interface ManifestFile {
  /** With `/`, relative to the artifact's folder. */
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

export interface Manifest {
  /** Sorted by path. */
  readonly files: readonly ManifestFile[]
  readonly bytes: number
  /** SHA-256 over the lines `<sha256>  <path>\n`. */
  readonly digest: string
}
