// The names that an application takes at build time: its `fromEnvironment(` calls in Dart, and what a
// bundler puts in place of `import.meta.env.NAME` or of a public `process.env.NAME`.

import type {Define, Files} from './findings.ts'

const call =
  /\b(?:String|bool|int)\s*\.\s*fromEnvironment\(\s*(['"])(\w+)\1\s*(,\s*defaultValue\s*:)?/g

const reads =
  /\b(?:import\.meta\.env|process\.env(?=\.(?:VITE|NEXT_PUBLIC|REACT_APP|PUBLIC|EXPO_PUBLIC)_))\.([A-Z][A-Z0-9_]*)/g
/** What bundlers say of themselves. */
const theirs = new Set(['MODE', 'DEV', 'PROD', 'SSR', 'BASE_URL'])

/** Sorted. Of a Flutter application those in the `lib/` of each folder, else those of its scripts. */
export async function definesIn(files: Files, flutter: readonly string[]): Promise<Define[]> {
  return flutter.length > 0 ? dartDefines(files, flutter) : scriptDefines(files)
}

async function scriptDefines({paths, text}: Files): Promise<Define[]> {
  const found = new Set<string>()
  for (const path of paths) {
    if (!/\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/.test(path) || /(^|\/)(test|tests|e2e)\//.test(path))
      continue
    for (const [, name = ''] of ((await text(path)) ?? '').matchAll(reads)) found.add(name)
  }
  return [...found]
    .filter((name) => !theirs.has(name))
    .sort()
    .map((name) => ({name, hasDefault: true}))
}

async function dartDefines({paths, text}: Files, flutter: readonly string[]): Promise<Define[]> {
  const libraries = flutter.map((folder) => (folder === '' ? 'lib/' : `${folder}/lib/`))
  const found = new Map<string, boolean>()
  for (const path of paths) {
    if (!path.endsWith('.dart') || !libraries.some((library) => path.startsWith(library))) continue
    for (const [, , name = '', own] of ((await text(path)) ?? '').matchAll(call)) {
      found.set(name, (found.get(name) ?? true) && own !== undefined)
    }
  }
  return [...found]
    .map(([name, hasDefault]) => ({name, hasDefault}))
    .sort((a, b) => a.name.localeCompare(b.name))
}
