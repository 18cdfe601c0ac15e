// Goal: no page shows a command that does not exist, and what `--json` prints is as published. Method: each
// bash line of README and docs is run in one prepared sandbox. What only reads runs whole, with `--json`,
// and its output is held against the schema; of what would act the words are read, with `--help`, which
// still refuses a flag that is unknown. The rest stands on the list below, with its reason.

import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {z} from 'zod'
import {jsonOutputs} from '../../scripts/lib/domain/json-outputs.ts'
import {type Bundle, bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {root} from './generated.ts'
import {type Shown, shownCommands} from './pages.ts'

/** Not run here, and why. */
const notRun: readonly (readonly [RegExp, string])[] = [
  [/^npm ci$/, 'it made the node_modules that this test stands on; .ci/run runs it'],
  [/^npm (test|run [\w:]+)( -- --[\w-]+)?$/, 'this test is part of one, the others have their own'],
  [/^\.ci\/run( --quick)?$/, 'it runs this test'],
  [/^shipit /, 'a program of a team, to show how one is declared'],
  [/^rsync /, 'of a host that is an example: the page on adding is carried out'],
]

interface Read {
  /** The words behind `npx zx scripts/`, without `--sandbox`. */
  readonly words: string
  readonly output: keyof typeof jsonOutputs
  /** Exit codes that it may have in a fresh sandbox. */
  readonly codes: readonly number[]
}

/** Run whole, since they only read or are refused before any effect; one after the other, for the servers. */
const served: readonly Read[] = [
  // The first gives a copied sandbox its ports.
  {words: 'production.ts', output: 'run', codes: [3]},
  {words: 'gate.ts check', output: 'gate-check', codes: [0]},
  {words: 'decide.ts', output: 'decide', codes: [0, 3, 4]},
  {words: 'approve.ts staging --role PCA --confirm TAG', output: 'approval', codes: [0]},
]

/** The same without servers. */
const plain: readonly Read[] = [
  {words: 'lint.ts', output: 'lint', codes: [0]},
  {words: 'status.ts', output: 'status', codes: [0]},
  {words: 'status.ts --history', output: 'history', codes: [0]},
  {words: 'audit.ts', output: 'audit', codes: [0]},
  {words: 'incident.ts vu', output: 'incident', codes: [0]},
  {words: 'staging.ts --nonsense', output: 'problem', codes: [2]},
]

const commands = suite('commands shown in documents')

commands('that would act have words that their script knows', async () => {
  const asked = new Map<string, Set<string>>()
  const wrong: string[] = []
  for (const [command, {path, line}] of simple(await shownCommands())) {
    if (notRun.some(([pattern]) => pattern.test(command))) continue
    const [, script, rest = ''] = /^npx zx scripts\/(\S+)(.*)$/.exec(command) ?? []
    if (script === undefined) wrong.push(`${path}:${line} ${command}: neither run nor on the list`)
    else asked.set(script, (asked.get(script) ?? new Set()).add(rest.trim()))
  }
  assert.ok(asked.size > 9, `${asked.size} scripts found`)
  const bundle = await bundleWithSandbox()
  try {
    // All the words that pages show of one script are read at once: it is the start that takes time.
    const scripts = [...asked]
    const half = Math.ceil(scripts.length / 2)
    const parts = [scripts.slice(0, half), scripts.slice(half)].map((part) => help(bundle, part))
    wrong.push(...(await Promise.all(parts)).flat())
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

async function help(
  bundle: Bundle,
  scripts: readonly (readonly [string, ReadonlySet<string>])[],
): Promise<string[]> {
  const wrong: string[] = []
  for (const [script, all] of scripts) {
    const ask = (given: readonly string[]) =>
      bundle.run([`scripts/${script}`, ...given.flatMap(wordsOf), '--help'])
    if ((await ask([...all])).code === 0) continue
    for (const given of all) {
      const {code, stdout, stderr} = await ask([given])
      if (code !== 0) wrong.push(`${script} ${given}: exit ${code}\n${stdout}${stderr}`)
    }
  }
  return wrong
}

const wordsOf = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')

commands(
  'that only read print what docs/schemas/ publishes, as does a run that is blocked',
  async () => {
    const bundle = await bundleWithSandbox()
    try {
      const wrong = await Promise.all([asPublished(bundle, served), asPublished(bundle, plain)])
      assert.is(wrong.flat().join('\n'), '')
      await planOfEdited(bundle)
    } finally {
      bundle.remove()
    }
  },
)

async function asPublished(bundle: Bundle, list: readonly Read[]): Promise<string[]> {
  const wrong: string[] = []
  for (const {words, output, codes} of list) {
    const tag = bundle.git('tag', '--list', 'prod-ready-*').split('\n').at(-1) ?? ''
    const [script = '', ...rest] = words.replace('TAG', tag).split(' ')
    const ran = await bundle.run([`scripts/${script}`, ...rest, '--sandbox', '--json'])
    if (ran.code === null || !codes.includes(ran.code))
      wrong.push(`${words}: exit ${ran.code}\n${ran.stdout}${ran.stderr}`)
    else {
      const parsed = jsonOutputs[output].schema.safeParse(JSON.parse(ran.stdout))
      if (!parsed.success) wrong.push(`${words}: ${parsed.error.message}`)
    }
  }
  return wrong
}

/** A plan goes by the runbook as it was just edited, and writes nothing. */
async function planOfEdited(bundle: Bundle): Promise<void> {
  const runbook = join(bundle.path, 'runbooks/staging.md')
  const edited = readFileSync(runbook, 'utf8').replace(
    '### Obligatoires\n',
    '### Obligatoires\n\n- [ ] **Accord du DBA** : le DBA de garde a donné son accord',
  )
  assert.match(edited, 'Accord du DBA')
  writeFileSync(runbook, edited)
  const before = bundle.git('rev-parse', 'HEAD', 'origin/main')
  const {stdout, stderr} = await bundle.run(['scripts/staging.ts', '--sandbox', '--plan', '--json'])
  const plan = jsonOutputs.plan.schema.parse(JSON.parse(stdout))
  assert.ok(plan.attestations.includes('Accord du DBA'), stderr)
  assert.is(bundle.git('rev-parse', 'HEAD', 'origin/main'), before)
  assert.is(bundle.git('status', '--porcelain'), '')
  assert.not.match(bundle.read('runbooks/staging.md'), 'Accord du DBA')
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
