// The moments of a run that the history's figures need, found in its journal without folding it: when
// the code was committed, deployed and proven, when it broke and when it was put right.

import {z} from 'zod'
import {parsedJson} from '../../domain/json.ts'
import {natureOf} from '../../domain/step-nature.ts'

export const figures = z.object({
  /** All ISO 8601, UTC; null: it did not happen, or was not recorded. */
  committedAt: z.string().nullable(),
  /** The first attempt to put it before users. */
  deployedAt: z.string().nullable(),
  provenAt: z.string().nullable(),
  brokenAt: z.string().nullable(),
  restoredAt: z.string().nullable(),
})

export type Figures = Readonly<z.output<typeof figures>>

const event = z.looseObject({at: z.string(), type: z.string()})
const changes = z.looseObject({value: z.looseObject({committedAt: z.string().nullable()})})
const verified = z.looseObject({result: z.literal('verified')})

const intended = z.looseObject({
  phase: z.string(),
  step: z.string(),
  nature: z.looseObject({deploys: z.literal(true).optional()}).optional(),
})

// The envelope comes first in a line: long samples are never looked through.
const headLength = 400

/** `lines`: a journal's, in their order. */
export function figuresOf(lines: readonly string[]): Figures {
  const found: {-readonly [K in keyof Figures]: string | null} = {
    committedAt: null,
    deployedAt: null,
    provenAt: null,
    brokenAt: null,
    restoredAt: null,
  }
  for (const line of lines) {
    const head = line.slice(0, headLength)
    const kind = /"type":"([\w-]+)"(?:,"name":"([\w-]+)")?/.exec(head)
    switch (kind?.[2] ?? kind?.[1]) {
      case 'changes': {
        const parsed = changes.safeParse(parsedJson(line))
        if (parsed.success) found.committedAt = parsed.data.value.committedAt
        break
      }
      case 'step-intended':
        if (deploys(line)) found.deployedAt ??= timeOf(line)
        break
      case 'deployment-verified':
        found.provenAt ??= timeOf(line)
        break
      case 'trigger-fired':
      case 'rollback-started':
        found.brokenAt ??= timeOf(line)
        break
      case 'rollback-finished':
        if (verified.safeParse(parsedJson(line)).success) found.restoredAt = timeOf(line)
        break
    }
  }
  return found
}

function timeOf(line: string): string | null {
  const parsed = event.safeParse(parsedJson(line))
  return parsed.success ? parsed.data.at : null
}

function deploys(line: string): boolean {
  const parsed = intended.safeParse(parsedJson(line))
  if (!parsed.success) return false
  const {phase, step, nature} = parsed.data
  return nature === undefined ? natureOf({phase, step}).deploys === true : nature.deploys === true
}
