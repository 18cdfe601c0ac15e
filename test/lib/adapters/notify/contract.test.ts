// The contract of a channel: each occasion that is wanted arrives with its words, others do not, and a
// failure or a silence is told, in time, and never thrown.

import {chmodSync, existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {commandNotifier} from '../../../../scripts/lib/adapters/notify/command.ts'
import {webhook} from '../../../../scripts/lib/adapters/notify/webhook.ts'
import type {Notifier} from '../../../../scripts/lib/kit/ports/notify.ts'
import {temporaryFolder} from '../../../helpers/folder.ts'
import {bodyOf, loopbackServer} from '../../../helpers/server.ts'
import {testTools, testWorld} from '../../../helpers/world.ts'

const contract = suite('the contract of a channel')

const occasions = ['start', 'pause', 'trigger', 'rollback', 'end', 'freeze'] as const
const message = (occasion: (typeof occasions)[number]) => ({
  ...{occasion, title: `Titre ${occasion}`, text: 'à dire : « oui » $(id) `x`', run: 'run-1'},
  link: 'https://forge.example/f',
})

type Behaviour = 'hears' | 'fails' | 'hangs'
type Use = (notifier: Notifier, heard: () => string) => Promise<void>

// Short only where nothing is to come: a slow machine takes its time.
const patience = (behaviour: Behaviour) => ({timeoutSeconds: behaviour === 'hangs' ? 0.5 : 60})

const channels: Readonly<
  Record<string, (behaviour: Behaviour, settings: object, use: Use) => Promise<void>>
> = {
  webhook: async (behaviour, settings, use) => {
    const bodies: string[] = []
    const server = await loopbackServer(async (request, response) => {
      if (behaviour === 'hangs') return
      const body: {text: string} = JSON.parse(await bodyOf(request))
      bodies.push(body.text)
      response.writeHead(behaviour === 'fails' ? 500 : 204).end()
    })
    try {
      const given = {adapter: 'webhook', url: server.url, ...patience(behaviour), ...settings}
      const tools = await testTools({world: testWorld({project: '/nowhere', cache: '/nowhere'})})
      await use(webhook(tools, given), () => bodies.join('\n'))
    } finally {
      await server.close()
    }
  },
  command: async (behaviour, settings, use) => {
    const folder = temporaryFolder()
    const script = {
      hears: 'cat >> heard; echo >> heard',
      fails: 'cat > heard; exit 3',
      hangs: 'exec sleep 30',
    }
    writeFileSync(join(folder.path, 'tell'), `#!/bin/sh\n${script[behaviour]}\n`)
    chmodSync(join(folder.path, 'tell'), 0o700)
    const heard = join(folder.path, 'heard')
    try {
      const world = testWorld({project: folder.path, cache: folder.path})
      const given = {adapter: 'command', run: ['./tell'], ...patience(behaviour), ...settings}
      await use(commandNotifier(await testTools({world}), given), () =>
        existsSync(heard) ? readFileSync(heard, 'utf8') : '',
      )
    } finally {
      folder.remove()
    }
  },
}

for (const [name, channel] of Object.entries(channels)) {
  contract(`${name}: every occasion arrives, its words unchanged`, () =>
    channel('hears', {}, async (notifier, heard) => {
      assert.is(notifier.product, name)
      for (const occasion of occasions) {
        assert.is((await notifier.send(message(occasion))).verdict, 'pass')
        assert.match(heard(), `Titre ${occasion}`)
      }
      assert.match(heard(), 'à dire : « oui » $(id) `x`')
      assert.match(heard(), 'https://forge.example/f')
    }),
  )

  contract(`${name}: only what is asked for`, () =>
    channel('hears', {on: ['end']}, async (notifier) => {
      assert.equal(
        occasions.filter((occasion) => notifier.wants(occasion)),
        ['end'],
      )
    }),
  )

  contract(`${name}: a failure and a silence are told`, async () => {
    for (const behaviour of ['fails', 'hangs'] as const) {
      await channel(behaviour, {}, async (notifier) => {
        const {verdict} = await notifier.send(message('end'))
        assert.is(verdict, 'fail', behaviour)
      })
    }
  })
}

contract.run()
