// What is loaded ahead is what `import` would load: the same modules, the same words of what is wrong with
// them, the same places in stack traces; and a scenario's modules are all loaded so.

import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath, pathToFileURL} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {threeStepsProject} from '../../bench/three-steps-project.ts'
import {gitEnvironment} from '../../helpers/repository.ts'

const ahead = suite('load-ahead')
const root = fileURLToPath(new URL('../../..', import.meta.url))
const loader = pathToFileURL(join(root, 'scripts/lib/loader/index.js')).href
const threadedHooks = Number(process.versions.node.split('.')[0]) < 22

/** Imports `use.ts` among these files, loaded ahead or not: what it exports or says, and what hooks were asked. */
function imported(files: Readonly<Record<string, string>>, isAhead: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'postgate-ahead-'))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const early = `import {loadAhead} from '${pathToFileURL(join(root, 'scripts/lib/base/load-ahead.ts')).href}'\n`
    const call = "loadAhead(import.meta.url, ['./use.ts'])\n"
    const told = `try { ${isAhead ? call : ''} console.log(JSON.stringify(await import('./use.ts'))) } catch (error) { console.log(error?.stack ?? JSON.stringify(error)) }\n`
    writeFileSync(join(folder, 'main.mjs'), `${isAhead ? early : ''}${told}`)
    const loads = join(folder, 'loads')
    const words = [...['--import', loader, '--import', noting(loads)], join(folder, 'main.mjs')]
    const {stdout, stderr} = spawnSync(process.execPath, words, {encoding: 'utf8'})
    const noted = existsSync(loads) ? readFileSync(loads, 'utf8').split('\n').slice(0, -1) : []
    const short = (text: string) => text.replaceAll(pathToFileURL(folder).href, '')
    return {out: short(stdout.replaceAll(folder, '')), err: stderr, loads: noted.map(short)}
  } finally {
    rmSync(folder, {recursive: true})
  }
}

/** A preload that notes each module which a hook is asked for. */
function noting(path: string): string {
  const hooks = `import {appendFileSync} from 'node:fs';export async function load(url, context, next) { appendFileSync(${JSON.stringify(path)}, url + '\\n'); return next(url, context) }`
  const url = `data:text/javascript,${encodeURIComponent(hooks)}`
  return `data:text/javascript,${encodeURIComponent(`import {register} from 'node:module';register(${JSON.stringify(url)})`)}`
}

const whole = {
  'use.ts':
    "import {deep} from './deep.ts'\nimport {join} from 'node:path'\nimport {\n  list,\n  type Name,\n} from './list.ts'\nexport {again} from './again.ts'\nexport const seen: readonly Name[] = [deep, join('a', 'b'), ...list]\n",
  'deep.ts': "import {list} from './list.ts'\nlist.push('deep')\nexport const deep: string = 'd'\n",
  'list.ts': "export type Name = string\nexport const list: Name[] = ['list']\n",
  'again.ts':
    "import {list} from './list.ts'\nlist.push('again')\nexport const again: boolean = true\n",
}

ahead('each module is loaded once, in the order of imports, and no hook is asked for it', () => {
  const [early, late] = [imported(whole, true), imported(whole, false)]
  assert.is(early.out, '{"again":true,"seen":["d","a/b","list","deep","again"]}\n')
  assert.equal([late.out, early.err, late.err], [early.out, '', ''])
  const own = Object.keys(whole).map((name) => `/${name}`)
  const asked = ({loads}: {loads: readonly string[]}) => own.filter((name) => loads.includes(name))
  assert.equal(asked(late), own)
  assert.equal(asked(early), threadedHooks ? [] : own)
})

ahead('places in stack traces are those of the source', () => {
  const {out} = imported(
    {
      'use.ts': "import './deep.ts'\n",
      'deep.ts': "interface A {\n  a: string\n}\nconst a: A = {a: 'x'}\nthrow new Error(a.a)\n",
    },
    true,
  )
  assert.match(out, /Error: x\n\s+at (?:\S+ \()?(?:file:\/\/)?\/deep\.ts:5:7\)?\n/)
})

for (const [name, files] of Object.entries({
  'a name that is not exported': {
    'use.ts': "import {away} from './deep.ts'\nexport const here = away\n",
    'deep.ts': 'export const there: number = 1\n',
  },
  'a file that is not there': {'use.ts': "import './away.ts'\n"},
  'what is no TypeScript': {'use.ts': "import './deep.ts'\n", 'deep.ts': 'const a: number = = 1\n'},
}))
  ahead(`${name} is told as by import`, () => {
    const [early, late] = [imported(files, true), imported(files, false)]
    const words = (text: string) => /^\w*(?:Error\b|[^\w\n]+x Expr).*/m.exec(text)?.[0] ?? ''
    assert.ok(words(late.out).trim() !== '', late.err)
    assert.is(words(early.out), words(late.out))
  })

ahead('an import that is written as nobody writes it is left to import', () => {
  const files = {
    'use.ts': "/* a word */ import {deep} from './deep.ts'\nexport const seen: string = deep\n",
    'deep.ts': "export const deep: string = 'd'\n",
  }
  assert.is(imported(files, true).out, '{"seen":"d"}\n')
})

ahead('what waits while it is loaded is left to import', () => {
  const files = {
    'use.ts': "export {late} from './late.ts'\n",
    'late.ts': 'export const late: number = await Promise.resolve(3)\n',
  }
  assert.is(imported(files, true).out, '{"late":3}\n')
})

ahead('a scenario finds its modules loaded when it imports them', () => {
  if (!threadedHooks) return
  const repository = threeStepsProject()
  const loads = join(repository.folder, 'loads')
  try {
    const zx = join(root, 'node_modules/zx/build/cli.js')
    const script = join(root, 'test/bench/three-steps-scenario.ts')
    const ended = spawnSync(
      process.execPath,
      [
        ...['--import', loader, '--import', noting(loads), zx],
        ...[script, '--plan', '--project', repository.clone],
      ],
      {encoding: 'utf8', env: gitEnvironment},
    )
    assert.is(ended.status, 0, ended.stderr)
    const late = readFileSync(loads, 'utf8')
      .split('\n')
      .filter((url) =>
        /\/scripts\/lib\/(?!base|checks|cli|documents|domain|proofs|words)/.test(url),
      )
      .map((url) => url.slice(url.indexOf('/scripts/lib/') + '/scripts/lib/'.length))
    // Of the first few hundred: what the command itself imports.
    assert.equal(late.sort(), ['guard/final-message.ts', 'kit/definition.ts'])
  } finally {
    repository.close()
  }
})

ahead.run()
