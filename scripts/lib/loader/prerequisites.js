// Before the first import of a package: words, where Node is too old or `npm ci` has not run, instead of
// Node's stack.

import {fileURLToPath} from 'node:url'

const english = process.argv.some((word) => word === 'en' || word === '--lang=en')

/** Ends the process (2) where the bundle cannot be loaded on this machine as it is. */
export function checkPrerequisites() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    refuse({
      fr: ['Node est trop ancien.', `${process.versions.node}, ${process.execPath}`],
      en: ['Node is too old.', `${process.versions.node}, ${process.execPath}`],
      next: 'Node >= 20.19',
    })
  try {
    import.meta.resolve('zod')
  } catch {
    const bundle = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')
    refuse({
      fr: ['Les paquets ne sont pas installés.', `il n’y en a pas dans ${bundle}`],
      en: ['The packages are not installed.', `there are none in ${bundle}`],
      next: `(cd '${bundle.replaceAll("'", "'\\''")}' && npm ci)`,
    })
  }
}

function refuse({fr, en, next}) {
  const [what, why] = english ? en : fr
  const [whyLabel, nextLabel] = english ? ['why ', 'next'] : ['raison', 'suite ']
  process.stderr.write(`${what}\n  ${whyLabel}  ${why}\n  ${nextLabel}  ${next}\n`)
  process.exit(2)
}
