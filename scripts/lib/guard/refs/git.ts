// git for the guard's own looks at a repository: the engine's one way to run git, out of reach of hooks,
// replacements and grafts, which would decide what history seems to be.

import {type Git, type GitOptions, gitIn} from '../../store/git/run.ts'

const unmoved = {GIT_NO_REPLACE_OBJECTS: '1', GIT_GRAFT_FILE: '/dev/null'}
const quiet = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false']

/** git in `folder`, with what the caller's environment says of reaching the remote, as the engine has it. */
export function unmovedGit(
  folder: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Git {
  const git = gitIn(folder, environment)
  const more = (options: GitOptions = {}): GitOptions => ({
    ...options,
    environment: {...unmoved, ...options.environment},
  })
  return {
    attempt: (args, options) => git.attempt([...quiet, ...args], more(options)),
    text: (args, options) => git.text([...quiet, ...args], more(options)),
    talk: (args, options) => git.talk([...quiet, ...args], more(options)),
  }
}

/** Lines of what git printed; empty where it failed. */
export async function linesOf(git: Git, args: readonly string[]): Promise<string[]> {
  const {exitCode, stdout} = await git.attempt(args)
  if (exitCode !== 0) return []
  return stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
}
