// Tells the team through an incoming webhook: one POST of JSON. Anything but a 2xx has failed, and says so.

import {z} from 'zod'
import {httpAnswer} from '../../base/http-answer.ts'
import {fail, type Judgement, pass} from '../../domain/verdict.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Notifier} from '../../kit/ports/notify.ts'
import {settingsOf} from '../settings.ts'
import {channelAddress} from './address.ts'
import {type Message, messageText, wantedOccasions} from './message.ts'

const schema = z.strictObject({
  adapter: z.literal('webhook'),
  /** The address, or the name of an environment variable that holds it: such addresses are secrets. */
  url: z.string().optional(),
  urlFrom: z.string().optional(),
  /** The key under which chat services expect the text. */
  field: z.string().default('text'),
  /** Whole body, instead of `{<field>: text}`; `{text}`, `{title}`, `{run}`, `{link}`, `{occasion}` are filled in. */
  body: z.record(z.string(), z.unknown()).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  /** Characters of the text: services refuse a longer message, and then nobody is told anything. */
  most: z.number().int().min(200).optional(),
  /** What ends a line; a service that reads Markdown wants two. */
  lineEnd: z.string().default('\n'),
  /** Whether `&`, `<` and `>` come as HTML entities, as Slack wants them; the others show these as they are. */
  entities: z.boolean().default(true),
  on: wantedOccasions,
  timeoutSeconds: z.number().positive().max(120).default(15),
})

/** `notify: [{adapter: webhook, urlFrom: TEAM_WEBHOOK}]`. */
export function webhook(tools: AdapterTools, given: Readonly<Record<string, unknown>>): Notifier {
  const settings = settingsOf('notify', schema, given)
  const {world} = tools
  return {
    product: 'webhook',
    wants: (occasion) => settings.on.includes(occasion),
    ready: async () => {
      const {host} = new URL(channelAddress(settings, world.environment))
      return pass({
        fr: `vers ${host}, ${settings.on.join(', ')}`,
        en: `to ${host}, ${settings.on.join(', ')}`,
      })
    },
    async send(message) {
      const url = channelAddress(settings, world.environment)
      const text = fitting(messageText(tools, message), settings)
      const body =
        settings.body === undefined
          ? {[settings.field]: text}
          : fill(settings.body, {...message, text})
      return post(tools, url, {
        body,
        headers: settings.headers,
        timeoutMs: settings.timeoutSeconds * 1_000,
      })
    },
  }
}

/** The text as the service takes it: the end of one that is too long is what the report has as well. */
function fitting(
  text: string,
  {most, lineEnd, entities}: Pick<z.output<typeof schema>, 'most' | 'lineEnd' | 'entities'>,
): string {
  const whole = (entities ? text : withoutEntities(text)).replaceAll('\n', lineEnd)
  if (most === undefined || whole.length <= most) return whole
  return `${whole.slice(0, most - 2).replace(/[\uD800-\uDBFF]$/, '')} …`
}

// A word joiner keeps `<name>` from being a mention where entities are not read.
const withoutEntities = (text: string) =>
  text
    .replace(/&lt;(?=[\w@#!/])/g, '<\u2060')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#124;', '|')
    .replaceAll('&#92;', '\\')
    .replaceAll('&amp;', '&')

async function post(
  {world, signal}: AdapterTools,
  url: string,
  {
    body,
    headers,
    timeoutMs,
  }: {body: unknown; headers: Readonly<Record<string, string>>; timeoutMs: number},
): Promise<Judgement> {
  const {host} = new URL(url)
  try {
    const response = await httpAnswer(world.fetch, url, {
      method: 'POST',
      headers: {'content-type': 'application/json', ...headers},
      body: JSON.stringify(body),
      ...{redirects: 'tell', read: false},
      ...{timeoutMs, signal},
    })
    return response.ok
      ? pass({fr: `reçue par ${host}`, en: `received by ${host}`})
      : fail(`${host}: HTTP ${response.status}`)
  } catch (error) {
    const why =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    return fail({fr: `${host} ne répond pas (${why})`, en: `${host} does not answer (${why})`})
  }
}

function fill(value: unknown, message: Message & {readonly text: string}): unknown {
  if (typeof value === 'string') {
    return value.replace(/\{(text|title|run|link|occasion)\}/g, (_, key: string) => {
      const found: unknown = Reflect.get(message, key)
      return typeof found === 'string' ? found : ''
    })
  }
  if (Array.isArray(value)) return value.map((each) => fill(each, message))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, message)]))
}
