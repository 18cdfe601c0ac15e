// A server that outlived its command is recognised by its data folder, never by a name, and ended.

import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {readFile, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'

/** Ends the server that still runs on `data`, if any, and removes a stale pid file. */
export async function endLeftover(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid')
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0])
  if (!Number.isInteger(pid) || pid <= 1) return
  // The number may meanwhile be another process's: only a postgres on this very folder is ours.
  const ours = () => isAlive(pid) && commandOf(pid).includes(data)
  for (const [signal, patience] of [
    ['SIGINT', 5_000],
    ['SIGQUIT', 3_000],
    ['SIGKILL', 3_000],
  ] as const) {
    if (!ours()) break
    process.kill(pid, signal)
    for (let waited = 0; waited < patience && ours(); waited += 20) await sleep(20)
  }
  await rm(pidFile, {force: true})
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** A mark that another process with the same number does not have; empty where it cannot be told. */
export function processMark(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ps(pid, 'lstart=')
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ps(pid, 'command=')
  }
}

function ps(pid: number, column: string): string {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], {encoding: 'utf8'}).trim()
  } catch {
    return ''
  }
}
