// Before the first import of a package: words where there are none, instead of Node's stack.

import {fileURLToPath} from 'node:url'

/** Ends the process (2) where `npm ci` has not run in the bundle's folder. */
export function packagesMissing() {
  try {
    import.meta.resolve('zod')
  } catch {
    const bundle = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')
    const next = `(cd '${bundle.replaceAll("'", "'\\''")}' && npm ci)`
    const english = process.argv.some((word) => word === 'en' || word === '--lang=en')
    const lines = english
      ? [
          'The packages are not installed.',
          `  why   there are none in ${bundle}`,
          `  next  ${next}`,
        ]
      : [
          'Les paquets ne sont pas installés.',
          `  raison  il n’y en a pas dans ${bundle}`,
          `  suite   ${next}`,
        ]
    process.stderr.write(`${lines.join('\n')}\n`)
    process.exit(2)
  }
}
