// Counts with any program that prints `{"count": 0, "link": "https://…"}`. Nothing or nonsense is no answer.

import {z} from 'zod'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Signal} from '../../kit/ports/signals.ts'
import {printedJson, programSchema} from '../printed-json.ts'
import {settingsOf} from '../settings.ts'

const printed = z.object({count: z.number().int().nonnegative(), link: z.url().optional()})

export function commandSignal(
  tools: AdapterTools,
  given: Readonly<Record<string, unknown>>,
): Signal {
  const settings = settingsOf('signals', programSchema, given)
  return {
    product: 'command',
    async count(span) {
      const parsed = printed.safeParse(await printedJson(tools, settings, span))
      return parsed.success ? parsed.data : null
    },
  }
}
