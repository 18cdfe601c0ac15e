// Which commits changed a file, below any commit: what `git log <commit> -- <path>` lists, for all runs
// of an audit out of one pass over the history.

import {askTogether} from '../../base/ask-together.ts'
import {lazy} from '../../base/lazy.ts'
import type {Git} from '../../store/git/run.ts'

/** Newest first; as many as are looked at. */
export type VersionsOf = (base: string, path: string) => Promise<readonly string[]>

const most = 200

/** `tips`: commits that branches and tags need not hold. */
export function versionsIn(git: Git, tips: readonly string[]): VersionsOf {
  const everywhere = ['--branches', '--remotes', '--tags', ...tips]
  const graph = lazy(() => parentsOf(git, everywhere))
  const changes = askTogether((paths) => commitsThatChange(git, everywhere, paths))
  const atMerge = askTogether(async (names) => {
    const listed = new Map<string, readonly string[]>()
    for (const name of names) {
      const [commit = '', path = ''] = splitOnce(name)
      listed.set(name, await logOf(git, commit, path))
    }
    return listed
  })
  const steps = new Map<string, Map<string, string>>()

  return async (base, path) => {
    const changing = (await changes([path])).get(path)
    if (changing === undefined) return []
    const parents = await graph()
    const known = steps.get(path) ?? new Map<string, string>()
    steps.set(path, known)
    const found: string[] = []
    let at = base
    while (found.length < most) {
      at = nextChange(at, {changing, parents, known})
      if (at === '') break
      const above = parents.get(at)
      if (above === undefined || above.length > 1) {
        // Which side of a merge counts is git's to say.
        const name = `${at} ${path}`
        found.push(...((await atMerge([name])).get(name) ?? []))
        break
      }
      found.push(at)
      at = above[0] ?? ''
      if (at === '') break
    }
    return found.slice(0, most)
  }
}

interface Walk {
  readonly changing: ReadonlySet<string>
  readonly parents: ReadonlyMap<string, readonly string[]>
  /** Where a walk from a commit ends, by the commit: no step is taken twice. */
  readonly known: Map<string, string>
}

/** The first commit from `from` downwards that changes the file; '' where there is none. */
function nextChange(from: string, {changing, parents, known}: Walk): string {
  const passed: string[] = []
  let at = from
  // A merge in which the file is as in all its parents is passed as git does: by the first.
  while (at !== '' && !changing.has(at) && parents.has(at)) {
    const end = known.get(at)
    passed.push(at)
    at = end ?? parents.get(at)?.[0] ?? ''
    if (end !== undefined) break
  }
  for (const commit of passed) known.set(commit, at)
  return at
}

async function parentsOf(
  git: Git,
  everywhere: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const listed = await git.text(['rev-list', '--parents', ...everywhere])
  const parents = new Map<string, readonly string[]>()
  for (const line of listed.split('\n')) {
    const [commit = '', ...above] = line.split(' ')
    parents.set(commit, above)
  }
  return parents
}

/** The commits in which a file is not as in one of their parents, by its path; none for one that was never there. */
async function commitsThatChange(
  git: Git,
  everywhere: readonly string[],
  paths: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const listed = await git.text([
    ...['log', '-z', '--format=%x01%H%x02', '--name-only', '--no-renames', '--no-show-signature'],
    ...[
      '--full-history',
      '-m',
      ...everywhere,
      '--',
      ...paths.map((path) => `:(top,literal)${path}`),
    ],
  ])
  const found = new Map<string, Set<string>>()
  for (const entry of listed.split('\u0001').slice(1)) {
    const [commit = '', files = ''] = entry.split('\u0002')
    for (const file of files.split('\0')) {
      const path = file.replace(/^\n/, '')
      if (path === '') continue
      const commits = found.get(path) ?? new Set()
      found.set(path, commits.add(commit))
    }
  }
  return found
}

async function logOf(git: Git, commit: string, path: string): Promise<readonly string[]> {
  const listed = await git.attempt([
    ...['log', '--format=%H', '--no-show-signature', `--max-count=${most}`],
    ...[commit, '--', `:(top,literal)${path}`],
  ])
  return listed.stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
}

const splitOnce = (name: string): [string, string] => {
  const at = name.indexOf(' ')
  return [name.slice(0, at), name.slice(at + 1)]
}
