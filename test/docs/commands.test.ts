// Goal: no page shows a command that does not exist. Method: each bash line of README and docs is run in
// one prepared copy. What only reads runs as it stands, in the sandbox; what would act runs with `--help`,
// which still refuses a flag that is unknown. The rest stands on the list below, with its reason.

import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {z} from 'zod'
import {type Bundle, bundleCopy} from '../helpers/bundle-runs.ts'
import {root} from './generated.ts'
import {type Shown, shownCommands} from './pages.ts'

/** Not run here, and why. */
const notRun: readonly (readonly [RegExp, string])[] = [
  [/^npm ci$/, 'it made the node_modules that this test stands on; .ci/run runs it'],
  [/^npm (test|run [\w:]+)$/, 'this test is part of one, the others have tests of their own'],
  [/^\.ci\/run( --quick)?$/, 'it runs this test'],
]

/** Only reads, so that it can run whole: with the exit codes it may have in a fresh sandbox. */
const reads: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^scripts\/lint\.ts$/, [0]],
  [/^scripts\/(staging|production)\.ts --plan$/, [0, 3]],
  [/^scripts\/(status|decide)\.ts$/, [0]],
  [/^scripts\/init\.ts --check$/, [0, 3]],
]

interface Words {
  readonly args: readonly string[]
  readonly codes: readonly number[]
}

/** The words behind `npx zx`; null for what is no command of the bundle. */
function words(command: string): Words | null {
  const match = /^npx zx (scripts\/\S+)(.*)$/.exec(command)
  if (match === null) return null
  const [, script = '', rest = ''] = match
  const given = [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? '',
  )
  const plain = given.filter((word) => word !== '--sandbox')
  const known = reads.find(([pattern]) => pattern.test([script, ...plain].join(' ')))
  return known === undefined
    ? {args: [script, ...given, '--help'], codes: [0]}
    : {args: [script, ...plain, ...sandbox(script), '--lang', 'en'], codes: known[1]}
}

// Without a project lint looks at the bundle's own documents.
const sandbox = (script: string) => (script.endsWith('/lint.ts') ? [] : ['--sandbox'])

const commands = suite('commands shown in documents')

commands('are run, or stand on a list with the reason', async () => {
  const shown = await shownCommands()
  assert.ok(shown.length > 20, `${shown.length} commands found`)
  const wrong: string[] = []
  const asked = new Map<string, Words & {readonly at: string}>()
  for (const [command, {path, line}] of simple(shown)) {
    if (notRun.some(([pattern]) => pattern.test(command))) continue
    const found = words(command)
    const at = `${path}:${line} ${command}`
    if (found === null) wrong.push(`${at}: neither run nor on the list`)
    else asked.set(found.args.join(' '), {...found, at})
  }
  const bundle = bundleCopy()
  try {
    execFileSync('git', ['init', '--quiet', bundle.path])
    const all = [...asked.values()]
    // Help opens nothing, so several can be asked at once; a sandbox is opened by one at a time.
    const help = all.filter(({args}) => args.includes('--help'))
    const whole = all.filter(({args}) => !args.includes('--help'))
    wrong.push(...(await inTurn(bundle, whole)))
    const share = Math.ceil(help.length / 3)
    const parts = [0, 1, 2].map((part) => help.slice(part * share, (part + 1) * share))
    wrong.push(...(await Promise.all(parts.map((part) => inTurn(bundle, part)))).flat())
    assert.is(wrong.join('\n'), '')
  } finally {
    bundle.remove()
  }
})

/** Each command once, by its words. */
function simple(shown: readonly Shown[]): ReadonlyMap<string, Shown> {
  return new Map(
    shown.flatMap((each) =>
      each.command.split(' && ').map((part): [string, Shown] => [part.trim(), each]),
    ),
  )
}

async function inTurn(
  bundle: Bundle,
  list: readonly (Words & {readonly at: string})[],
): Promise<string[]> {
  const wrong: string[] = []
  for (const each of list) wrong.push(...(await outcome(bundle, each, each.at)))
  return wrong
}

async function outcome(bundle: Bundle, {args, codes}: Words, at: string): Promise<string[]> {
  const {code, stdout, stderr} = await bundle.run(args)
  const said = `${stdout}${stderr}`
  if (code !== null && codes.includes(code) && !/\bDefect|Défaut de Postgate/.test(said)) return []
  return [`${at}: exit ${code}\n${said.slice(-1500)}`]
}

const packageSchema = z.object({scripts: z.record(z.string(), z.string())})

commands('name npm scripts that exist', async () => {
  const {scripts} = packageSchema.parse(
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
  )
  for (const {command, path} of await shownCommands()) {
    const name = /^npm run ([\w:]+)/.exec(command)?.[1]
    if (name !== undefined) assert.ok(scripts[name], `${path}: ${command}`)
  }
})

commands.run()
