// Where hooks run in a thread of their own (Node 20) every import statement asks that thread where its module
// lies, and every module passes it: for a run that costs more than compiling all of them. `require` of the same
// files asks nobody, and a later `import` of what it loaded finds it loaded.

import Module, {createRequire} from 'node:module'
import {fileURLToPath} from 'node:url'
import {load} from './hooks.js'

const require = createRequire(import.meta.url)
const staticImport = /^(?:import|export)\b(?:[^'"]*?\bfrom)?\s*(['"])([^'"]+)\1/gm

/**
 * Loads what `import` of these specifiers in the file `from` would load, at once. To be called while nothing
 * else is being loaded. Throws what a module throws; what can only be loaded by `import` is left to it.
 */
export function loadAhead(from, specifiers) {
  const sources = new Map()
  try {
    const seen = new Set()
    for (const word of specifiers)
      if (word.startsWith('.')) read(new URL(word, from).href, sources, seen)
  } catch {
    return // Not there, or no TypeScript: `import` says it better.
  }
  Module._extensions['.ts'] = (module, path) => module._compile(sources.get(path), path, 'module')
  try {
    // What a file imports stands before it: the order in which `import` evaluates them.
    for (const path of sources.keys()) require(path)
    const packages = specifiers.filter((word) => !word.startsWith('.'))
    const path = `${import.meta.filename}.packages`
    const source = packages.map((word) => `import '${word}'\n`).join('')
    new Module(path)._compile(source, path, 'module')
  } catch (error) {
    if (!importCan(error)) throw error
  } finally {
    delete Module._extensions['.ts']
  }
}

/** `await` outside of functions; an import that the pattern overlooked; a Node that was told not to. */
const importCan = (error) => /^ERR_(?:REQUIRE_|UNKNOWN_FILE_EXTENSION$)/.test(error?.code)

function read(url, sources, seen) {
  if (seen.has(url)) return
  seen.add(url)
  const {source} = load(url, {}, null)
  for (const [, , word] of source.matchAll(staticImport))
    if (word.startsWith('.') && word.endsWith('.ts')) read(new URL(word, url).href, sources, seen)
  sources.set(fileURLToPath(url), source)
}
