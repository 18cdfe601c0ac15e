// An answers file: what people attest and type, written down beforehand for a run without anybody.
// It names the tag and a date, and is refused for another tag or when it is too old.

import {readFile} from 'node:fs/promises'
import {z} from 'zod'
import {named, readAs} from '../../domain/issues.ts'
import {problem} from '../../domain/problem.ts'
import type {Text} from '../../domain/text.ts'

const person = z.strictObject({role: z.string().min(1), name: z.string().min(1)})

const answer = z.strictObject({
  by: person.optional(),
  answer: z.enum(['yes', 'no', 'not-applicable']).default('yes'),
  /** What was observed, or why it does not apply. */
  observed: z.string().trim().min(1),
})

const schema = z.strictObject({
  tag: z.string(),
  date: z.union([z.iso.datetime({offset: true}), z.iso.date()]),
  operator: person,
  answers: z.record(z.string(), answer).default({}),
  confirmations: z.record(z.string(), z.string()).default({}),
})

export type Answer = z.output<typeof answer> & {readonly by: z.output<typeof person>}

export interface Answers {
  readonly operator: z.output<typeof person>
  /** By an item's title or id. */
  readonly of: (item: {id: string; title: string}) => Answer | undefined
  /** What was typed to confirm: by phase id, else by the environment. */
  readonly confirmation: (...names: readonly string[]) => string | undefined
}

export const noAnswers: Answers = {
  operator: {role: '', name: ''},
  of: () => undefined,
  confirmation: () => undefined,
}

/** Reads an answers file. Throws a `Problem`: 2 unreadable, 3 for another tag or too old. */
export async function readAnswers(
  path: string,
  expected: {tag: string; now: Date; maxAgeMs: number},
): Promise<Answers> {
  const found = await parseFile(path)
  const age = expected.now.getTime() - new Date(found.date).getTime()
  if (found.tag !== expected.tag) {
    throw refused(path, {
      fr: `il est pour le tag ${found.tag}, le gate nomme ${expected.tag}`,
      en: `it is for the tag ${found.tag}, the gate names ${expected.tag}`,
    })
  }
  if (age > expected.maxAgeMs || age < -expected.maxAgeMs) {
    const hours = Math.round(expected.maxAgeMs / 3_600_000)
    throw refused(path, {
      fr: `il date du ${found.date}, accepté : ${hours} h`,
      en: `it is of ${found.date}, accepted: ${hours} h`,
    })
  }
  const answers = new Map(Object.entries(found.answers).map(([key, value]) => [key.trim(), value]))
  return {
    operator: found.operator,
    of: ({id, title}) => {
      const given = answers.get(title) ?? answers.get(id)
      return given === undefined ? undefined : {...given, by: given.by ?? found.operator}
    },
    confirmation: (...names) =>
      names.map((name) => found.confirmations[name]).find((word) => word !== undefined),
  }
}

async function parseFile(path: string): Promise<z.output<typeof schema>> {
  const {LineCounter, parseDocument} = await import('yaml')
  let source: string
  try {
    source = await readFile(path, 'utf8')
  } catch {
    throw problem({
      what: {fr: `${path} ne se lit pas.`, en: `${path} cannot be read.`},
      next: {fr: 'corriger --answers', en: 'correct --answers'},
      exit: 2,
    })
  }
  const lines = new LineCounter()
  const document = parseDocument(source, {lineCounter: lines})
  const error = document.errors[0]
  if (error !== undefined) {
    const {line, col} = lines.linePos(error.pos[0])
    throw unreadable(path, {line, column: col}, error.message.split('\n')[0] ?? '')
  }
  const read = readAs(schema, document.toJS())
  if ('value' in read) return read.value
  const [issue] = read.issues
  throw unreadable(path, {line: 1, column: 1}, issue === undefined ? '' : named(issue))
}

function unreadable(path: string, {line, column}: {line: number; column: number}, why: Text) {
  return problem({
    what: {
      fr: `${path}:${line}:${column} ne se lit pas.`,
      en: `${path}:${line}:${column} cannot be read.`,
    },
    why,
    exit: 2,
    at: {path, line, column},
  })
}

function refused(path: string, why: {fr: string; en: string}) {
  return problem({
    what: {
      fr: `Le fichier de réponses ${path} est refusé.`,
      en: `The answers file ${path} is refused.`,
    },
    why,
    next: {
      fr: 'demander des réponses pour ce tag, aujourd’hui',
      en: 'have it answered for this tag, today',
    },
    exit: 3,
  })
}
