// git for the guard's own looks at a repository: a fixed list of reading commands, out of reach of
// hooks, replacements, grafts and whatever the environment says.

import {execFile} from 'node:child_process'

const quiet = {
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
}

export class GitFailure extends Error {
  readonly exitCode: number | null

  constructor(message: string, exitCode: number | null) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Runs git and gives what it printed. Throws a `GitFailure` with its exit code (null: no answer). */
export function git(cwd: string, args: readonly string[], timeoutMs = 60_000): Promise<string> {
  const env: Record<string, string> = {...quiet}
  for (const [name, value] of Object.entries(process.env)) {
    if (value === undefined) continue
    // How to reach the remote stays; where and what git is does not.
    const plain = !name.startsWith('GIT_') && !/^(LC_ALL|LANG|LANGUAGE)$/.test(name)
    if (plain || name === 'GIT_SSH_COMMAND' || name === 'GIT_ASKPASS') env[name] = value
  }
  const options = {cwd, env, timeout: timeoutMs, maxBuffer: 256 * 1024 * 1024}
  const words = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', ...args]
  return new Promise((resolve, reject) => {
    execFile('git', words, options, (error, stdout, stderr) => {
      if (!error) resolve(stdout)
      else {
        const code = typeof error.code === 'number' ? error.code : null
        reject(new GitFailure(stderr.trim() || error.message, code))
      }
    })
  })
}
