// The stand-in for Flutter: builds what a release needs, and refuses nonsense.

import {execFile} from 'node:child_process'
import {cp, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {filesOf} from '../../../scripts/lib/artifact/manifest.ts'

const flutter = suite('sandbox flutter')
const sources = join(import.meta.dirname, '../../../scripts/lib/sandbox')

interface Result {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A copy of the stand-in and of the application, as they lie in a sandbox. */
async function inApplication(
  use: (run: (...words: string[]) => Promise<Result>, folder: string) => Promise<void>,
) {
  const root = await mkdtemp(join(tmpdir(), 'postgate-flutter-'))
  try {
    const folder = join(root, 'project')
    await cp(join(sources, 'bin'), join(root, 'bin'), {recursive: true})
    await cp(join(sources, 'template'), folder, {recursive: true})
    await mkdir(join(root, 'private'))
    await writeFile(join(root, 'private/defines.json'), '{"SUPABASE_URL":"http://127.0.0.1:9/ref"}')
    const run = (...words: string[]) =>
      new Promise<Result>((done) => {
        const env = {...process.env, POSTGATE_SANDBOX_HASTE: '1'}
        execFile(join(root, 'bin/flutter'), words, {cwd: folder, env}, (error, out, err) =>
          done({code: error === null ? 0 : Number(error.code), out, err}),
        )
      })
    await use(run, folder)
  } finally {
    await rm(root, {recursive: true, force: true})
  }
}

const defines = '--dart-define-from-file=../private/defines.json'
const good = ['build', 'web', '--release', defines, '--build-name=2026.1.23', '--build-number=17']

flutter('builds an application with its defines and its version', () =>
  inApplication(async (run, folder) => {
    const {code, out} = await run(...good)
    assert.is(code, 0)
    assert.match(out, 'SANDBOX')
    assert.match(out, '✓ Built build/web')
    const web = join(folder, 'build/web')
    const files = await filesOf(web)
    for (const name of [
      ...['index.html', 'main.dart.js', 'flutter.js', 'flutter_bootstrap.js', 'version.json'],
      ...['flutter_service_worker.js', 'manifest.json', 'favicon.png', '.last_build_id'],
      ...['icons/Icon-192.png', 'assets/FontManifest.json', 'canvaskit/canvaskit.wasm'],
    ]) {
      assert.ok(files.includes(name), name)
    }
    const version: unknown = JSON.parse(await readFile(join(web, 'version.json'), 'utf8'))
    assert.equal(version, {
      app_name: 'depot_central',
      version: '2026.1.23',
      build_number: '17',
      package_name: 'depot_central',
    })
    const script = await readFile(join(web, 'main.dart.js'), 'utf8')
    assert.match(script, '"SUPABASE_URL":"http://127.0.0.1:9/ref"')
    await run(...good)
    assert.is.not(await readFile(join(web, 'main.dart.js'), 'utf8'), script)
  }),
)

flutter('refuses nonsense with 64, and what it cannot build with 1', () =>
  inApplication(async (run, folder) => {
    const without = (part: string) => good.filter((word) => !word.includes(part))
    const wrong: Readonly<Record<string, readonly string[]>> = {
      'no command': [],
      'another command': ['deploy'],
      'no release': without('--release'),
      'no defines': without('define'),
      'no version': without('build-name'),
      'no number': without('build-number'),
      'a version that is none': [...without('build-name'), '--build-name=latest'],
      'an unknown flag': [...good, '--fast'],
      'a flag twice': [...good, '--release'],
      'a stray word': [...good, 'ios'],
      'another target': ['build', 'ios', ...good.slice(2)],
    }
    for (const [what, words] of Object.entries(wrong)) {
      assert.is((await run(...words)).code, 64, what)
    }
    assert.is((await run(...without('define'), '--dart-define-from-file=none.json')).code, 1)
    await rm(join(folder, 'lib/main.dart'))
    assert.is((await run(...good)).code, 1)
  }),
)

flutter('fails, grows or leaks when the sandbox is broken so', () =>
  inApplication(async (run, folder) => {
    const breakWith = (name: string) =>
      writeFile(join(folder, '../break.json'), JSON.stringify({name}))
    const size = async () => (await readFile(join(folder, 'build/web/main.dart.js'))).length
    await run(...good)
    const before = await size()
    await breakWith('build')
    assert.is((await run(...good)).code, 1)
    await breakWith('size')
    await run(...good)
    assert.ok((await filesOf(join(folder, 'build/web'))).includes('assets/demonstration.mp4'))
    await breakWith('secret-in-build')
    await run(...good)
    assert.ok((await size()) > before)
    const script = await readFile(join(folder, 'build/web/main.dart.js'), 'utf8')
    const token = /admin = "([^"]+)"/.exec(script)?.[1]?.split('.')[1] ?? ''
    assert.match(Buffer.from(token, 'base64url').toString(), '"role":"service_role"')
  }),
)

flutter.run()
