// A part of postgate.yaml, read by an adapter's own schema.

import type {z} from 'zod'
import {problem} from '../domain/problem.ts'

/** Throws a `Problem` (2) that names the setting and what is wrong with it. */
export function settingsOf<S extends z.ZodType>(
  part: string,
  schema: S,
  given: unknown,
): z.output<S> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = [part, ...(issue?.path ?? [])].join('.')
  throw problem({
    what: {
      fr: `postgate.yaml : ${where} ne convient pas.`,
      en: `postgate.yaml: ${where} does not fit.`,
    },
    why: issue?.message ?? '',
    next: {fr: 'corriger postgate.yaml', en: 'correct postgate.yaml'},
    exit: 2,
  })
}
