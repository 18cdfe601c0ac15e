// Strips types, and nothing else: positions in stack traces stay exact. What was stripped is kept by
// the content's hash beside the installed packages, since the stripper costs more than most commands.

import {createHash, randomUUID} from 'node:crypto'
import {mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {fileURLToPath} from 'node:url'

const kept = new URL('../../../node_modules/.cache/typescript-when-needed/', import.meta.url)
const version = '0.1.9'

export function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context)
  const source = readFileSync(fileURLToPath(url), 'utf8')
  const code = recall(source) ?? strip(source, url)
  return {format: 'module', shortCircuit: true, source: `${code}\n//# sourceURL=${url}`}
}

function recall(source) {
  try {
    return readFileSync(place(source), 'utf8')
  } catch {
    return undefined
  }
}

function strip(source, url) {
  const {transformSync} = createRequire(import.meta.url)('amaro')
  const {code} = transformSync(source, {mode: 'strip-only', filename: url})
  const file = place(source)
  const whole = new URL(`${file.href}.${randomUUID()}`)
  try {
    mkdirSync(kept, {recursive: true})
    writeFileSync(whole, code)
    // Whole or not at all: another process may be reading.
    renameSync(whole, file)
  } catch {
    // A folder that cannot be written costs time, nothing else.
  }
  return code
}

function place(source) {
  return new URL(
    `${createHash('sha256').update(version).update('\0').update(source).digest('hex')}.js`,
    kept,
  )
}
