// Goal: the floors hold, nothing goes in circles, and the world comes in through one door.
// Method: the import graph and the sources, read as text; each rule lists every place that breaks it.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {globbySync} from 'globby'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {circles, type SourceFile, sourceFiles, withoutImports} from './runner/imports.ts'

const architecture = suite('architecture')
const root = fileURLToPath(new URL('..', import.meta.url))
const files = sourceFiles(root, 'scripts')

/** From left to right: a file imports from its own floor or one to its left. */
const floors: readonly (readonly [RegExp, number])[] = [
  [/^scripts\/lib\/documents\//, 0],
  [/^scripts\/lib\/(domain|words)\//, 1],
  [/^scripts\/lib\/engine\//, 2],
  [/^scripts\/lib\/(checks|adapters|sandbox)\//, 3],
  [/^scripts\/lib\/catalogue\.ts$/, 4],
  [/^scripts\/(?!lib\/)/, 5],
]

const floorOf = (path: string) => floors.find(([pattern]) => pattern.test(path))?.[1]
const isOwn = (target: string) => target.startsWith('scripts/') || target.startsWith('test/')
const under = (folder: string) => (path: string) => path.startsWith(`scripts/lib/${folder}/`)
const none = (broken: readonly string[]) => assert.is(broken.join('\n'), '')

function imports(
  rule: (file: SourceFile, target: string, kind: 'value' | 'type' | 'lazy') => boolean,
): string[] {
  return files.flatMap((file) =>
    file.imports
      .filter(({target, kind}) => rule(file, target, kind))
      .map(({target, line}) => `${file.path}:${line} imports ${target}`),
  )
}

function places(pattern: RegExp, where: (path: string) => boolean = () => true): string[] {
  return files.filter(({path}) => where(path)).flatMap(({path, code}) => lines(path, code, pattern))
}

function lines(path: string, text: string, pattern: RegExp): string[] {
  return text
    .split('\n')
    .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : []))
}

architecture('every file stands on a floor', () => {
  none(files.filter(({path}) => floorOf(path) === undefined).map(({path}) => path))
})

architecture('a file imports from its own floor or one to its left', () => {
  none(
    imports(({path}, target) => {
      const here = floorOf(path)
      const there = floorOf(target)
      if (!isOwn(target)) return false
      return here === undefined || there === undefined || there > here
    }),
  )
})

architecture('checks and adapters never import each other', () => {
  none(
    imports(
      ({path}, target) =>
        (under('checks')(path) && under('adapters')(target)) ||
        (under('adapters')(path) && under('checks')(target)),
    ),
  )
})

architecture('no file imports itself by way of others', () => {
  const graph = new Map(
    files.map(({path, imports: list}) => [
      path,
      list.filter(({target, kind}) => kind === 'value' && isOwn(target)).map(({target}) => target),
    ]),
  )
  none(circles(graph).map((circle) => circle.join(' -> ')))
})

architecture('every import names a file that exists', () => {
  const known = new Set(files.map(({path}) => path))
  none(imports((_, target) => isOwn(target) && !known.has(target)))
})

architecture('documents, domain and words touch nothing of the world', () => {
  const pure = ['documents', 'domain', 'words'].map(under)
  const isPure = (path: string) => pure.some((each) => each(path))
  const harmless = new Set(['node:path', 'node:crypto', 'node:util'])
  none([
    ...imports(
      ({path}, target, kind) =>
        isPure(path) && kind !== 'type' && target.startsWith('node:') && !harmless.has(target),
    ),
    ...places(/\bDate\.now\(|new Date\(\)|\bprocess\.(?!stdout)|\bfetch\(|Math\.random\(/, isPure),
  ])
})

// What stands behind `World`: each package in the places that open that door.
const doors: readonly (readonly [string, RegExp])[] = [
  ['simple-git', /^scripts\/lib\/engine\/git\//],
  ['zx', /^scripts\/lib\/engine\/shell\.ts$/],
  ['zx/core', /^scripts\/lib\/engine\/shell\.ts$/],
  ['pg', /^scripts\/lib\/(adapters\/database|sandbox)\//],
  ['@clack/prompts', /^scripts\/lib\/engine\/(run\/prompt|terminal)\.ts$/],
  ['playwright-core', /^scripts\/lib\/checks\/browser\.ts$/],
  // A program that the project itself names is what the commands are; a reset is a process of its own.
  [
    'node:child_process',
    /^scripts\/lib\/(engine\/|sandbox\/|adapters\/(printed-json|notify\/command|database\/supabase-cli)\.ts)/,
  ],
]

architecture('git, shell, database and prompts come in through their one door', () => {
  none(
    imports(
      ({path}, target, kind) =>
        kind !== 'type' && doors.some(([name, door]) => name === target && !door.test(path)),
    ),
  )
})

architecture('checks and adapters ask the World for time, chance and the network', () => {
  const judged = ['checks', 'adapters'].map(under)
  none(
    places(
      /\bDate\.now\(|new Date\(\)|Math\.random\(|(?<!typeof )globalThis\.fetch|(?<![.\w])fetch\(/,
      (path) => judged.some((each) => each(path)),
    ),
  )
})

architecture('the type checker is nowhere silenced', () => {
  const assertion = /\bas (?!const\b)[A-Za-z_$]|[\w)\]]!(?=[.,;)\]]|$)/
  none([
    ...files.flatMap(({path, code}) => lines(path, withoutImports(code), assertion)),
    ...files.flatMap(({path, text}) => lines(path, text, /@ts-(ignore|expect-error|nocheck)/)),
  ])
})

architecture('nothing is left for later', () => {
  const word = ['TO', 'DO|FIX', 'ME|XX', 'X'].join('')
  const comment = new RegExp(`(//|^\\s*/?\\*).*\\b(${word})[:(]|// *(${word})\\b`)
  none(files.flatMap(({path, text}) => lines(path, text, comment)))
})

architecture('no file holds a path of somebody’s machine', () => {
  // One letter, as in /home/u, is a made-up person.
  const machine = /(?<![\w.~*/<-])\/(home|Users|root|work)\/[\w.-]{2,}/
  const all = globbySync(
    ['scripts/**', 'test/**', 'docs/**', 'runbooks/**', 'templates/**', '*.*', '.ci/**'],
    {cwd: root, gitignore: true, dot: true},
  )
  const ours = all.filter((path) => !/package-lock|node_modules|\/fixtures\//.test(path))
  none(ours.flatMap((path) => lines(path, readFileSync(join(root, path), 'utf8'), machine)))
})

architecture('each check, trigger and adapter is in the catalogue', () => {
  const listed = new Set(
    files.find(({path}) => path === 'scripts/lib/catalogue.ts')?.imports.map(({target}) => target),
  )
  const made = /^export const \w+(: \w+)? = (check|trigger)\(/m
  const types = /Hosting|Builder|Database|Ci|Metrics|Notifier/.source
  const adapter = new RegExp(
    `^export (const \\w+ = |(async )?function \\w+)\\([^)]*\\b(tools|AdapterTools)\\b[^)]*\\)[^{=]*: (Promise<)?(${types})\\b`,
    'm',
  )
  none(
    files
      .filter(({path, text}) =>
        under('checks')(path) ? made.test(text) : under('adapters')(path) && adapter.test(text),
      )
      .filter(({path}) => !listed.has(path))
      .map(({path}) => `${path} is not in scripts/lib/catalogue.ts`),
  )
})

architecture.run()
