// The repository's configuration, of all scopes, asked for once: who somebody is and where the remote lies
// does not change while a command runs.

import {type Git, gitFailed} from './run.ts'

export interface Configuration {
  /** The last value of a key; null where it has none. `key`: section and variable in lower case. */
  readonly value: (key: string) => string | null
  /** As git reads a truth value; false where it is not set. */
  readonly isOn: (key: string) => boolean
}

/** Throws a `Problem` (3) where git cannot read it. */
export async function readConfiguration(git: Git): Promise<Configuration> {
  const args = ['config', '--list', '-z']
  const listed = await git.attempt(args)
  if (listed.exitCode !== 0) throw gitFailed(args, listed)
  const values = new Map<string, string | null>()
  for (const entry of listed.stdout.toString('utf8').split('\0')) {
    const line = entry.indexOf('\n')
    // A key without `=` is switched on, and has no value.
    if (line < 0) values.set(entry, null)
    else values.set(entry.slice(0, line), entry.slice(line + 1))
  }
  return {
    value: (key) => values.get(key) ?? null,
    isOn: (key) => {
      const value = values.get(key)
      if (value === undefined) return false
      return value === null || /^(true|yes|on)$/i.test(value) || /^[+-]?0*[1-9]/.test(value)
    },
  }
}
