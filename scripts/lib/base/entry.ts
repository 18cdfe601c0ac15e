// Which script was called. Under zx `argv[1]` is zx itself, and `import.meta.main` is false.

import {realpathSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

const position = process.argv.findIndex((word, index) => index > 0 && word.endsWith('.ts'))

/** The words behind the script's name. */
export const scriptArguments = (): readonly string[] =>
  process.argv.slice(position < 0 ? 2 : position + 1)

/** The script that was called, as a real path. */
export function calledScript(): string | null {
  const word = process.argv[position]
  return position < 0 || word === undefined ? null : realpathSync(word)
}

export const isCalled = (url: string): boolean =>
  calledScript() === realpathSync(fileURLToPath(url))

/** The phase whose file was called (`2-reset.ts`: "reset"); undefined for a whole scenario. */
export function calledPhase(): string | undefined {
  return /\/\d-([a-z-]+)\.ts$/.exec(calledScript() ?? '')?.[1]
}

/** The scenario whose script, or one of whose phase files, was called. */
export function calledScenario(): string | undefined {
  return /\/scripts\/(staging|production|freeze)(?:\.ts|\/[\w-]+\.ts)$/.exec(
    calledScript() ?? '',
  )?.[1]
}
