// Opens the project's repository.

import {realpath} from 'node:fs/promises'
import {isAbsolute, join, relative} from 'node:path'
import {problem} from '../../domain/problem.ts'
import {type Configuration, readConfiguration} from './configuration.ts'
import {defaultBranch} from './default-branch.ts'
import {historyOf} from './history.ts'
import {isFullId, objectDatabase} from './object-database.ts'
import {isRefName} from './ref-name.ts'
import {remoteOf} from './remote.ts'
import type {LocalReading, Repository, WorkingStatus} from './repository.ts'
import {answered, type Git, gitIn, lastWords, mending} from './run.ts'

export interface RepositoryOptions {
  readonly remote?: string
  readonly branch?: string
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** For how long one look at the remote serves all who ask; without it each asks anew. */
  readonly lookMaxAgeMs?: number
  /** Whether the clone may remember that its remote has many refs. */
  readonly remembers?: boolean
}

/** Opens the repository that `folder` lies in. Throws a `Problem` (2) where there is none. */
export async function openRepository(
  folder: string,
  options: RepositoryOptions = {},
): Promise<Repository> {
  const environment = options.environment ?? process.env
  const found = await gitIn(folder, environment).attempt([
    'rev-parse',
    '--show-toplevel',
    '--git-common-dir',
  ])
  const [top, common] = found.stdout.toString('utf8').split('\n')
  if (found.exitCode !== 0 || !top || !common) throw noRepository(folder, lastWords(found))
  const root = await realpath(top)
  const gitDirectory = await realpath(isAbsolute(common) ? common : join(folder, common))
  const git = gitIn(root, environment)
  const name = options.remote ?? 'origin'
  const configuration = await readConfiguration(git)
  const remote = configuration.value(`remote.${name}.url`) === null ? null : name
  const branch = options.branch ?? (await defaultBranch(git, remote))
  const local = localOf(git, root, configuration)
  const memory = options.remembers ? join(gitDirectory, 'postgate', 'many-refs') : null
  const {lookMaxAgeMs = 0} = options
  const far = remoteOf({git, remote, branch, local, lookMaxAgeMs, memory})
  return {
    root,
    gitDirectory,
    branch,
    remote,
    git,
    ...local,
    ...far,
    ...historyOf({git, root, remote, local, far}),
  }
}

function noRepository(folder: string, why: string) {
  // There is one, and git refuses it: another owner, a configuration that cannot be read.
  if (!why.startsWith('not a git repository')) {
    return problem({
      what: {
        fr: `Le dépôt de ${folder} ne se lit pas.`,
        en: `The repository of ${folder} cannot be read.`,
      },
      why,
      next: mending(why),
      exit: 2,
    })
  }
  return problem({
    what: {
      fr: `${folder} n’est pas dans un dépôt git.`,
      en: `${folder} is not inside a git repository.`,
    },
    next: {
      fr: 'lancer la commande dans le projet, ou le nommer avec --project DOSSIER',
      en: 'run the command in the project, or name it with --project DIR',
    },
    exit: 2,
  })
}

function localOf(git: Git, root: string, configuration: Configuration): LocalReading {
  const line = async (args: readonly string[]) => {
    const result = await git.attempt(args)
    return result.exitCode === 0 ? result.stdout.toString('utf8').trim() || null : null
  }
  const resolve = (name: string) =>
    line(['rev-parse', '--verify', '--quiet', '--end-of-options', name])
  return {
    currentBranch: () => line(['symbolic-ref', '--quiet', '--short', 'HEAD']),
    headCommit: () => resolve('HEAD'),
    async resolveCommit(name) {
      if (!isFullId(name)) return resolve(`${name}^{commit}`)
      return (await objectDatabase(git).read(`${name}^{commit}`))?.id ?? null
    },
    async commitsStarting(abbreviated) {
      const listed = await git.text(['rev-parse', `--disambiguate=${abbreviated}`])
      const input = `${listed}\n`
      const kinds = await git.text(['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
        input,
      })
      return kinds
        .split('\n')
        .filter((each) => each.endsWith(' commit'))
        .map((each) => each.slice(0, -' commit'.length))
    },
    async resolveTag(name) {
      const ref = `refs/tags/${name}`
      // Names that could carry a suffix (`^`, `~`, `@{`) are no ref names.
      if (!(await isRefName(git, ref))) return null
      const [object, commit] =
        (await line(['rev-parse', ref, `${ref}^{commit}`]))?.split('\n') ?? []
      return object && commit ? {object, commit} : null
    },
    async localRefs(prefix) {
      const listed = await git.text(['for-each-ref', '--format=%(refname) %(objectname)', prefix])
      return new Map(
        listed
          .split('\n')
          .filter((each) => each !== '')
          .map((each): [string, string] => [
            each.slice(0, each.indexOf(' ')),
            each.slice(each.indexOf(' ') + 1),
          ]),
      )
    },
    status: () => statusOf(git),
    isIgnored: async (path) => answered(git, ['check-ignore', '--quiet', '--no-index', '--', path]),
    isTracked: async (path) =>
      (await git.text(['ls-files', '-z', '--', `:(literal,top)${path}`])) !== '',
    async asCommitted(absolute, text) {
      if (!text.includes('\r')) return text
      const path = relative(root, await realpath(absolute).catch(() => absolute))
      if (path.startsWith('..') || isAbsolute(path)) return text
      const staged = await git.attempt(['ls-files', '-z', '--stage', '--', `:(literal,top)${path}`])
      const blob = /^\d+ ([0-9a-f]+) 0\t/.exec(staged.stdout.toString('utf8'))?.[1]
      const hashed = await line(['hash-object', '--', absolute])
      if (blob === undefined || hashed !== blob) return text
      const committed = await git.attempt(['cat-file', 'blob', blob])
      return committed.exitCode === 0 ? committed.stdout.toString('utf8') : text
    },
    isShallow: async () => (await git.text(['rev-parse', '--is-shallow-repository'])) === 'true',
    async identity() {
      const [name, email] = ['user.name', 'user.email'].map((key) =>
        configuration.value(key)?.trim(),
      )
      return {name: name || 'Postgate', email: email || 'postgate@localhost'}
    },
    signsCommits: () => configuration.isOn('commit.gpgsign'),
  }
}

async function statusOf(git: Git): Promise<WorkingStatus> {
  const listed = await git.text(['status', '--porcelain=v1', '-z', '--untracked-files=all'])
  const staged = new Set<string>()
  const unstaged = new Set<string>()
  const untracked = new Set<string>()
  const entries = listed.split('\0')
  for (let index = 0; index < entries.length; index += 1) {
    const entry = entries[index] ?? ''
    if (entry.length < 4) continue
    const path = entry.slice(3)
    const [x, y] = entry
    if (x === '?') untracked.add(path)
    else {
      if (x !== ' ') staged.add(path)
      if (y !== ' ') unstaged.add(path)
    }
    // A rename or a copy is followed by the path that it came from.
    if (x === 'R' || x === 'C') {
      index += 1
      const origin = entries[index]
      if (origin !== undefined && x === 'R') staged.add(origin)
    }
  }
  const sorted = (paths: Set<string>) => [...paths].sort()
  return {staged: sorted(staged), unstaged: sorted(unstaged), untracked: sorted(untracked)}
}
