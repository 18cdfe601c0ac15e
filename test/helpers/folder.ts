// Temporary folders with files, gone at the end.

import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'

export interface TemporaryFolder {
  readonly path: string
  readonly write: (files: Readonly<Record<string, string | Uint8Array>>) => void
  readonly remove: () => void
}

/** A folder of these files, by their paths. */
export function temporaryFolder(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): TemporaryFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'postgate-test-')))
  const write: TemporaryFolder['write'] = (given) => {
    for (const [name, content] of Object.entries(given)) {
      mkdirSync(dirname(join(path, name)), {recursive: true})
      writeFileSync(join(path, name), content)
    }
  }
  write(files)
  return {path, write, remove: () => rmSync(path, {recursive: true, force: true})}
}
