// Goal: what a host accepted from a client that died is waited for before anybody says what is live; a switch
// may else come over what is deployed or brought back next. Method: fakes that switch in their own
// time, asked as a client asks that then says nothing more.

import {createHash} from 'node:crypto'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {writeMessage} from '../../../../scripts/lib/adapters/hosting/stage.ts'
import {settled} from '../../../../scripts/lib/adapters/hosting/vercel-live.ts'
import {type VendorStand, vendorStand} from '../../../helpers/vendor-stand.ts'

const settling = suite('what a dead client left')

const made = {message: '2 release', manifest: 'a'.repeat(64)}
const message = writeMessage(made.message, made.manifest)
const file = Buffer.from('new').toString('base64')

const begin = async (product: 'netlify' | 'vercel') => {
  const stand = await vendorStand(product)
  const old = stand.host.born({files: {'index.html': 'YQ=='}, message: '1 x'})
  const send = (method: string, path: string, body: string) =>
    fetch(`${stand.host.api}${path}`, {
      ...{method, body},
      headers: {authorization: `Bearer ${stand.host.token}`},
    })
  return {stand, old, send}
}

const liveId = async ({hosting}: VendorStand) => (await hosting.live())?.id

for (const isUploaded of [true, false]) {
  settling(`netlify: ${isUploaded ? 'every file was' : 'a file was not'} uploaded`, async () => {
    const {stand, old, send} = await begin('netlify')
    try {
      const site = '/api/v1/sites/essai.netlify.app'
      await send('POST', `${site}/deploys?title=${encodeURIComponent(message)}`, '{}')
      const files = {'index.html': createHash('sha1').update('new').digest('hex')}
      await send('PUT', `${site}/deploys/draft1`, JSON.stringify({files}))
      if (isUploaded) await send('PUT', '/api/v1/deploys/draft1/files/index.html', 'new')
      assert.is(await liveId(stand), old)
      assert.ok(await stand.hosting.settled?.(made))
      assert.is((await liveId(stand)) === old, !isUploaded)
    } finally {
      await stand.close()
    }
  })
}

settling('netlify: one that never said what it was given', async () => {
  const {stand, old} = await begin('netlify')
  try {
    assert.ok(await stand.hosting.settled?.(made))
    stand.host.answering(() => '<html>')
    try {
      await stand.hosting.settled?.(made)
      assert.unreachable()
    } catch (error) {
      assert.match(String(error), /Netlify/)
    }
    stand.host.answering((_request, answer) => answer)
    assert.is(await liveId(stand), old)
  } finally {
    await stand.close()
  }
})

const upload = JSON.stringify({message, files: {'index.html': file}})

for (const [title, assigned] of [
  ['vercel: built and given its domains a moment later', true],
  ['vercel: a project that was rolled back gives it none', false],
] as const) {
  settling(title, async () => {
    const {stand, old, send} = await begin('vercel')
    try {
      if (stand.host.vercel !== null) stand.host.vercel.autoAssignCustomDomains = assigned
      await send('POST', '/__upload', upload)
      assert.is(await liveId(stand), old)
      assert.ok(await stand.hosting.settled?.(made))
      assert.is((await liveId(stand)) === old, !assigned)
    } finally {
      await stand.close()
    }
  })
}

settling('vercel: a way back that was asked for', async () => {
  const {stand, old, send} = await begin('vercel')
  try {
    const now = stand.host.born({files: {'index.html': file}, message: '2 x'})
    await send('POST', `/v9/projects/prj_1/rollback/${old}`, '')
    assert.is(await liveId(stand), now)
    assert.ok(await stand.hosting.settled?.(made))
    assert.is(await liveId(stand), old)
  } finally {
    await stand.close()
  }
})

settling('vercel: one that is still built at the limit', async () => {
  const {stand, send} = await begin('vercel')
  try {
    await send('POST', '/__upload', upload)
    stand.host.answering((request, answer) =>
      /^GET \/v13\/deployments\//.test(request)
        ? Object.assign({}, answer, {readyState: 'BUILDING'})
        : answer,
    )
    const place = {tools: stand.tools, host: 'x', liveId: async () => 'old', limitMs: 300}
    assert.not(await settled(place, message))
    assert.ok(await settled(place, 'another'))
  } finally {
    await stand.close()
  }
})

settling.run()
