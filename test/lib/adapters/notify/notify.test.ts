// Goal: a message arrives, or its failure is told; an address never shows. Method: a real HTTP server and
// a real program.

import {chmodSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {commandNotifier} from '../../../../scripts/lib/adapters/notify/command.ts'
import {webhook} from '../../../../scripts/lib/adapters/notify/webhook.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {temporaryFolder} from '../../../helpers/folder.ts'
import {bodyOf, loopbackServer} from '../../../helpers/server.ts'
import {testTools, testWorld} from '../../../helpers/world.ts'

const notify = suite('notify')

const message = {
  occasion: 'freeze',
  title: 'Release gelée',
  text: 'Raison : bilan',
  run: 'freeze-1',
  link: 'https://forge.example/f',
} as const
const tools = (project = '/nowhere', environment: Record<string, string> = {}) =>
  testTools({world: testWorld({project, cache: project, environment})})

async function received(
  status: number,
  settings: object,
  environment: (url: string) => Record<string, string> = () => ({}),
  said: Parameters<ReturnType<typeof webhook>['send']>[0] = message,
) {
  const bodies: string[] = []
  const server = await loopbackServer(async (request, response) => {
    bodies.push(`${request.method} ${request.headers['content-type']} ${await bodyOf(request)}`)
    response.writeHead(status, {location: 'http://127.0.0.1:9/'}).end()
  })
  try {
    const given = {
      adapter: 'webhook',
      ...('urlFrom' in settings ? {} : {url: `${server.url}/hook/s3cret`}),
      ...settings,
    }
    const sent = await webhook(
      await tools('/nowhere', environment(`${server.url}/hook/s3cret`)),
      given,
    ).send(said)
    assert.not.ok(JSON.stringify(sent).includes('s3cret'))
    return {sent, bodies}
  } finally {
    await server.close()
  }
}

notify('a webhook gets title, text and link as JSON', async () => {
  const {sent, bodies} = await received(204, {})
  assert.is(sent.verdict, 'pass')
  assert.match(
    bodies[0] ?? '',
    /^POST application\/json \{"text":"essai : Release gelée\\nRaison : bilan\\nhttps:/,
  )
})

notify(
  'the body can be the team’s own, and the address can come from the environment',
  async () => {
    const body = {
      channel: '#releases',
      blocks: [{type: 'section', text: '*{title}*\n{text}'}],
      run: '{run}',
      silent: true,
    }
    const {sent, bodies} = await received(200, {urlFrom: 'HOOK', body}, (url) => ({HOOK: url}))
    assert.is(sent.verdict, 'pass')
    assert.match(
      bodies[0] ?? '',
      /"\*Release gelée\*\\n.*Raison : bilan.*"run":"freeze-1","silent":true/,
    )
  },
)

notify('anything but a 2xx has failed, a redirect too', async () => {
  for (const status of [500, 404, 302]) {
    const {sent} = await received(status, {})
    assert.is(sent.verdict, 'fail')
    assert.match(JSON.stringify(sent.observed), new RegExp(`HTTP ${status}`))
  }
})

notify('nobody at the address, and silence, have failed', async () => {
  const nobody = await webhook(await tools(), {
    adapter: 'webhook',
    url: 'http://127.0.0.1:9/hook',
  }).send(message)
  assert.is(nobody.verdict, 'fail')
  const server = await loopbackServer(() => undefined)
  try {
    const silent = await webhook(await tools(), {
      adapter: 'webhook',
      url: server.url,
      timeoutSeconds: 0.1,
    }).send(message)
    assert.is(silent.verdict, 'fail')
  } finally {
    await server.close()
  }
})

notify(
  'a text that is too long is cut as the service counts, and lines end as it reads them',
  async () => {
    const long = {...message, text: `Raison : ${'😀'.repeat(1_500)}\nfin`}
    const of = async (settings: object) => {
      const {bodies} = await received(204, settings, undefined, long)
      const body: {content: string} = JSON.parse(bodies[0]?.replace(/^\S+ \S+ /, '') ?? '')
      return body.content
    }
    const cut = await of({field: 'content', most: 2_000})
    assert.ok(cut.length <= 2_000 && cut.length > 1_990, String(cut.length))
    assert.match(cut, /^essai : Release gelée\nRaison : (?:😀)+ …$/u)
    assert.match(await of({field: 'content', lineEnd: '\n\n'}), 'gelée\n\nRaison')
  },
)

notify('entities stay where a service reads them, and are signs where it does not', async () => {
  const text = 'taux &gt; 5 % chez A&amp;B, &lt;users/all&gt; et &amp;lt;'
  const of = async (settings: object) =>
    (await received(200, settings, undefined, {...message, text})).bodies[0] ?? ''
  assert.match(await of({}), text)
  // Nobody is called by it: what would be a mention is parted.
  assert.match(await of({entities: false}), 'taux > 5 % chez A&B, <\u2060users/all> et &lt;')
})

notify('an address that is missing is a problem, and a bad setting a document error', async () => {
  try {
    await webhook(await tools(), {adapter: 'webhook', urlFrom: 'MISSING'}).send(message)
    assert.unreachable()
  } catch (error) {
    assert.ok(error instanceof Problem && error.parts.exit === 3)
  }
  const any = await tools()
  assert.throws(() => webhook(any, {adapter: 'webhook', on: ['birthday']}), /notify\.on/)
})

notify(
  'a program gets the message on its input, a clean environment, and its exit code counts',
  async () => {
    const folder = temporaryFolder({
      tell: '#!/bin/sh\ncat > told.txt\necho "$1 $POSTGATE_OCCASION $NODE_OPTIONS$TEAM_TOKEN" >> told.txt\nexit $2\n',
    })
    chmodSync(join(folder.path, 'tell'), 0o700)
    try {
      const any = await tools(folder.path, {NODE_OPTIONS: '--bad', TEAM_TOKEN: 'x'})
      const tell = (...more: string[]) =>
        commandNotifier(any, {adapter: 'command', run: ['./tell', '$(id)', ...more]}).send(message)
      assert.is((await tell()).verdict, 'pass')
      const told = readFileSync(join(folder.path, 'told.txt'), 'utf8')
      assert.is(
        told,
        'essai : Release gelée\nRaison : bilan\nhttps://forge.example/f\n$(id) freeze \n',
      )
      assert.is((await tell('3')).verdict, 'fail')
      assert.is(
        (await commandNotifier(any, {adapter: 'command', run: ['./absent']}).send(message)).verdict,
        'fail',
      )
    } finally {
      folder.remove()
    }
  },
)

notify.run()
