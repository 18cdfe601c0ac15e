// What the outputs of `--json` are made of. Every text is one string, in the language of `--lang`; every
// moment is ISO 8601 in UTC; durations are milliseconds.

import {z} from 'zod'
import {environmentShape, originShape, scenarioShape, severityShape} from '../shapes.ts'
import type {Text} from '../text.ts'

/** Words for people: handed over in both languages, published in the one that is asked for. */
export const said = z.pipe(
  z.transform((words: Text) => words),
  z.string(),
)

export const momentShape = z.iso.datetime()
export const verdictShape = z.enum(['pass', 'fail', 'unknown', 'not-applicable', 'waiting'])
export const modeShape = z.enum(['READ-ONLY', 'EXECUTIVE'])
export const checkpointShape = z.strictObject({
  tag: z.string(),
  tagObject: z.string().describe('Object id of the tag; empty where it is missing.'),
  commit: z.string(),
})
export const textsShape = z.array(z.string())

export const policyDocumentShape = z.strictObject({
  path: z.string(),
  origin: originShape.describe('Whose text was read.'),
  sha256: z.string().describe('Of a runbook without its history, of a template whole.'),
})

export const incidentsShape = z.array(
  z.strictObject({
    what: said,
    severity: severityShape,
    environment: environmentShape.nullable(),
    by: z.string().nullable(),
    at: z.string(),
  }),
)

/** Who holds the project. */
export const holderShape = z.strictObject({
  run: z.string(),
  scenario: scenarioShape,
  operator: z.string(),
  machine: z.string(),
  since: z.string(),
})

/** What a command hands over under such a schema, deeply read-only: as published, but for what is `said`. */
export type Handed<S extends z.ZodType> = Immutable<z.input<S>>

type Immutable<T> = T extends readonly (infer E)[]
  ? readonly Immutable<E>[]
  : T extends object
    ? {readonly [K in keyof T as string extends K ? never : K]: Immutable<T[K]>}
    : T
