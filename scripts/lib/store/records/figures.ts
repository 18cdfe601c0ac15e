// The moments of a run that the history's figures need, found in its journal without folding it: when
// the code was committed, deployed and proven, when it broke and when it was put right.

import {z} from 'zod'
import {parsedJson} from '../../domain/json.ts'
import {natureOf} from '../../domain/step-nature.ts'

export const runFigures = z.object({
  /** All ISO 8601, UTC; null: it did not happen, or was not recorded. */
  committedAt: z.string().nullable(),
  /** The first attempt to put it before users. */
  deployedAt: z.string().nullable(),
  provenAt: z.string().nullable(),
  brokenAt: z.string().nullable(),
  restoredAt: z.string().nullable(),
})

export type RunFigures = Readonly<z.output<typeof runFigures>>

const event = z.looseObject({at: z.string(), type: z.string()})
const changes = z.looseObject({value: z.looseObject({committedAt: z.string().nullable()})})
const verified = z.looseObject({result: z.literal('verified')})

const intended = z.looseObject({
  phase: z.string(),
  step: z.string(),
  nature: z.looseObject({deploys: z.literal(true).optional()}).optional(),
})

const looks = z.looseObject({
  samples: z.array(z.looseObject({at: z.string(), ok: z.boolean().nullable()})),
})

const finished = z.looseObject({
  ...{phase: z.string(), step: z.string(), verdict: z.literal('pass')},
  nature: z.looseObject({proves: z.string().optional()}).optional(),
})

// The envelope comes first in a line: long samples are never looked through.
const headLength = 400

/** `lines`: a journal's, in their order. Broken and restored as in domain/recovery.ts. */
export function figuresOf(lines: readonly string[]): RunFigures {
  const found: {-readonly [K in keyof RunFigures]: string | null} = {
    committedAt: null,
    deployedAt: null,
    provenAt: null,
    brokenAt: null,
    restoredAt: null,
  }
  // The last attempt: what users have had since.
  let live: string | null = null
  let undoing = false
  let proof: string | null = null
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
        if (!deploys(line)) break
        live = timeOf(line)
        found.deployedAt ??= live
        break
      case 'deployment-verified':
        found.provenAt ??= timeOf(line)
        break
      case 'rollback-started':
        undoing = true
        break
      case 'step-finished':
        if (undoing && provesPrevious(line)) proof ??= timeOf(line)
        break
      case 'rollback-finished':
        if (verified.safeParse(parsedJson(line)).success) found.restoredAt = proof ?? timeOf(line)
        break
    }
  }
  if (undoing) found.brokenAt = firstHarm(lines, live) ?? live ?? timeOf(lines[0] ?? '')
  return found
}

/** The first look behind the deployment that failed. */
function firstHarm(lines: readonly string[], since: string | null): string | null {
  if (since === null) return null
  for (const line of lines) {
    if (!line.includes('"ok":false') || !line.slice(0, headLength).includes('samples-taken'))
      continue
    const parsed = looks.safeParse(parsedJson(line))
    const harmed = parsed.data?.samples.find(({at, ok}) => ok === false && at >= since)
    if (harmed !== undefined) return harmed.at
  }
  return null
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

function provesPrevious(line: string): boolean {
  const parsed = finished.safeParse(parsedJson(line))
  if (!parsed.success) return false
  const {phase, step, nature} = parsed.data
  return (nature ?? natureOf({phase, step})).proves === 'previous'
}
