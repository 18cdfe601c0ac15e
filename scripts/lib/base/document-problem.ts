// A document or template that cannot be used is the reader's to correct (2), not a defect of ours.

import {DocumentError} from '../documents/document.ts'
import {type Problem, problem} from '../domain/problem.ts'

/** The `Problem` that a DocumentError is for people; null for anything else. */
export function documentProblem(error: unknown): Problem | null {
  if (!(error instanceof DocumentError)) return null
  const {path, line, column, placed, note, expected} = error
  return problem({
    what: placed,
    ...(expected.length > 0 && {
      why: {fr: `possibles : ${expected.join(', ')}`, en: `known: ${expected.join(', ')}`},
    }),
    next: note ?? {
      fr: `corriger ${path}, puis relancer la même commande`,
      en: `correct ${path}, then run the same command again`,
    },
    exit: 2,
    at: {path, line, column},
  })
}
