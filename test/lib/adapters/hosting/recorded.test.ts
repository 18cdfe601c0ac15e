// What the vendors' real CLIs said, replayed: the adapters read it as it was, and the stand-ins of the
// other tests take the same words and end the same way.

import {spawnSync} from 'node:child_process'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {Product} from '../../../helpers/fake-host.ts'
import {temporaryFolder} from '../../../helpers/folder.ts'
import {type Call, readRecording, replaying, settled} from '../../../helpers/recording.ts'
import {products, vendorExpected, vendorStand} from '../../../helpers/vendor-stand.ts'

const recorded = suite('recorded exchanges')

const anyDigest = (word: string) => settled(word).replace(/sha256:[0-9a-f]{64}$/, 'sha256:…')

/** The words after the program's own, as a shell reads them. */
function wordsOf(text: string): string[] {
  const {stdout} = spawnSync('bash', ['-c', `printf '%s\\0' ${text}`], {encoding: 'utf8'})
  return stdout.split('\0').slice(1, -1)
}

const scene = (product: Product, title: string) => {
  const found = readRecording(product).scenes[title]
  if (found === undefined) throw new Error(`${product}: no scene ${title}`)
  return found
}

/** The adapter with a program that answers as the real one did. */
async function replayed(product: Product, calls: readonly Call[]) {
  const folder = temporaryFolder()
  const stand = await vendorStand(product, {
    condition: 'signed-out',
    cli: async () => ({
      bin: replaying(product, calls, folder.path),
      signIn: () => {},
      close: async () => folder.remove(),
    }),
  })
  return stand
}

for (const product of products) {
  recorded(`${product}: a session is read from what the CLI prints`, async () => {
    const {calls} = scene(product, 'signed in by a session')
    const deployed = calls.findIndex(({args}) => args[0] === 'deploy')
    const before = await replayed(product, calls.slice(0, deployed))
    try {
      const judgement = await before.hosting.ready()
      assert.is(judgement.verdict, 'pass', JSON.stringify(judgement))
      assert.match(JSON.stringify(judgement.observed), vendorExpected[product].session ?? /-/)
    } finally {
      await before.close()
    }
    const after = await replayed(product, calls.slice(deployed))
    try {
      const live = await after.hosting.live()
      assert.is(live?.version, '1')
      assert.match(live?.manifest ?? '', /^[0-9a-f]{64}$/)
    } finally {
      await after.close()
    }
  })

  recorded(`${product}: signed out is read from what the CLI prints`, async () => {
    const stand = await replayed(product, scene(product, 'signed out').calls)
    try {
      const judgement = await stand.hosting.ready()
      assert.is(judgement.verdict, 'fail', JSON.stringify(judgement))
      assert.match(JSON.stringify(judgement.next), / login ; export /)
    } finally {
      await stand.close()
    }
  })

  recorded(`${product}: the adapter gives the CLI the words that were tried`, async () => {
    const stand = await vendorStand(product)
    try {
      const {calls} = scene(product, 'deployed twice, then back')
      const artifact = {folder: '/', manifest: {files: [], bytes: 0, digest: 'a'.repeat(64)}}
      const effects = [
        stand.hosting.deploy({...artifact, version: '2', message: '2 essai'}),
        stand.hosting.restore?.(`${product.slice(0, 3)}1dep`) ?? [],
      ].flat()
      const said = effects.flatMap((each) => (each.kind === 'command' ? [wordsOf(each.text)] : []))
      const tried = calls.slice(1).map(({args}) => args)
      assert.equal(
        said.map((words) => words.map(anyDigest)),
        tried.map((words) => words.map(anyDigest)),
      )
    } finally {
      await stand.close()
    }
  })
}

recorded.run()
