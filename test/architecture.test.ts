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

/** From the ground up: a file imports from its own floor or a lower one, types and lazy imports counted.
 * Rooms on one floor never import each other. */
const floors: readonly (readonly string[])[] = [
  ['documents'],
  ['domain'],
  ['words'],
  ['base'],
  ['store'],
  ['guard'],
  ['policy'],
  ['artifact'],
  ['derive'],
  ['approvals'],
  ['kit'],
  ['lint'],
  ['run'],
  ['proofs'],
  ['checks', 'triggers', 'steps', 'adapters'],
  ['sandbox'],
  ['tools'],
  ['catalogue.ts'],
  ['cli'],
]

/** The floor of a path; the scripts themselves stand on the highest one. */
function floorOf(path: string): number | undefined {
  const [, name] = /^scripts\/lib\/([^/]+)/.exec(path) ?? []
  if (name === undefined) return path.startsWith('scripts/') ? floors.length : undefined
  const found = floors.findIndex((rooms) => rooms.includes(name))
  return found < 0 ? undefined : found
}

/** The room of a path: its folder under lib/; each tool and each adapter's kind is a room of its own. */
function roomOf(path: string): string {
  const [, room = 'scripts'] = /^scripts\/lib\/((?:tools|adapters)\/[^/]+|[^/]+)/.exec(path) ?? []
  return room
}

/** Rooms that are entered through few doors. The others are shelves: each file is there to be taken. */
const doors: Readonly<Record<string, readonly string[]>> = {
  cli: ['exit', 'main', 'phase'],
  guard: [
    ...['ask-program', 'effect', 'environment', 'final-message', 'mask'],
    ...['shell', 'authorised/authorised', 'forbidden/act', 'forbidden/forbidden'],
    ...['process/group', 'process/run-program', 'refs/refs-guard', 'refs/snapshot'],
  ],
  lint: ['commands', 'finding', 'runbook', 'sections'],
  derive: ['compare', 'derive'],
  artifact: ['defines', 'manifest', 'precompressed', 'scan', 'served', 'store'],
  run: [
    ...['changes', 'context-of', 'gate-facts', 'read-only-context', 'scenario', 'session'],
    'validated-tags',
    ...[
      'asking/answers',
      'asking/answers-file',
      'asking/approval',
      'asking/prompt',
      'ending/finish',
      'judging/judge',
    ],
    ...['judging/answer-form', 'judging/judge-items', 'opening/live-file', 'stepping/worktrees'],
  ],
  sandbox: ['open', 'scratch-database'],
  'tools/approve': ['command'],
  'tools/audit': ['command'],
  'tools/decide': ['command'],
  'tools/gate': ['command'],
  'tools/incident': ['command'],
  'tools/init': ['command'],
  'tools/lint': ['command'],
  'tools/one-shot': ['one-shot'],
  'tools/plan': ['plan'],
  'tools/reset': ['command'],
  'tools/snapshot': ['command'],
  'tools/status': ['command', 'status'],
}

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

architecture('a file imports from its own floor or a lower one', () => {
  none(
    imports(({path}, target) => {
      if (!isOwn(target)) return false
      const here = floorOf(path)
      const there = floorOf(target)
      return here === undefined || there === undefined || there > here
    }),
  )
})

architecture('rooms on one floor never import each other, and no tool imports another', () => {
  const separate = new Set(
    floors.filter((rooms) => rooms.length > 1 || rooms[0] === 'tools').flat(),
  )
  const sort = (path: string) => /^scripts\/lib\/([^/]+)\//.exec(path)?.[1] ?? ''
  none(
    imports(({path}, target) => {
      if (!isOwn(target) || floorOf(path) !== floorOf(target) || !separate.has(sort(path)))
        return false
      return sort(path) === 'adapters'
        ? sort(target) !== 'adapters'
        : roomOf(path) !== roomOf(target)
    }),
  )
})

