// A step's own process group: known by its leader's id and birth, so that a recycled number is never
// hit. After `kill -9` of node the group lives on; a resume ends it before it asks what happened.

import {execFileSync} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'
import {setTimeout as sleep} from 'node:timers/promises'

export interface Group {
  readonly pid: number
  /** Opaque: when the leader was born, and the mark that its children inherit. */
  readonly birth: string
  /** Its leader was a child of this very process: as long as a member lives, nobody else has the number. */
  readonly ours?: true
}

/** `gone`: nothing of it lives. `ended`: it lived, and does no more. `unknown`: nobody can tell. */
export type GroupEnd = 'gone' | 'ended' | 'unknown'

/** The variable by which members are known that left the group (`setsid`). */
export const markName = 'POSTGATE_GROUP'

const linux = process.platform === 'linux'

/** Says when `pid` was born; the mark is the value of `POSTGATE_GROUP` in its environment. */
export function birthOf(pid: number, mark: string): string {
  return `${startOf(pid) ?? 'unknown'} ${mark}`
}

function startOf(pid: number): string | null {
  if (linux) {
    const stat = statOf(pid)
    return stat && stat.state !== 'Z' ? `${boot()}/${stat.start}` : null
  }
  try {
    const options = {encoding: 'utf8', env: {PATH: process.env.PATH, LC_ALL: 'C'}} as const
    const out = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options)
    return out.trim().replaceAll(/\s+/g, '_') || null
  } catch {
    return null
  }
}

let booted: string | undefined
function boot(): string {
  try {
    booted ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)
    return booted
  } catch {
    return 'boot'
  }
}

interface Stat {
  readonly state: string
  readonly group: number
  readonly start: string
}

function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may itself hold spaces and brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return {state: fields[0] ?? '', group: Number(fields[2]), start: fields[19] ?? ''}
  } catch {
    return null
  }
}

const marked = (pid: number, mark: string): boolean => {
  try {
    const wanted = `${markName}=${mark}`
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(wanted)
  } catch {
    return false
  }
}

/** The number that the system gave last; null where it does not say. */
function lastPid(): number | null {
  try {
    return Number(readFileSync('/proc/loadavg', 'utf8').trim().split(' ').at(-1)) || null
  } catch {
    return null
  }
}

/** The living members of a group; on Linux also those that left it with its mark. */
function members(group: Group): readonly number[] | 'unknown' {
  const space = group.birth.indexOf(' ')
  const start = group.birth.slice(0, space)
  const mark = group.birth.slice(space + 1)
  const now = startOf(group.pid)
  if (!linux) {
    if (now !== null) return now === start ? [group.pid] : []
    if (!alive(-group.pid)) return []
    return group.ours ? [group.pid] : 'unknown'
  }
  const own = now === start || (now === null && group.ours === true)
  return [...bornSince(group.pid)].filter((pid) => {
    if (pid === process.pid) return false
    const stat = statOf(pid)
    if (!stat || stat.state === 'Z' || stat.state === 'X') return false
    return (own && stat.group === group.pid) || (mark !== '' && marked(pid, mark))
  })
}

/** Where more numbers than this would have to be tried, the list of living processes is read instead. */
const fewPids = 64

/** Numbers are given in turn: unless they began anew since, whatever is younger has a higher one. */
function* bornSince(first: number): Generator<number> {
  const last = lastPid() ?? 0
  if (last >= first && last - first < fewPids) {
    for (let pid = first; pid <= last; pid += 1) yield pid
    return
  }
  for (const name of readdirSync('/proc')) {
    const pid = /^\d+$/.test(name) ? Number(name) : -1
    if (pid >= (last >= first ? first : 0)) yield pid
  }
}

function alive(target: number): boolean {
  try {
    process.kill(target, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal)
  } catch {
    // It ended between the look and the signal.
  }
}

/**
 * Ends a group whose leader was born when `birth` says: SIGTERM, then SIGKILL after `graceMs`, and
 * waits until nothing of it lives. A process that only reuses the number is left alone.
 */
export async function endGroup(group: Group, graceMs = 5000): Promise<GroupEnd> {
  const found = members(group)
  if (found === 'unknown') return 'unknown'
  if (found.length === 0) return 'gone'
  signalAll(group, found, 'SIGTERM')
  const killAt = Date.now() + graceMs
  const giveUpAt = killAt + 10_000
  let waitMs = 5
  for (;;) {
    await sleep(waitMs)
    waitMs = Math.min(waitMs * 2, 100)
    const left = members(group)
    if (left === 'unknown') return 'unknown'
    if (left.length === 0) return 'ended'
    if (Date.now() >= giveUpAt) return 'unknown'
    if (Date.now() >= killAt) signalAll(group, left, 'SIGKILL')
  }
}

function signalAll(group: Group, pids: readonly number[], signal: NodeJS.Signals): void {
  if (!linux) send(-group.pid, signal)
  for (const pid of pids) send(pid, signal)
}
