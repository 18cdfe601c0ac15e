// The names that an application takes at build time: its `fromEnvironment(` calls.

import type {Define} from './findings.ts'
import type {Files} from './look.ts'

const call =
  /\b(?:String|bool|int)\s*\.\s*fromEnvironment\(\s*(['"])(\w+)\1\s*(,\s*defaultValue\s*:)?/g

/** Those in the `lib/` of each Flutter folder, sorted. */
export async function definesIn(
  {paths, text}: Files,
  flutter: readonly string[],
): Promise<Define[]> {
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
