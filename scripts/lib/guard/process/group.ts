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
  /** Where its environment stands in its memory; `0` and `0` until a starting program has laid it out. */
  readonly environment: readonly [string | undefined, string | undefined]
  readonly ofKernel: boolean
}

/** `PF_KTHREAD` of Linux's `include/linux/sched.h`: such a thread never has an environment. */
const kernelThread = 0x20_00_00

function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may itself hold spaces and brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return {
      state: fields[0] ?? '',
      group: Number(fields[2]),
      start: fields[19] ?? '',
      environment: [fields[47], fields[48]],
      ofKernel: (Number(fields[6]) & kernelThread) !== 0,
    }
  } catch {
    return null
  }
}

/**
 * Whether it has the mark. While a process turns into another program its environment reads as empty (Linux 6.18, one
 * reading in forty of `exec env`), so an empty reading counts only where the process says that it has none.
 */
function marked(pid: number, mark: string): boolean | 'unknown' {
  for (let tries = 0; tries < 100; tries += 1) {
    let text: string
    try {
      text = readFileSync(`/proc/${pid}/environ`, 'utf8')
    } catch {
      return false
    }
    if (text !== '') return text.split('\0').includes(`${markName}=${mark}`)
    const stat = statOf(pid)
    if (!lives(stat) || stat.ofKernel) return false
    const [start, end] = stat.environment
    if (start === end && end !== '0') return false
  }
  return 'unknown'
}

const lives = (stat: Stat | null): stat is Stat =>
  stat !== null && stat.state !== 'Z' && stat.state !== 'X'

/** The number that the system gave last; null where it does not say. */
function lastPid(): number | null {
  try {
    return Number(readFileSync('/proc/loadavg', 'utf8').trim().split(' ').at(-1)) || null
  } catch {
    return null
  }
}

interface Members {
  readonly sure: readonly number[]
  /** How many it cannot be told of yet. */
  readonly open: number
}

/**
 * The living members of a group; on Linux also those that left it with its mark, and those of whom it cannot be told
 * yet, which are waited for.
 */
function members(group: Group): Members | 'unknown' {
  const space = group.birth.indexOf(' ')
  const start = group.birth.slice(0, space)
  const mark = group.birth.slice(space + 1)
  const now = startOf(group.pid)
  if (!linux) {
    if (now !== null) return {sure: now === start ? [group.pid] : [], open: 0}
    if (!alive(-group.pid)) return {sure: [], open: 0}
    return group.ours ? {sure: [group.pid], open: 0} : 'unknown'
  }
  const own = now === start || (now === null && group.ours === true)
  const sure: number[] = []
  let open = 0
  for (const pid of bornSince(group.pid)) {
    const stat = statOf(pid)
    if (pid === process.pid || !lives(stat)) continue
    const found = own && stat.group === group.pid ? true : mark !== '' && marked(pid, mark)
    if (found === true) sure.push(pid)
    else if (found === 'unknown') open += 1
  }
  return {sure, open}
}

/** Where more numbers than this would have to be tried, the list of living processes is read instead. */
const fewPids = 64

/**
 * Numbers are given in turn: unless they began anew since, whatever is younger has a higher one. Those given while
 * the others were looked at follow: a member may have left a child and ended.
 */
function* bornSince(first: number): Generator<number> {
  let last = lastPid() ?? 0
  if (last >= first && last - first < fewPids) {
    for (let pid = first; pid <= last; pid += 1) yield pid
  } else {
    for (const name of readdirSync('/proc')) {
      const pid = /^\d+$/.test(name) ? Number(name) : -1
      if (pid >= (last >= first ? first : 0)) yield pid
    }
  }
  for (let next = lastPid() ?? 0; next > last; next = lastPid() ?? 0)
    while (last < next) yield ++last
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
  if (found.sure.length + found.open === 0) return 'gone'
  signalAll(group, found.sure, 'SIGTERM')
  const killAt = Date.now() + graceMs
  const giveUpAt = killAt + 10_000
  let waitMs = 5
  for (;;) {
    await sleep(waitMs)
    waitMs = Math.min(waitMs * 2, 100)
    const left = members(group)
    if (left === 'unknown') return 'unknown'
    if (left.sure.length + left.open === 0) return 'ended'
    if (Date.now() >= giveUpAt) return 'unknown'
    if (Date.now() >= killAt) signalAll(group, left.sure, 'SIGKILL')
  }
}

function signalAll(group: Group, pids: readonly number[], signal: NodeJS.Signals): void {
  if (!linux) send(-group.pid, signal)
  for (const pid of pids) send(pid, signal)
}
