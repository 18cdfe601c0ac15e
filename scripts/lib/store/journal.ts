// The journal: one line an event, each naming the SHA-256 of the line before it. An append is on disk
// before the next thing happens. A last line without newline never happened; damage anywhere else is
// refused with its line.

import {createHash} from 'node:crypto'
import {appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync} from 'node:fs'
import {dirname} from 'node:path'
import {z} from 'zod'
import type {Event, EventBody} from '../domain/event.ts'
import {problem} from '../domain/problem.ts'

const genesis = '0'.repeat(64)

const envelope = z.looseObject({
  v: z.literal(1),
  seq: z.number().int().positive(),
  at: z.iso.datetime(),
  prev: z.string().length(64),
  type: z.string(),
})

export interface Head {
  /** SHA-256 of the last line, without its newline; 64 zeros for an empty journal. */
  readonly hash: string
  /** Number of events. */
  readonly count: number
}

export interface Journal {
  readonly path: string
  readonly events: () => readonly Event[]
  /** Written through to disk when this returns. */
  readonly append: (body: EventBody) => Event
  readonly head: () => Head
  /** The journal's bytes up to now. */
  readonly text: () => string
}

export const sha256 = (text: string | Uint8Array): string =>
  createHash('sha256').update(text).digest('hex')

/**
 * The events of a journal's text. A torn last line is left out.
 * Throws a `Problem` (2) that names the line where the chain, the count or the JSON is wrong.
 */
export function parseJournal(text: string, path: string): Event[] {
  const lines = text.split('\n')
  lines.pop() // what follows the last newline never happened
  let prev = genesis
  return lines.map((line, index) => {
    const event = parseLine(line, {path, line: index + 1})
    if (event.seq !== index + 1)
      throw damaged(path, index + 1, `seq ${event.seq}, wanted ${index + 1}`)
    if (event.prev !== prev)
      throw damaged(path, index + 1, 'prev is not the SHA-256 of the line before')
    prev = sha256(line)
    return event
  })
}

/** Head of a journal's text: hash of the last whole line, and how many there are. */
export function headOf(text: string): Head {
  const lines = text.split('\n')
  lines.pop()
  const last = lines.at(-1)
  return {hash: last === undefined ? genesis : sha256(last), count: lines.length}
}

function parseLine(line: string, place: {path: string; line: number}): Event {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw damaged(place.path, place.line, 'no JSON')
  }
  const parsed = envelope.safeParse(value)
  if (!parsed.success)
    throw damaged(place.path, place.line, parsed.error.issues[0]?.message ?? 'no event')
  if (!isEvent(parsed.data))
    throw damaged(place.path, place.line, `unknown event "${parsed.data.type}"`)
  return parsed.data
}

// The envelope is checked field by field; the body was written by this very program and is protected
// by the chain, so its type is believed when its name is known.
const known: Record<EventBody['type'], true> = {
  'run-started': true,
  'run-resumed': true,
  'run-taken-over': true,
  'phase-started': true,
  'phase-confirmed': true,
  'phase-finished': true,
  'item-judged': true,
  'step-intended': true,
  'child-started': true,
  'child-ended': true,
  'step-finished': true,
  'fact-recorded': true,
  'samples-taken': true,
  'incident-recorded': true,
  'trigger-fired': true,
  'rollback-started': true,
  'rollback-finished': true,
  'run-paused': true,
  'run-decided': true,
  'documents-written': true,
  'documents-committed': true,
  'run-tagged': true,
  'documents-pushed': true,
  notified: true,
  'run-ended': true,
}

function isEvent(value: {type: string}): value is Event {
  return Object.hasOwn(known, value.type)
}

function damaged(path: string, line: number, why: string) {
  return problem({
    what: {
      fr: `${path}:${line} : le journal est endommagé.`,
      en: `${path}:${line}: the journal is damaged.`,
    },
    why,
    next: {
      fr: 'ne rien modifier ; comparer avec une copie : npx zx scripts/audit.ts',
      en: 'change nothing; compare with a copy: npx zx scripts/audit.ts',
    },
    exit: 2,
    at: {path, line},
  })
}

/**
 * Opens (or begins) the journal at `path`; `now` gives each event its time, `mask` hides secrets in each text
 * of its body. What makes the chain is never masked: a short value stands in a digest or a date by chance.
 * Repairs a torn last line.
 */
export function openJournal(path: string, now: () => Date, mask = (text: string) => text): Journal {
  mkdirSync(dirname(path), {recursive: true, mode: 0o700})
  const found = existsSync(path) ? readFileSync(path, 'utf8') : ''
  let text = found.slice(0, found.lastIndexOf('\n') + 1)
  if (text.length !== found.length) truncateSync(path, Buffer.byteLength(text))
  const events = parseJournal(text, path)
  let {hash, count} = headOf(text)
  let broken: unknown
  const write = (line: string) => {
    // Behind a line that is only half on disk nothing more may stand: the next start goes on from here.
    if (broken !== undefined) throw broken
    try {
      appendFileSync(path, `${line}\n`, {flush: true, mode: 0o600})
    } catch (error) {
      broken = existsSync(dirname(path)) ? error : folderGone(path)
      truncateIfThere(path, Buffer.byteLength(text))
      throw broken
    }
  }
  return {
    path,
    events: () => events,
    head: () => ({hash, count}),
    text: () => text,
    append: (body) => {
      // A clock that was moved back must not reorder what happened: time never runs backwards here.
      const last = events.at(-1)?.at ?? ''
      const clock = now().toISOString()
      const event: Event = {
        v: 1,
        seq: count + 1,
        at: clock < last ? last : clock,
        prev: hash,
        ...body,
      }
      const line = JSON.stringify(event, masking(event, mask))
      write(line)
      text += `${line}\n`
      hash = sha256(line)
      count += 1
      const kept = parseLine(line, {path, line: count})
      events.push(kept)
      return kept
    },
  }
}

const ofTheChain = new Set(['at', 'prev', 'type'])

/** Masks each text of an event as it is written, those too that stand as names of what is told. */
function masking(event: Event, mask: (text: string) => string) {
  return function (this: unknown, key: string, value: unknown): unknown {
    if (value === event || (this === event && ofTheChain.has(key))) return value
    if (typeof value === 'string') return mask(value)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        /^[a-zA-Z]+$/.test(name) ? name : mask(name),
        each,
      ]),
    )
  }
}

/** A step may have taken the repository away: what happened meanwhile is looked up in the world, once it is back. */
const folderGone = (path: string) =>
  problem({
    what: {
      fr: `Le journal n’est plus là : ${path}`,
      en: `The journal is no longer there: ${path}`,
    },
    why: {
      fr: 'le dossier git du projet a été déplacé ou supprimé',
      en: 'the project’s git directory was moved or deleted',
    },
    next: {
      fr: 'le remettre en place et relancer la même commande ; s’il est perdu, cloner de nouveau, puis --take-over RAISON',
      en: 'put it back and run the same command again; where it is lost, clone anew, then --take-over WHY',
    },
    exit: 3,
  })

/** Best effort: a torn last line is repaired by the next start as well. */
function truncateIfThere(path: string, bytes: number): void {
  try {
    if (existsSync(path)) truncateSync(path, bytes)
  } catch {
    // the disk that refused the append refuses this too
  }
}
