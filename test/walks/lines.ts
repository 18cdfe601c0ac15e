// Lines that a message offers, typed where they were printed: in the project, in a folder of it, and in the
// folder above it, which lies outside its repository.

import * as assert from 'uvu/assert'
import {offered} from '../helpers/offered.ts'
import type {Ran} from './person.ts'
import type {Walk} from './walk.ts'

/** Where the person stands: how they came there, what starts a command, and what names the project. */
export const places = {
  root: {to: '', call: 'node release/scripts/postgate.js', flags: ''},
  within: {to: 'cd src && ', call: 'node ../release/scripts/postgate.js', flags: ''},
  above: {
    to: 'cd .. && ',
    call: 'node clone/release/scripts/postgate.js',
    flags: ' --project clone',
  },
} as const
export type Place = keyof typeof places
export const everywhere = ['root', 'within', 'above'] as const

/** Types a line at a place; our own commands may find something, and never misread their words or break. */
export async function types(walk: Walk, place: Place, line: string): Promise<Ran> {
  const typed = await walk.try(`${places[place].to}${line}`)
  const told = `${place}: ${line}\n[${typed.code}] ${typed.said}`
  assert.not.match(typed.said, /^\s+at |ERR_[A-Z]|not found|No such file|<tag>|npx zx/m, told)
  if (!/postgate\.js/.test(line)) assert.is(typed.code, 0, told)
  assert.ok([0, 1, 3, 4].includes(typed.code ?? -1), told)
  return typed
}

/** Says something at a place, whatever comes of it. */
export const says = (walk: Walk, place: Place, words: string, more = ''): Promise<Ran> =>
  walk.try(`${places[place].to}${places[place].call} ${words}${places[place].flags}${more}`)

/** Types all that is offered there; answers what was, with what came of it. */
export async function follows(
  walk: Walk,
  place: Place,
  said: string,
  leave = /^$/,
): Promise<ReadonlyMap<string, Ran>> {
  const done = new Map<string, Ran>()
  for (const line of offered(said)) {
    if (!leave.test(line) && !done.has(line)) done.set(line, await types(walk, place, line))
  }
  return done
}

export const only = (done: ReadonlyMap<string, Ran>): Ran => {
  const [first] = done.values()
  assert.ok(first !== undefined && done.size === 1, [...done.keys()].join('\n'))
  return first
}