architecture('a room is entered through its doors', () => {
  none(
    imports(({path}, target) => {
      const known = isOwn(target) ? doors[roomOf(target)] : undefined
      if (known === undefined || roomOf(path) === roomOf(target)) return false
      return !known.includes(target.slice(`scripts/lib/${roomOf(target)}/`.length, -'.ts'.length))
    }),
  )
})

architecture('every door is used', () => {
  const entered = new Set(
    files.flatMap(({path, imports: list}) =>
      list.filter(({target}) => roomOf(path) !== roomOf(target)).map(({target}) => target),
    ),
  )
  const listed = Object.entries(doors).flatMap(([room, names]) =>
    names.map((name) => `scripts/lib/${room}/${name}.ts`),
  )
  none(listed.filter((path) => !entered.has(path)))
})

architecture(
  'docs/architecture.md shows these floors, in this order, and what each room holds',
  () => {
    const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
    const [, picture = ''] = /```mermaid\n([\s\S]*?)```/.exec(page) ?? []
    const drawn = picture
      .split('\n')
      .flatMap((line) => line.split(' --> ').map((step) => step.trim().split(' & ')))
      .filter(([name = '']) => /^[a-z]+$/.test(name))
    // A line begins with the floor that the one before it ended with.
    const steps = drawn.filter((step, index) => String(step) !== String(drawn[index - 1]))
    const names = floors.map((rooms) => rooms.map((room) => room.replace('.ts', '')))
    assert.equal(steps, [...names, ['scripts']])
    const told = [...page.matchAll(/^\| ((?:`[\w.]+\/?`(?:, )?)+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([\w.]+)\/?`/g)].map(([, name]) => name),
    )
    none(floors.flat().filter((room) => !told.includes(room)))
  },
)

// Types and lazy imports counted: what cannot be read without the other is one thing, not two.
architecture('no file imports itself by way of others', () => {
  const graph = new Map(
    files.map(({path, imports: list}) => [
      path,
      list.map(({target}) => target).filter((target) => isOwn(target)),
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
const packages: readonly (readonly [string, RegExp])[] = [
  ['simple-git', /^scripts\/lib\/store\/git\//],
  ['zx', /^scripts\/lib\/guard\/shell\.ts$/],
  ['zx/core', /^scripts\/lib\/guard\/shell\.ts$/],
  ['pg', /^scripts\/lib\/(adapters\/database|sandbox)\//],
  ['@clack/core', /^scripts\/lib\/run\/asking\/ask\.ts$/],
  ['playwright-core', /^scripts\/lib\/steps\/browser\.ts$/],
]

// The guard alone starts processes; git's own runners lie below it, and the sandbox outside.
const starters = /^scripts\/lib\/(guard\/(process\/|shell\.ts)|sandbox\/|store\/git\/talk\.ts)/

architecture('git, shell, database and prompts come in through their one door', () => {
  none(
    imports(
      ({path}, target, kind) =>
        kind !== 'type' &&
        (packages.some(([name, place]) => name === target && !place.test(path)) ||
          (target === 'node:child_process' && !starters.test(path))),
    ),
  )
})

architecture('checks and adapters ask the World for time, chance and the network', () => {
  const judged = ['checks', 'triggers', 'steps', 'proofs', 'adapters'].map(under)
  none(
    places(
      /\bDate\.now\(|new Date\(\)|Math\.random\(|(?<!typeof )globalThis\.fetch|(?<![.\w])fetch\(/,
      (path) => judged.some((each) => each(path)),
    ),
  )
})

architecture('one file reads answers over HTTP, up to a size and a time', () => {
  const itself = 'scripts/lib/base/http-answer.ts'
  none(
    places(
      /(?<![\w'"`])(?:\w+\.)*fetch\(|\.arrayBuffer\(/,
      (path) => path !== itself && !under('sandbox')(path),
    ),
  )
})

// Left out are the scenarios' own folders: their phases bear the same names.
architecture('one name is exported by one file', () => {
  const phases = /^scripts\/(staging|production|freeze)\//
  const declared =
    /^export (?:default )?(?:async )?(?:abstract )?(?:function\*?|const|let|class|interface|type) (\w+)/gm
  const found = new Map<string, string[]>()
  for (const {path, text} of files.filter(({path}) => !phases.test(path)))
    for (const [, name = ''] of text.matchAll(declared))
      found.set(name, [...(found.get(name) ?? []), path])
  none(
    [...found].filter(([, where]) => where.length > 1).map(([name, where]) => `${name}: ${where}`),
  )
  none(places(/^export (type )?(\{|\*)/))
})

// A trial is another World behind the same code. Who names it, and why:
const knowTheSandbox = new Set([
  // its flag, and how it is opened
  ...['base/place-flags', 'base/tool-arguments', 'base/called-as', 'run/session'],
  ...['kit/ports/sandbox', 'kit/catalogue', 'catalogue'],
  // commands that do otherwise where the flag is given
  ...['tools/init/command', 'tools/lint/command', 'tools/one-shot/one-shot', 'policy/project-file'],
  // the journal, what `--json` publishes and what templates read: each says whether it was one
  ...['domain/event', 'domain/outputs/status', 'domain/mark', 'domain/views/trace'],
  ...['run/opening/run-opened', 'run/read-only-context', 'tools/lint/sample'],
  ...['tools/status/state', 'tools/status/history'],
  // Chromium has a sandbox of its own
  'steps/browser',
])

architecture('the sandbox stands outside', () => {
  const outside = (path: string) =>
    path.startsWith('scripts/lib/') &&
    !['sandbox', 'words', 'cli'].some((room) => under(room)(path))
  const name = (path: string) => path.slice('scripts/lib/'.length, -'.ts'.length)
  const naming = files.filter(({path, text}) => outside(path) && /sandbox/i.test(text))
  none(naming.map(({path}) => name(path)).filter((path) => !knowTheSandbox.has(path)))
  const named = new Set(naming.map(({path}) => name(path)))
  none([...knowTheSandbox].filter((path) => !named.has(path)))
})

architecture('the type checker is nowhere silenced', () => {
  // A key that is mapped is no assertion.
  const assertion = /(?<!\bin keyof \w+ )\bas (?!const\b)[A-Za-z_$]|[\w)\]]!(?=[.,;)\]]|$)/
  none([
    ...files.flatMap(({path, code}) => lines(path, withoutImports(code), assertion)),
    ...files.flatMap(({path, text}) => lines(path, text, /@ts-(ignore|expect-error|nocheck)/)),
  ])
})

architecture(
  'a comment refers to what is here: no paragraph of some other document, no file that is gone',
  () => {
    const tracked = globbySync(['**/*.{ts,md}'], {cwd: root, gitignore: true, dot: true})
    const known = new Set(tracked.map((path) => path.split('/').at(-1)))
    // What stands in backticks may be an example.
    const named = (comment: string) =>
      [...comment.replace(/`[^`]*`/g, '').matchAll(/[\w.-]+\.(?:ts|md)\b/g)].map(([name]) => name)
    none(
      files.flatMap(({path, text}) =>
        text.split('\n').flatMap((line, index) => {
          const comment = /(?:^|\s)(?:\/\/|\/?\*)(.*)/.exec(line)?.[1] ?? ''
          const gone = comment.includes('§') || named(comment).some((name) => !known.has(name))
          return gone ? [`${path}:${index + 1} ${line.trim()}`] : []
        }),
      ),
    )
  },
)

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
        under('checks')(path) || under('triggers')(path)
          ? made.test(text)
          : under('adapters')(path) && adapter.test(text),
      )
      .filter(({path}) => !listed.has(path))
      .map(({path}) => `${path} is not in scripts/lib/catalogue.ts`),
  )
})

architecture.run()
