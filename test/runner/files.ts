// Which test files run, and in which order: the longest first, as the last run measured them.

import {mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {globbySync} from 'globby'
import {z} from 'zod'

/** Files `*.KIND.test.ts`, and those under `test/KIND/`, need more than the installed packages, or more time: each has its command. */
export const kinds = ['real', 'hosting', 'every', 'crash', 'faults'] as const
export type Kind = (typeof kinds)[number]

/** Paths relative to `root`, sorted, of one kind or of the ordinary run (null). */
export function testFiles(root: string, kind: Kind | null, filters: readonly string[]): string[] {
  const of = (each: Kind) => [`test/**/*.${each}.test.ts`, `test/${each}/**/*.test.ts`]
  const patterns =
    kind === null
      ? ['test/**/*.test.ts', ...kinds.flatMap(of).map((pattern) => `!${pattern}`)]
      : of(kind)
  const found = globbySync([...patterns, '!**/fixtures/**'], {cwd: root}).sort()
  const wanted = filters.map((filter) => filter.replace(/^\.\//, ''))
  return found.filter((file) => wanted.length === 0 || wanted.some((each) => file.includes(each)))
}

const durationsFile = (root: string) => join(root, 'node_modules/.cache/postgate/durations.json')

// A file that was never measured: about a second for 4 kB, so that it neither leads nor trails.
export function longestFirst(root: string, files: readonly string[]): string[] {
  const known = recorded(root)
  const cost = (file: string) => known[file] ?? statSync(join(root, file)).size / 4000
  return [...files].sort((a, b) => cost(b) - cost(a))
}

/** Keeps how long each file took, in seconds, for the order of the next run. */
export function recordDurations(root: string, measured: Readonly<Record<string, number>>): void {
  const path = durationsFile(root)
  try {
    mkdirSync(dirname(path), {recursive: true})
    writeFileSync(path, JSON.stringify({...recorded(root), ...measured}))
  } catch {
    // a read-only checkout: the next run orders by size again
  }
}

function recorded(root: string): Record<string, number> {
  try {
    const text = readFileSync(durationsFile(root), 'utf8')
    return z.record(z.string(), z.number()).parse(JSON.parse(text))
  } catch {
    return {}
  }
}
