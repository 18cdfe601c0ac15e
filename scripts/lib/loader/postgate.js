#!/usr/bin/env node
// `postgate staging --plan` runs scripts/staging.ts as `npx zx` would, from any folder and on every Node that
// the bundle supports: neither the folder's .npmrc nor its packages are looked at. It belongs to this package
// too, so that `npm ci` in the bundle puts it where `npx postgate` looks.

import {existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {checkPrerequisites} from './prerequisites.js'

checkPrerequisites()
await import('./index.js')

const [name = '', ...words] = process.argv.slice(2)
const script = scriptOf(name)
const zx = import.meta.resolve('zx/cli')
const started =
  script === null
    ? [fileURLToPath(new URL('../cli/overview.ts', import.meta.url)), ...process.argv.slice(2)]
    : [script, ...words]
process.argv.splice(1, Number.POSITIVE_INFINITY, fileURLToPath(zx), ...started)
await import(zx)

/** The script of that name, or of that phase (`staging/2-reset`); null for what is no command. */
function scriptOf(command) {
  const [, phase] = /^[a-z]\w*(\/\d-[a-z-]+)?$/.exec(command) ?? [undefined, null]
  const path = fileURLToPath(new URL(`../../${command}.ts`, import.meta.url))
  if (phase === null || !existsSync(path)) return null
  // Of those at the top, commands are started by their first line too; others are parts of commands.
  return phase !== undefined || readFileSync(path, 'latin1').startsWith('#!') ? path : null
}
