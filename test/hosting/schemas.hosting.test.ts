// Goal: the fakes answer as the vendors publish that they do. Method: what each fake answers to a
// deployment, a rollback and a way forward, held to the published types and schemas.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {manifestOf} from '../../scripts/lib/artifact/manifest.ts'
import {products, vendorStand} from '../helpers/vendor-stand.ts'
import {perform} from '../helpers/world.ts'
import {application} from '../lib/adapters/hosting/contract.ts'
import {againstPublished} from './published.ts'

const schemas = suite('published schemas')

for (const product of products) {
  schemas(`the fake of ${product} answers as published`, async () => {
    const stand = await vendorStand(product)
    try {
      const {hosting} = stand
      await hosting.ready()
      await hosting.live()
      const ids: string[] = []
      for (const word of ['un', 'deux']) {
        const build = application(word)
        const manifest = await manifestOf(build.path)
        await perform(
          hosting.deploy({folder: build.path, manifest, version: word, message: `${word} x`}),
        )
        build.remove()
        ids.push((await hosting.live())?.id ?? '')
      }
      const [old = '', last = ''] = ids
      await perform(hosting.restore?.(old) ?? [])
      await hosting.ready()
      await perform((hosting.returnTo ?? hosting.restore)?.(last) ?? [])
      await hosting.keeps?.(old)
      await hosting.ready()
      const given = stand.host.exchanges.filter(({request}) => !/ \/__/.test(request))
      assert.ok(given.length > 5)
      assert.equal(againstPublished(product, given), [])
    } finally {
      await stand.close()
    }
  })
}

schemas.run()
