// Goal: whatever state Vercel publishes for a deployment, it is put online, waited for, or told as failed;
// never taken for live. Method: the fake's answers with each state in them, and a short limit.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {aliasOf} from '../../../../scripts/lib/adapters/hosting/vercel-api.ts'
import {
  beforeDeploy,
  goLive,
  untilLive,
} from '../../../../scripts/lib/adapters/hosting/vercel-live.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import {effect} from '../../../../scripts/lib/guard/effect.ts'
import {vendorStand} from '../../../helpers/vendor-stand.ts'

const live = suite('vercel: until it is live')

interface Ended {
  /** What was said where it failed; null where it is live. */
  readonly said: string | null
  readonly promoted: boolean
}

const file = Buffer.from('a').toString('base64')

/** A deployment whose state stays `state`, in a project that was rolled back or not. */
async function deployed(
  state: object,
  {rolledBack, limitMs}: {rolledBack: boolean; limitMs: number},
): Promise<Ended> {
  const stand = await vendorStand('vercel')
  try {
    const {host, tools} = stand
    host.born({files: {'index.html': file}, message: '1 x'})
    if (host.vercel !== null) host.vercel.autoAssignCustomDomains = !rolledBack
    const name = new URL(host.site).host
    const place = {
      tools,
      host: name,
      liveId: async () => (await aliasOf(tools, name))?.deploymentId ?? null,
      limitMs,
    }
    const before = await beforeDeploy(place)
    await fetch(`${host.api}/__upload`, {
      method: 'POST',
      headers: {authorization: `Bearer ${host.token}`},
      body: JSON.stringify({message: '2 x', files: {'index.html': file}}),
    })
    host.answering((request, answer) =>
      /^GET \/v13\/deployments\//.test(request) ? Object.assign({}, answer, state) : answer,
    )
    let promoted = false
    const promote = (id: string) =>
      effect('promote', async () => {
        promoted = true
        await fetch(`${host.api}/v10/projects/prj_1/promote/${id}`, {
          method: 'POST',
          headers: {authorization: `Bearer ${host.token}`},
        })
      })
    try {
      await goLive(place, {before, label: '2 x', promote})
      return {said: null, promoted}
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      assert.is(error.parts.exit, 1)
      return {said: inLang(error.parts.what, 'en'), promoted}
    }
  } finally {
    await stand.close()
  }
}

for (const [state, rolledBack, said, promoted] of [
  [{readyState: 'READY', readySubstate: 'STAGED'}, false, null, false],
  [{readyState: 'READY', readySubstate: 'STAGED'}, true, null, true],
  [{readyState: 'READY', readySubstate: undefined}, true, null, true],
  // It was live once, and the domains are elsewhere: they are on their way, or lost.
  [{readyState: 'READY', readySubstate: 'PROMOTED'}, true, /still does not serve 2/, false],
  [
    {readyState: 'READY', readySubstate: 'ROLLING'},
    true,
    /did not put ver2dep online: ROLLING/,
    false,
  ],
  [{readyState: 'ERROR'}, true, /online: ERROR/, false],
  [{readyState: 'CANCELED'}, true, /online: CANCELED/, false],
  [{readyState: 'BLOCKED'}, true, /online: BLOCKED/, false],
  [{readyState: 'QUEUED'}, true, /still does not serve 2/, false],
  [{readyState: 'BUILDING'}, true, /still does not serve 2/, false],
  [{readyState: 'INITIALIZING'}, true, /still does not serve 2/, false],
  [{readyState: 'READY', aliasError: {code: 'x', message: 'y'}}, true, /online: aliases/, false],
] as const) {
  live(`${JSON.stringify(state)}${rolledBack ? ', rolled back' : ''}`, async () => {
    // What is expected to go live gets as long as a slow machine needs.
    const limitMs = said === null ? 5_000 : 300
    const ended = await deployed(state, {rolledBack, limitMs})
    if (said === null) assert.is(ended.said, null)
    else assert.match(ended.said ?? 'live', said)
    assert.is(ended.promoted, promoted)
  })
}

live('a switch that never comes is told, and says how to ask for it', async () => {
  const stand = await vendorStand('vercel')
  try {
    const place = {
      tools: stand.tools,
      host: 'www.example.org',
      liveId: async () => 'old',
      limitMs: 150,
    }
    let next = ''
    try {
      await untilLive(place, 'new')
    } catch (error) {
      if (error instanceof Problem) next = inLang(error.parts.next ?? '', 'en')
    }
    assert.is(next, 'vercel promote status')
  } finally {
    await stand.close()
  }
})

live.run()
