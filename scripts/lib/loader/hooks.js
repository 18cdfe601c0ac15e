// Strips types, and nothing else: positions in stack traces stay exact.

import {readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import {transformSync} from 'amaro'

export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context)
  const source = await readFile(fileURLToPath(url), 'utf8')
  const {code} = transformSync(source, {mode: 'strip-only', filename: url})
  return {format: 'module', shortCircuit: true, source: `${code}\n//# sourceURL=${url}`}
}
