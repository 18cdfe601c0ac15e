// What an approver signs: this release, this target, these documents, until then. Everything that the
// run compares stands in the signed bytes, since a signature alone knows neither time nor purpose.

import {z} from 'zod'
import type {Checkpoint, Scenario} from '../domain/event.ts'
import {scenarioShape} from '../domain/shapes.ts'

const digest = z.object({path: z.string(), sha256: z.string()})

const schema = z.object({
  v: z.literal(1),
  scenario: scenarioShape,
  project: z.string(),
  tag: z.string(),
  tagObject: z.string(),
  commit: z.string(),
  gate: digest,
  runbook: digest,
  /** Where it goes; null for a freeze, which goes nowhere. */
  target: z
    .object({
      url: z.string(),
      ref: z.string().nullable(),
      /** Fingerprint of the public API key, as `keyPrint` makes it. */
      key: z.string().nullable(),
    })
    .nullable(),
  role: z.string().min(1),
  name: z.string().min(1),
  /** The address that stands before the key in allowed_signers. */
  principal: z.string().min(1),
  issuedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
})

export type ApprovalStatement = Readonly<z.output<typeof schema>>
export type Target = ApprovalStatement['target']

/** What the statement is about, as this machine sees it. */
export interface Subject {
  readonly scenario: Scenario
  readonly project: string
  readonly checkpoint: Checkpoint
  readonly gate: {readonly path: string; readonly sha256: string}
  readonly runbook: {readonly path: string; readonly sha256: string}
  readonly target: Target
}

/** The bytes that are signed. */
export const serialise = (statement: ApprovalStatement): string =>
  `${JSON.stringify(schema.parse(statement), null, 2)}\n`

/** null for what is no statement of this version. */
export function parseStatement(text: string): ApprovalStatement | null {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return null
  }
}
