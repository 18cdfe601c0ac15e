// Goal: what is shown as the call of a command starts this bundle, and no other program of that name.
// Method: folders laid out as npm and people lay them out, and links where npm makes them.

import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {calledAs} from '../../../scripts/lib/base/called-as.ts'
import {temporaryFolder} from '../../helpers/folder.ts'

const call = suite('how a command is called from a folder')

/** Works in a folder that is gone afterwards. */
const inFolder = (work: (root: string) => void) => () => {
  const {path, remove} = temporaryFolder()
  try {
    work(path)
  } finally {
    remove()
  }
}

function made(root: string, ...path: readonly string[]): string {
  const file = join(root, ...path)
  mkdirSync(dirname(file), {recursive: true})
  writeFileSync(file, '')
  return file
}

function link(from: string, to: string): void {
  mkdirSync(dirname(from), {recursive: true})
  symlinkSync(to, from)
}

/** A bundle below `root`; where its command lies. */
function bundleAt(root: string, ...path: readonly string[]) {
  const bundle = join(root, ...path)
  return {bundle, file: made(bundle, 'scripts/postgate.js')}
}

call(
  'is npx’s where npm has linked it, in that folder and below it',
  inFolder((root) => {
    const {bundle} = bundleAt(root, 'postgate')
    link(join(bundle, 'node_modules/.bin/postgate'), made(bundle, 'scripts/lib/loader/postgate.js'))
    const below = join(bundle, 'runbooks')
    for (const folder of [bundle, below])
      assert.is(calledAs({folder, bundle, path: ''}), 'npx postgate')
  }),
)

call(
  'is Node’s, by the path of the bundle, where npx would look for a stranger’s package',
  inFolder((root) => {
    const {bundle} = bundleAt(root, 'app', 'release')
    link(join(bundle, 'node_modules/.bin/postgate'), join(bundle, 'scripts/postgate.js'))
    const app = join(root, 'app')
    assert.is(
      calledAs({folder: app, bundle, path: ''}),
      'node release/scripts/postgate.js',
      'from the project',
    )
    mkdirSync(join(app, 'lib/pages'), {recursive: true})
    assert.is(
      calledAs({folder: join(app, 'lib/pages'), bundle, path: ''}),
      'node ../../release/scripts/postgate.js',
    )
    mkdirSync(join(root, 'shop'))
    assert.is(
      calledAs({folder: join(root, 'shop'), bundle, path: ''}),
      'node ../app/release/scripts/postgate.js',
    )
  }),
)

call(
  'is quoted where the path needs it',
  inFolder((root) => {
    const {bundle} = bundleAt(root, "l'outil de livraison")
    assert.is(
      calledAs({folder: root, bundle, path: ''}),
      `node 'l'\\''outil de livraison/scripts/postgate.js'`,
    )
  }),
)

call(
  'is the name alone where the person’s own PATH has it',
  inFolder((root) => {
    const {bundle, file} = bundleAt(root, 'postgate')
    link(join(root, 'bin/postgate'), file)
    const path = `${join(root, 'nowhere')}:${join(root, 'bin')}`
    assert.is(calledAs({folder: root, bundle, path}), 'postgate')
  }),
)

call(
  'is not the name that npm puts on the PATH of what it starts',
  inFolder((root) => {
    const {bundle, file} = bundleAt(root, 'postgate')
    link(join(bundle, 'node_modules/.bin/postgate'), file)
    const path = join(bundle, 'node_modules/.bin')
    assert.is(calledAs({folder: bundle, bundle, path}), 'npx postgate')
  }),
)

call(
  'is never another program of that name',
  inFolder((root) => {
    const {bundle} = bundleAt(root, 'postgate')
    const other = bundleAt(root, 'other')
    link(join(root, 'bin/postgate'), other.file)
    link(join(root, 'node_modules/.bin/postgate'), other.file)
    assert.is(
      calledAs({folder: root, bundle, path: join(root, 'bin')}),
      'node postgate/scripts/postgate.js',
    )
  }),
)

call.run()
