// Several machines: bundles with a sandbox of their own each (databases, sites, clone, cache), whose
// clones have one remote in common. What one does there, the others meet.

import {execFileSync} from 'node:child_process'
import {rmSync, symlinkSync} from 'node:fs'
import type {Bundle, Ran} from '../helpers/bundle-runs.ts'

/** Copies of a bundle, each with an operator of its own, on the remote of the first. */
export async function machines(base: Bundle, names: readonly string[]): Promise<Bundle[]> {
  const all: Bundle[] = []
  for (const name of names) {
    const machine = base.copy()
    rmSync(machine.paths.remote, {recursive: true})
    symlinkSync(base.paths.remote, machine.paths.remote)
    machine.git('config', 'user.name', name)
    // A sandbox commits the ports that it found free: one after the other, before the race.
    machine.git('pull', '--quiet', '--rebase')
    await machine.run(['scripts/staging.ts', '--sandbox', '--abort', 'rien n’est ouvert'])
    all.push(machine)
  }
  return all
}

export interface Held {
  readonly stopped: Promise<void>
  readonly ended: Promise<Ran>
  /** Lets a stopped process go on. */
  readonly goOn: () => void
}

/** Runs a command, and stops its process (SIGSTOP) as soon as it has said this. */
export function heldAt(machine: Bundle, args: readonly string[], words: RegExp): Held {
  let go = () => {}
  let stop = () => {}
  const stopped = new Promise<void>((resolve) => {
    stop = resolve
  })
  let held = false
  const ended = machine.run(args, {
    timeoutMs: 600_000,
    onOutput: (text, send) => {
      if (held || !words.test(text)) return
      held = true
      send('SIGSTOP')
      go = () => send('SIGCONT')
      stop()
    },
  })
  return {stopped, ended, goOn: () => go()}
}

/** Every ref of a remote with what it holds. */
export const refsOf = (remote: string): string =>
  execFileSync('git', ['-C', remote, 'for-each-ref', '--format=%(objectname) %(refname)'], {
    encoding: 'utf8',
  })
