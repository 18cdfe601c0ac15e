// The names that an application takes at build time, from its code and from what its workflows and scripts
// give a build; and what a bundler puts in place of `import.meta.env.NAME` or of a public `process.env.NAME`.

import {buildFlags, type GivenDefine, variablesGiven} from './build-flags.ts'
import {dartReads} from './dart-defines.ts'
import type {Define, Files, FoundDefines} from './findings.ts'

/** The name, and what follows: a default, or a comparison that holds without it too. */
const reads =
  /(!{1,2}|\bif\s*\(\s*)?\b(?:import\.meta\.env|process\.env(?=\.(?:VITE|NEXT_PUBLIC|REACT_APP|PUBLIC|EXPO_PUBLIC)_))\.([A-Z][A-Z0-9_]*)\b(?:\s*(?:\?\?|\|\|)\s*("[^"\n]*"|'[^'\n]*'|`[^`$\n]*`|[\w.]+)|(\s*(?:[=!]==?|&&|\?)))?/g
/** What bundlers say of themselves. */
const theirs = new Set(['MODE', 'DEV', 'PROD', 'SSR', 'BASE_URL'])
/** What Flutter gives a build by itself. */
const flutters = /^(?:FLUTTER_|dart\.)/

/** By name. Of a Flutter application what its Dart code and its builds say, else the scripts of any other. */
export async function definesIn(files: Files, flutter: boolean): Promise<FoundDefines> {
  return flutter ? dartDefines(files) : scriptDefines(files)
}

async function scriptDefines(files: Files): Promise<FoundDefines> {
  const found = new Map<string, Define>()
  const words = new Set<string>()
  for (const path of files.paths) {
    if (!/\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/.test(path) || /(^|\/)(test|tests|e2e)\//.test(path))
      continue
    const source = (await files.text(path)) ?? ''
    for (const [, asked, name = '', own, compared] of source.matchAll(reads)) {
      if (theirs.has(name)) continue
      const before = found.get(name)
      const hasDefault = asked !== undefined || own !== undefined || compared !== undefined
      found.set(name, {
        ...{name, given: []},
        hasDefault: hasDefault && (before?.hasDefault ?? true),
        fallback: before?.fallback ?? literal(own ?? ''),
      })
    }
    for (const [, word = ''] of source.matchAll(/["'`](\w{1,20})["'`]/g)) words.add(word)
  }
  for (const {name, ...given} of await variablesGiven(files, [...found.keys()])) {
    const known = found.get(name)
    if (known !== undefined) found.set(name, {...known, given: [...known.given, given]})
  }
  const defines = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  return {defines, unnamed: [], words}
}

/** null for what has to be computed. */
const literal = (code: string): string | null =>
  /^["'`]/.test(code) ? code.slice(1, -1) : /^(?:-?\d[\d.]*|true|false)$/.test(code) ? code : null

async function dartDefines(files: Files): Promise<FoundDefines> {
  const [{reads: read, unnamed, words}, flags] = await Promise.all([
    dartReads(files),
    buildFlags(files),
  ])
  const found = new Map<string, Define>(read.map((each) => [each.name, {...each, given: []}]))
  const give = ({name, environment, value}: GivenDefine) => {
    // Nothing reads it: what the code does without it is not known.
    const known = found.get(name) ?? {name, hasDefault: true, fallback: null, given: []}
    found.set(name, {...known, given: [...known.given, {environment, value}]})
  }
  for (const each of flags.given) give(each)
  for (const {path, environment} of flags.files) {
    const text = files.paths.includes(path) ? await files.text(path) : null
    for (const [name, constant] of jsonValues(text)) {
      // Such a file may hold more than the client reads.
      if (found.has(name)) give({name, environment, value: {constant}})
    }
  }
  const defines = [...found.values()]
    .filter(({name}) => !flutters.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return {defines, unnamed, words}
}

/** Of a committed JSON file; any other is an env file, whose values are not for a project file. */
function jsonValues(text: string | null): [string, string][] {
  try {
    const read: unknown = JSON.parse(text ?? '')
    if (typeof read !== 'object' || read === null) return []
    return Object.entries(read).flatMap(([key, value]): [string, string][] =>
      ['string', 'number', 'boolean'].includes(typeof value) ? [[key, String(value)]] : [],
    )
  } catch {
    return []
  }
}
