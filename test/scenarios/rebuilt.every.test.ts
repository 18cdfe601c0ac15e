// Goal: where neither the host nor this machine has the previous version's bytes any more, it is built
// anew from the tag of the run that made it, in a folder of its own, and the report says what differs.

import {chmodSync, existsSync, readdirSync, readlinkSync, rmSync} from 'node:fs'
import {basename, join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Bundle, bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {bytesServed} from './broken.ts'
import {newest, said} from './watched.ts'

const lost = suite('the previous version is lost')
const root = ({paths}: Bundle) => paths.hosting.staging
const live = (bundle: Bundle) => basename(readlinkSync(join(root(bundle), 'current')))

/** Every kept copy of what was built, in the caches below. */
function forgetBytes(folder: string): void {
  for (const entry of readdirSync(folder, {withFileTypes: true})) {
    const path = join(folder, entry.name)
    if (!entry.isDirectory()) continue
    if (entry.name !== 'artifacts') forgetBytes(path)
    else {
      for (const each of readdirSync(path, {withFileTypes: true})) {
        if (each.isDirectory()) rmSync(join(path, each.name), {recursive: true, force: true})
      }
    }
  }
}

lost('it is built anew from its tag, deployed, and proven', async () => {
  const bundle = await bundleWithSandbox()
  const run = async (...args: string[]) => bundle.run(['scripts/staging.ts', '--sandbox', ...args])
  try {
    const first = await run()
    assert.is(first.code, 0, said(first))
    const before = live(bundle)
    const second = await run()
    assert.is(second.code, 0, said(second))
    const after = live(bundle)
    const served = bytesServed(bundle)
    assert.is.not(after, before)

    chmodSync(join(root(bundle), 'releases', before), 0o755)
    rmSync(join(root(bundle), 'releases', before), {recursive: true, force: true})
    forgetBytes(bundle.paths.cache)

    const back = await run('--rollback', 'écran blanc')
    assert.is(back.code, 1, said(back))
    assert.not.match(said(back), /NON PROUVÉ/)
    const now = live(bundle)
    assert.is.not(now, after)
    assert.ok(existsSync(join(root(bundle), 'releases', now)))
    assert.not.equal(bytesServed(bundle), served)
    const {text} = newest(bundle, 'DEPLOYMENT_REPORT')
    assert.match(text, /rebâtie depuis son tag\s:\s\d+ fichiers diffèrent du manifeste enregistré/)
    assert.is(bundle.git('worktree', 'list').split('\n').length, 1)
  } finally {
    bundle.remove()
  }
})

lost('what was built anew with a secret inside is not published', async () => {
  const bundle = await bundleWithSandbox()
  const run = async (...args: string[]) => bundle.run(['scripts/staging.ts', '--sandbox', ...args])
  try {
    assert.is((await run()).code, 0)
    const before = live(bundle)
    assert.is((await run()).code, 0)
    const served = bytesServed(bundle)
    chmodSync(join(root(bundle), 'releases', before), 0o755)
    rmSync(join(root(bundle), 'releases', before), {recursive: true, force: true})
    forgetBytes(bundle.paths.cache)

    const back = await run('--rollback', 'écran blanc', '--break', 'secret-in-build')
    assert.is(back.code, 1, said(back))
    assert.match(said(back), /contient un secret/)
    assert.match(said(back), /NON PROUVÉ/)
    assert.equal(bytesServed(bundle), served)
  } finally {
    bundle.remove()
  }
})

lost.run()
