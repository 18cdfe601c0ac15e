// Goal: what the guide shows for each chat service is what that service publishes. Method: each channel of
// the guide sends a long message to a server on loopback, whose body is held to the published shape.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parse} from 'yaml'
import {z} from 'zod'
import {webhook} from '../../scripts/lib/adapters/notify/webhook.ts'
import {bodyOf, loopbackServer} from '../helpers/server.ts'
import {testTools, testWorld} from '../helpers/world.ts'
import {root} from './generated.ts'

const services = suite('chat services of the guide')

const guide = readFileSync(join(root, 'docs/guide.md'), 'utf8')
const shown = z.object({
  notify: z.array(z.looseObject({adapter: z.string(), urlFrom: z.string().optional()})),
})
const channels = [...guide.matchAll(/^```yaml\n(notify:\n.*?)^```/gms)].flatMap(
  ([, text = '']) => shown.parse(parse(text)).notify,
)

const text = z.string().min(1)
const card = z.strictObject({
  $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
  type: z.literal('AdaptiveCard'),
  version: z.string().regex(/^1\.[0-5]$/),
  body: z.array(z.strictObject({type: z.literal('TextBlock'), text, wrap: z.boolean()})).min(1),
})

/** The variable that the guide names, and what its service takes. */
const published: Readonly<Record<string, z.ZodType>> = {
  SLACK_WEBHOOK: z.strictObject({text: text.max(40_000), mrkdwn: z.boolean()}),
  MATTERMOST_WEBHOOK: z.strictObject({text: text.max(16_383)}),
  GOOGLE_CHAT_WEBHOOK: z.strictObject({text: text.max(32_000)}),
  DISCORD_WEBHOOK: z.strictObject({
    content: text.max(2_000),
    allowed_mentions: z.strictObject({parse: z.array(z.enum(['roles', 'users', 'everyone']))}),
  }),
  TEAMS_WORKFLOW: z.strictObject({
    type: z.literal('message'),
    attachments: z
      .array(
        z.strictObject({
          contentType: z.literal('application/vnd.microsoft.card.adaptive'),
          contentUrl: z.null(),
          content: card,
        }),
      )
      .min(1),
  }),
}

const message = {
  occasion: 'rollback',
  ...{title: 'retour PROUVÉ', run: 'run-1', link: 'https://forge.example/f'},
  text: Array.from({length: 120}, (_, line) => `Ligne ${line} : taux &gt; 5 % chez A&amp;B`).join(
    '\n',
  ),
} as const

services('each has its own channel, and takes what it is sent', async () => {
  const found = new Map(channels.map((channel) => [channel.urlFrom, channel]))
  for (const [variable, shape] of Object.entries(published)) {
    const channel = found.get(variable)
    assert.ok(channel, `${variable} is not in the guide`)
    let body: unknown
    const server = await loopbackServer(async (request, response) => {
      assert.is(request.headers['content-type'], 'application/json')
      body = JSON.parse(await bodyOf(request))
      response.writeHead(variable === 'TEAMS_WORKFLOW' ? 202 : 200).end()
    })
    try {
      const environment = {[variable]: `${server.url}/hook`}
      const world = testWorld({project: '/nowhere', cache: '/nowhere', environment})
      const sent = await webhook(await testTools({world}), channel ?? {}).send(message)
      assert.is(sent.verdict, 'pass', JSON.stringify(sent))
    } finally {
      await server.close()
    }
    const read = shape.safeParse(body)
    assert.ok(read.success, `${variable}: ${read.error?.message}`)
    assert.match(JSON.stringify(body), 'Ligne 0 : taux')
    // Only those that read entities are sent some.
    const readsThem = ['SLACK_WEBHOOK', 'MATTERMOST_WEBHOOK'].includes(variable)
    assert.is(JSON.stringify(body).includes('&gt;'), readsThem, variable)
  }
})

services.run()
