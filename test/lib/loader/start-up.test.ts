// `npx zx x.ts` as a person types it, on whatever Node runs this test.

import {spawnSync} from 'node:child_process'
import {cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'

const startUp = suite('start-up')
const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Runs `source` as a script of the bundle, in a folder that is removed afterwards. */
function zx(source: string, ...words: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'postgate-start-up-'))
  const script = join(folder, 'script.ts')
  try {
    writeFileSync(script, source)
    const {NODE_OPTIONS: _, ...env} = process.env
    const ran = spawnSync('npx', ['zx', script, ...words], {cwd: root, env, encoding: 'utf8'})
    return {code: ran.status, out: ran.stdout.trim(), err: ran.stderr.replaceAll(folder, '')}
  } finally {
    rmSync(folder, {recursive: true})
  }
}

startUp('runs TypeScript, and passes its exit code and flags through', () => {
  const {code, out} = zx(
    'const words: readonly string[] = process.argv.slice(3)\nconsole.log(words.join())\nprocess.exitCode = 3\n',
    '--sandbox',
    '--lang=en',
  )
  assert.equal([code, out], [3, '--sandbox,--lang=en'])
})

startUp('child processes do not inherit the loader', () => {
  const {code, out} = zx(
    "import {spawnSync} from 'node:child_process'\nconst {status} = spawnSync(process.execPath, ['-e', ''], {cwd: '/'})\nconsole.log(status, process.env.NODE_OPTIONS, process.env.npm_config_node_options)\n",
  )
  assert.equal([code, out], [0, '0 undefined undefined'])
})

startUp('positions in stack traces are those of the source', () => {
  const {code, err} = zx(
    'interface Long {\n  readonly a: string\n}\n\nconst here: Long = {a: "x"}\nthrow new Error(here.a)\n',
  )
  assert.is(code, 1)
  assert.match(err, /script\.ts:6:7/)
})

startUp('says in words, from any folder, that the packages are not installed', () => {
  const bundle = mkdtempSync(join(tmpdir(), "postgate-d'une équipe-"))
  try {
    cpSync(join(root, 'scripts/lib/loader'), join(bundle, 'scripts/lib/loader'), {recursive: true})
    const first = readFileSync(join(root, 'scripts/staging.ts'), 'utf8').split('\n')[0]
    const script = join(bundle, 'scripts/any.ts')
    writeFileSync(script, `${first}\nimport 'zod'\n`, {mode: 0o755})
    const link = join(bundle, 'link')
    symlinkSync(script, link)
    for (const [lang, words] of [
      ['fr', /pas installés[\s\S]*npm ci/],
      ['en', /not installed[\s\S]*npm ci/],
    ] as const) {
      const {status, stderr} = spawnSync(link, ['--lang', lang], {cwd: '/', encoding: 'utf8'})
      assert.is(status, 2, stderr)
      assert.match(stderr, words)
      assert.not.match(stderr, /^\s+at /m)
    }
  } finally {
    rmSync(bundle, {recursive: true})
  }
})

startUp('by its first line, from another folder and through a link', () => {
  const folder = mkdtempSync(join(tmpdir(), 'postgate-start-up-'))
  try {
    symlinkSync(join(root, 'scripts/staging.ts'), join(folder, 'release'))
    const words = ['--help', '--lang', 'en']
    const ran = spawnSync(join(folder, 'release'), words, {cwd: folder, encoding: 'utf8'})
    assert.is(ran.status, 0, ran.stderr)
    assert.match(ran.stdout, /^Scenario A/)
  } finally {
    rmSync(folder, {recursive: true})
  }
})

startUp.run()
