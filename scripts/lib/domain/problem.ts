// What a person is told when something expected goes wrong: what, why, next. No stack.
// Anything that is not a `Problem` is a defect of ours.

import type {Text} from './text.ts'

/** 1 aborted, 2 unreadable, 3 read and false (or unknown), 4 people or time are missing. */
export type FailureCode = 1 | 2 | 3 | 4

export interface Place {
  readonly path: string
  readonly line: number
  readonly column?: number
}

export interface ProblemParts {
  readonly what: Text
  readonly why?: Text
  readonly next?: Text
  readonly exit: FailureCode
  readonly at?: Place
  /** A disk is full: where nothing has happened, nothing is lost, and a person makes room. */
  readonly lacksRoom?: true
}

export class Problem extends Error {
  readonly parts: ProblemParts

  constructor(parts: ProblemParts) {
    super(typeof parts.what === 'string' ? parts.what : parts.what.en)
    this.name = 'Problem'
    this.parts = parts
  }
}

/** An expected failure, to be thrown: `throw problem({what, why, next, exit})`. */
export function problem(parts: ProblemParts): Problem {
  return new Problem(parts)
}
