// A program on PATH that stands before the real one and lies as a file beside it says.

import {chmodSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

/**
 * `lost`: it happens and exit 1 says that it did not; `fails`: nothing happens; `hangs`: it happens and
 * never ends; `nonsense`: it happens and the answer is a web page; `pretends`: exit 0, and nothing happened.
 */
export type Lie = 'lost' | 'fails' | 'hangs' | 'nonsense' | 'pretends' | 'none'
export const lies: readonly Lie[] = ['lost', 'fails', 'hangs', 'nonsense', 'pretends']

export interface Liar {
  /** The folder for the front of PATH. */
  readonly folder: string
  readonly tell: (lie: Lie) => void
}

export function liar(root: string, program: string, real: string): Liar {
  const folder = join(root, 'liar')
  mkdirSync(folder, {recursive: true})
  const file = join(folder, `${program}.lie`)
  writeFileSync(
    join(folder, program),
    `#!/bin/bash
case "$(cat '${file}' 2>/dev/null)" in
  lost) '${real}' "$@" > /dev/null 2>&1; echo 'Error: socket hang up' >&2; exit 1 ;;
  fails) echo 'Error: HTTP Error: 503, Service Unavailable' >&2; exit 1 ;;
  hangs) '${real}' "$@" > /dev/null 2>&1; sleep 600 ;;
  nonsense) '${real}' "$@" > /dev/null 2>&1; echo '<html>502 Bad Gateway</html>' ;;
  pretends) echo '{"status":"success","result":{}}' ;;
  *) exec '${real}' "$@" ;;
esac
`,
  )
  chmodSync(join(folder, program), 0o755)
  return {
    folder,
    tell: (lie) => (lie === 'none' ? rmSync(file, {force: true}) : writeFileSync(file, lie)),
  }
}
