// The branch that a repository calls its own where nothing is configured: what the remote's HEAD names,
// else `main`, else what is checked out.

import type {Git} from './run.ts'

/** Its short name. A remote that is away is no error: then what is known here counts. */
export async function defaultBranch(git: Git, remote: string | null): Promise<string> {
  const known = await knownHere(git, remote)
  if (remote !== null) {
    const head = known.get(`refs/remotes/${remote}/HEAD`)
    if (head) return head.slice(`refs/remotes/${remote}/`.length)
    if (known.has(`refs/remotes/${remote}/main`)) return 'main'
    const there = await headOf(git, remote)
    if (there !== null) return there
  }
  if (known.has('refs/heads/main')) return 'main'
  const current = await git.attempt(['symbolic-ref', '--quiet', '--short', 'HEAD'])
  return current.stdout.toString('utf8').trim() || 'main'
}

/** Refs to what they point at, where they are symbolic. */
async function knownHere(git: Git, remote: string | null): Promise<Map<string, string>> {
  const far =
    remote === null ? [] : ['HEAD', 'main'].map((name) => `refs/remotes/${remote}/${name}`)
  const format = '--format=%(refname) %(symref)'
  const listed = await git.attempt(['for-each-ref', format, 'refs/heads/main', ...far])
  const lines = listed.stdout.toString('utf8').split('\n')
  return new Map(
    lines
      .filter((line) => line !== '')
      .map((line): [string, string] => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']),
  )
}

async function headOf(git: Git, remote: string): Promise<string | null> {
  const asked = await git.attempt(['ls-remote', '--symref', remote, 'HEAD'], {timeoutMs: 20_000})
  const match = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(asked.stdout.toString('utf8'))
  return match?.[1] ?? null
}
