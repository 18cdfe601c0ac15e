// What is wrong with a value that a schema refuses, in both languages: a schema's own words where it has
// some (`refuse`), else those of the schema library.

import {z} from 'zod'
import type {Bilingual} from '../documents/bilingual.ts'

export interface Issue {
  readonly path: readonly (string | number)[]
  readonly words: Bilingual
  /** The key that nobody knows, where it is one. */
  readonly key?: string
}

/** The value as the schema reads it, once; only what it refuses is read again, for its words. */
export function readAs<S extends z.ZodType>(
  schema: S,
  value: unknown,
): {readonly value: z.output<S>} | {readonly issues: readonly Issue[]} {
  const parsed = schema.safeParse(value)
  return parsed.success ? {value: parsed.data} : {issues: issuesOf(schema, value)}
}

/** Nothing where the value is legal. */
export function issuesOf(schema: z.ZodType, value: unknown): readonly Issue[] {
  const [fr, en] = [z.locales.fr(), z.locales.en()].map(
    ({localeError}) => schema.safeParse(value, {error: localeError}).error?.issues ?? [],
  )
  return (en ?? []).map((issue, index) => ({
    path: issue.path.filter((key) => typeof key !== 'symbol'),
    ...(issue.code === 'unrecognized_keys' && {key: issue.keys[0] ?? ''}),
    words: isMissing(issue)
      ? {fr: 'manque', en: 'is missing'}
      : {fr: ownFrench(issue) ?? fr?.[index]?.message ?? issue.message, en: issue.message},
  }))
}

/** An issue's words after the name of what they are about. */
export function named({path, words}: Issue): Bilingual {
  const name = path.join('.')
  return name === '' ? words : {fr: `${name} : ${words.fr}`, en: `${name}: ${words.en}`}
}

/** Refuses a value inside a transform or refinement, in words of one's own. */
export function refuse(context: z.RefinementCtx, {fr, en}: Bilingual): void {
  context.addIssue({code: 'custom', message: en, params: {fr}})
}

const isMissing = ({code, message}: z.core.$ZodIssue) =>
  code === 'invalid_type' && message.endsWith('received undefined')

function ownFrench(issue: z.core.$ZodIssue): string | undefined {
  const said: unknown = issue.code === 'custom' ? issue.params?.fr : undefined
  return typeof said === 'string' ? said : undefined
}
