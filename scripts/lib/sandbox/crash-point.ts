// Ends this process at an exact point of its journal, as `kill -9` would. The crash tests
// are made of it; without a variable nothing here does anything.

import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import type {Journal} from '../store/journal.ts'

/**
 * The journal of a process that dies after its n-th event (`POSTGATE_CRASH_AFTER=7`), or with everything
 * done that comes before its next event, and that event not written (`7.5`). Or at the first of the
 * places that a file lists (`POSTGATE_CRASH_PLACES`), which is struck off it: see `crashPointName`.
 */
export function withCrashPoint(journal: Journal): Journal {
  const {POSTGATE_CRASH_AFTER: after, POSTGATE_CRASH_PLACES: file} = process.env
  if (Number(after) > 0) return atCount(journal, Number(after))
  return file === undefined ? journal : atPlaces(journal, file)
}

function atCount(journal: Journal, point: number): Journal {
  let written = 0
  return {
    ...journal,
    append: (body) => {
      if (written + 0.5 === point) die()
      const event = journal.append(body)
      written += 1
      if (written === point) die()
      return event
    },
  }
}

function atPlaces(journal: Journal, file: string): Journal {
  const often = new Map<string, number>()
  const next = (event: object) => {
    const name = eventName(event)
    often.set(name, (often.get(name) ?? 0) + 1)
    return `${name}#${often.get(name)}`
  }
  for (const event of journal.events()) next(event)
  const strike = (place: string) => {
    const places = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
    if (!places.includes(place)) return
    writeFileSync(file, places.filter((each) => each !== place).join('\n'))
    die()
  }
  return {
    ...journal,
    append: (body) => {
      const name = next(body)
      strike(crashPointName('before', name))
      const event = journal.append(body)
      strike(crashPointName('after', name))
      return event
    },
  }
}

/** `after step-intended deploy#1`: behind the first event of this name; `before`: it is not written. */
export const crashPointName = (when: 'before' | 'after', name: string): string => `${when} ${name}`

/** An event in short: its type, and what it is about. */
export function eventName(event: object): string {
  const {type = '', step, item, name, phase, what}: Record<string, unknown> = {...event}
  const [about = ''] = [step, item, name, phase, what].filter((each) => typeof each === 'string')
  return `${type} ${about}`.trim()
}

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}
