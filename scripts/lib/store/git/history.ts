// What history says: commits, files at a commit, and whether a path was ever in it.

import {problem} from '../../domain/problem.ts'
import {objectDatabase} from './object-database.ts'
import type {CommitSummary, HistoryReading, LocalReading, RemoteReading} from './repository.ts'
import {answered, type Git, gitFailed} from './run.ts'

interface Parts {
  readonly git: Git
  readonly root: string
  readonly remote: string | null
  readonly local: LocalReading
  readonly far: RemoteReading
}

export function historyOf({git, local, far}: Parts): HistoryReading {
  const showBytes = async (commit: string, path: string) => {
    const found = await objectDatabase(git).read(`${commit}:${path}`)
    return found?.type === 'blob' ? found.bytes : null
  }
  return {
    isAncestor: (ancestor, descendant) =>
      answered(git, ['merge-base', '--is-ancestor', ancestor, descendant]),

    async commitsBetween(from, to, paths = []) {
      const listed = await git.text([
        'log',
        '-z',
        '--format=%x01%H%x02%s%x02',
        '--name-only',
        '--no-renames',
        '--full-history',
        '--diff-merges=combined',
        '--no-ext-diff',
        '--no-show-signature',
        `${from}..${to}`,
        '--',
        ...pathspecs(paths),
      ])
      return summaries(listed).filter(({files}) => files.length > 0)
    },

    async changedFiles(from, to, paths = []) {
      const listed = await git.text([
        'diff',
        '-z',
        '--name-only',
        '--no-renames',
        '--no-ext-diff',
        from,
        to,
        '--',
        ...pathspecs(paths),
      ])
      return listed.split('\0').filter((path) => path !== '')
    },

    showBytes,
    showFile: async (commit, path) => (await showBytes(commit, path))?.toString('utf8') ?? null,

    async listFiles(commit, folder) {
      const under = folder === '' || folder === '.' ? [] : [folder]
      const args = ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit, '--', ...under]
      const result = await git.attempt(args)
      if (result.exitCode !== 0) throw gitFailed(args, result)
      return result.stdout
        .toString('utf8')
        .split('\0')
        .filter((path) => path !== '')
    },

    async fileModes(commit) {
      const listed = await git.text(['ls-tree', '-r', '-z', '--full-tree', commit])
      return new Map(
        listed.split('\0').flatMap((entry) => {
          const [, mode, path] = /^(\d+) \S+ \S+\t([\s\S]+)$/.exec(entry) ?? []
          return mode === undefined || path === undefined ? [] : [[path, mode] as const]
        }),
      )
    },

    async trackedEver(path) {
      if (await local.isShallow()) throw shallow()
      const tips = [...(await far.remoteRefs()).values()]
      await far.fetchObjects(tips)
      const look = (args: readonly string[]) => firstCommit(git, args, tips)
      const byName = await look(['--full-history', '--', `:(literal,top)${path}`])
      return byName ?? (await byContent(git, path, look))
    },
  }
}

type Look = (args: readonly string[]) => Promise<CommitSummary | null>

/** The commit that carries the file's present bytes under whatever name. */
async function byContent(git: Git, path: string, look: Look): Promise<CommitSummary | null> {
  const hashed = await git.attempt(['hash-object', '--no-filters', '--', path])
  const blob = hashed.stdout.toString('utf8').trim()
  if (hashed.exitCode !== 0 || blob === '') return null
  const size = await git.attempt(['cat-file', '-s', blob])
  // Not an object here: no commit can hold it. Empty files are everywhere and tell nothing.
  if (size.exitCode !== 0 || size.stdout.toString('utf8').trim() === '0') return null
  return look([`--find-object=${blob}`])
}

async function firstCommit(
  git: Git,
  args: readonly string[],
  tips: readonly string[],
): Promise<CommitSummary | null> {
  const listed = await git.text(
    [
      'log',
      '-z',
      '-1',
      '--format=%x01%H%x02%s%x02',
      '--name-only',
      '--no-renames',
      '-m',
      '--all',
      '--stdin',
      ...args,
    ],
    {input: tips.map((tip) => `${tip}\n`).join('')},
  )
  return summaries(listed)[0] ?? null
}

/** Reads `--format=%x01%H%x02%s%x02 --name-only -z`. */
function summaries(listed: string): CommitSummary[] {
  return listed
    .split('\u0001')
    .slice(1)
    .map((entry) => {
      const [sha = '', subject = '', rest = ''] = entry.split('\u0002')
      const files = rest.split('\0').map((path) => path.replace(/^\n/, ''))
      return {sha, subject, files: files.filter((path) => path !== '')}
    })
}

/** A history that is cut off cannot say what was never in it. */
export function shallow() {
  return problem({
    what: {
      fr: 'L’historique de ce clone est tronqué.',
      en: 'The history of this clone is cut off.',
    },
    why: {fr: 'le clone est superficiel (--depth)', en: 'the clone is shallow (--depth)'},
    next: {fr: 'lancer : git fetch --unshallow', en: 'run: git fetch --unshallow'},
    exit: 3,
  })
}

/**
 * Globs of `postgate.yaml` as git's own pathspecs, so that git itself decides what is code: `**` any depth, `*`
 * within a folder, `{a,b}` alternatives, `!` excludes whatever the order.
 * `['**', '!docs/**']` to `[':(top,glob)**', ':(top,exclude,glob)docs/**']`.
 */
function pathspecs(globs: readonly string[]): string[] {
  return globs.flatMap((glob) => {
    const exclude = glob.startsWith('!')
    const magic = exclude ? ':(top,exclude,glob)' : ':(top,glob)'
    return braces(exclude ? glob.slice(1) : glob).map((each) => `${magic}${each}`)
  })
}

/** `a/{b,c}.ts` to `a/b.ts` and `a/c.ts`. */
function braces(glob: string): string[] {
  const match = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(glob)
  if (match?.[2] === undefined) return [glob]
  return match[2].split(',').flatMap((each) => braces(`${match[1]}${each}${match[3]}`))
}
