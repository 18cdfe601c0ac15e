// The names that an application takes at build time, from its code and from what its workflows and scripts
// give a build; and what a bundler puts in place of `import.meta.env.NAME` or of a public `process.env.NAME`.

import {buildFlags, type GivenDefine} from './build-flags.ts'
import {dartReads} from './dart-defines.ts'
import type {Define, Files, FoundDefines} from './findings.ts'

const reads =
  /\b(?:import\.meta\.env|process\.env(?=\.(?:VITE|NEXT_PUBLIC|REACT_APP|PUBLIC|EXPO_PUBLIC)_))\.([A-Z][A-Z0-9_]*)/g
/** What bundlers say of themselves. */
const theirs = new Set(['MODE', 'DEV', 'PROD', 'SSR', 'BASE_URL'])
/** What Flutter gives a build by itself. */
const flutters = /^(?:FLUTTER_|dart\.)/

/** By name. Of a Flutter application what its Dart code and its builds say, else the scripts of any other. */
export async function definesIn(files: Files, flutter: boolean): Promise<FoundDefines> {
  return flutter ? dartDefines(files) : scriptDefines(files)
}

async function scriptDefines({paths, text}: Files): Promise<FoundDefines> {
  const found = new Set<string>()
  for (const path of paths) {
    if (!/\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/.test(path) || /(^|\/)(test|tests|e2e)\//.test(path))
      continue
    for (const [, name = ''] of ((await text(path)) ?? '').matchAll(reads)) found.add(name)
  }
  const defines = [...found]
    .filter((name) => !theirs.has(name))
    .sort()
    .map((name) => ({name, hasDefault: true, fallback: null, given: []}))
  return {defines, unnamed: [], words: new Set()}
}

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
