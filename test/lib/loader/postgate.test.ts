// Goal: `postgate` runs the commands from wherever a person stands, and the command that it prints can be
// pasted there. Method: the bundle as it lies inside a project, beside one, and linked by npm; what is
// printed is given back to a shell.

import {spawnSync} from 'node:child_process'
import {cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'

const postgate = suite('postgate')
const root = fileURLToPath(new URL('../../..', import.meta.url))
const place = realpathSync(mkdtempSync(join(tmpdir(), 'postgate-call-')))
const app = join(place, 'une appli')
const bundle = join(app, 'release')

postgate.before(() => {
  mkdirSync(join(app, 'lib/pages'), {recursive: true})
  for (const path of ['scripts', 'package.json', '.npmrc'])
    cpSync(join(root, path), join(bundle, path), {recursive: true})
  // As `npm ci` leaves it, with the packages of this checkout.
  mkdirSync(join(bundle, 'node_modules/.bin'), {recursive: true})
  for (const name of ['zx', 'zod', 'amaro'])
    symlinkSync(join(root, 'node_modules', name), join(bundle, 'node_modules', name))
  symlinkSync(join(root, 'node_modules/.cache'), join(bundle, 'node_modules/.cache'))
  symlinkSync('../../scripts/postgate.js', join(bundle, 'node_modules/.bin/postgate'))
})
postgate.after(() => rmSync(place, {recursive: true}))

/** A line as a person types it, without what npm has put into this process's environment. */
function typed(line: string, cwd: string) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$)/i.test(name))
  const path = (process.env.PATH ?? '').split(':').filter((each) => !each.includes('node_modules'))
  const ran = spawnSync('bash', ['-c', line], {
    ...{cwd, encoding: 'utf8', timeout: 60_000},
    env: {...Object.fromEntries(kept), PATH: path.join(':'), NO_COLOR: '1'},
  })
  return {code: ran.status, out: ran.stdout, err: ran.stderr}
}

const places = [
  {from: app, call: 'node release/scripts/postgate.js'},
  {from: join(app, 'lib/pages'), call: 'node ../../release/scripts/postgate.js'},
  {from: bundle, call: 'npx postgate'},
  {from: place, call: `node 'une appli/release/scripts/postgate.js'`},
]

for (const {from, call} of places) {
  postgate(`as \`${call}\`: what is printed there can be pasted there`, () => {
    const {code, err} = typed(`${call} status --lang en`, from)
    assert.is(code, 2, err)
    const [, next = ''] = /describe it with `([^`]+)`/.exec(err) ?? []
    assert.is(next, `${call} init`)
    const pasted = typed(`${next} --help --lang en`, from)
    assert.is(pasted.code, 0, pasted.err)
    assert.match(pasted.out, /^Set a project up/)
  })
}

postgate('passes words, flags and exit codes through', () => {
  const {code, err} = typed('node release/scripts/postgate.js gate close --lang en', app)
  assert.is(code, 2)
  assert.match(err, /^Arguments refused: close\n/)
  const phase = typed('node release/scripts/postgate.js staging/2-reset --nonsense', app)
  assert.is(phase.code, 2)
  assert.match(phase.err, /--nonsense/)
})

postgate('lists its commands, and says what was probably meant', () => {
  const line = 'node release/scripts/postgate.js'
  const listed = typed(`${line} --help --lang en`, app)
  assert.is(listed.code, 0, listed.err)
  for (const name of ['staging', 'production', 'freeze', 'init', 'gate', 'status'])
    assert.match(listed.out, new RegExp(`^  ${name} `, 'm'))
  assert.is(typed(line, app).code, 2, 'nothing was asked for')
  const wrong = typed(`${line} stagin --plan --lang en`, app)
  assert.is(wrong.code, 2)
  assert.match(wrong.err, `did you mean ${line} staging?`)
  for (const name of ['scenarios', 'lib/cli/main', '../lint', 'postgate'])
    assert.is(typed(`${line} ${name}`, app).code, 2, name)
})

postgate('needs no packages to say that there are none', () => {
  const bare = join(place, 'bare')
  cpSync(join(root, 'scripts'), join(bare, 'scripts'), {recursive: true})
  const {code, err} = typed('node bare/scripts/postgate.js staging --lang en', place)
  assert.is(code, 2)
  assert.match(err, /not installed[\s\S]*npm ci/)
  assert.not.match(err, /^\s+at /m)
})

postgate.run()
