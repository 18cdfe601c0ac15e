// What an audit asks of the past, for all runs: each question is put to git once.

import type {Repository} from '../../store/git/repository.ts'
import {type Blobs, createBlobs} from './blobs.ts'
import type {AnchoredHistory} from './history.ts'
import {type DocumentsPlace, workingTree} from './place.ts'
import {type VersionsOf, versionsIn} from './versions.ts'

export interface Past {
  readonly blobs: Blobs
  readonly versions: VersionsOf
  readonly tree: DocumentsPlace
  /** Whether a commit is `tip` or lies below it. `commit`: one that anchors a run. */
  readonly holds: (tip: string, commit: string) => Promise<boolean>
  /** Whether such a file of signers was ever committed where people review it. */
  readonly wereCommitted: (signers: string) => Promise<boolean>
  /** The last commit up to a moment that changed a file; null where there is none. */
  readonly lastChange: (path: string, until: Date) => Promise<string | null>
}

export function createPast(repository: Repository, history: AnchoredHistory): Past {
  const {git} = repository
  const blobs = createBlobs(repository)
  const anchors = new Set(history.commits.map(({commit}) => commit))
  const below = each(async (tip) => {
    const listed = await git.text(['rev-list', tip])
    return new Set(listed.split('\n').filter((commit) => anchors.has(commit)))
  })
  const committed = each((signers) => everCommitted(repository, signers))
  const changes = each(async (path) => {
    const listed = await git.attempt([
      ...['log', '--format=%H %ct', '--no-show-signature'],
      ...['--branches', '--remotes', '--', `:(top,literal)${path}`],
    ])
    return listed.stdout.toString('utf8').split('\n')
  })
  return {
    blobs,
    versions: versionsIn(git, history.tips),
    tree: workingTree(repository, blobs),
    holds: async (tip, commit) => tip === commit || (await below(tip)).has(commit),
    wereCommitted: committed,
    async lastChange(path, until) {
      const seconds = Math.floor(until.getTime() / 1_000)
      for (const line of await changes(path)) {
        const [commit = '', at = ''] = line.split(' ')
        if (commit !== '' && Number(at) <= seconds) return commit
      }
      return null
    },
  }
}

/** The answer to each name, asked for once. */
function each<Answer>(ask: (name: string) => Promise<Answer>): (name: string) => Promise<Answer> {
  const known = new Map<string, Promise<Answer>>()
  return (name) => {
    const before = known.get(name) ?? ask(name)
    known.set(name, before)
    return before
  }
}

async function everCommitted({git}: Repository, signers: string): Promise<boolean> {
  if (signers === '') return false
  const blob = await git.text(['hash-object', '--no-filters', '--stdin'], {input: signers})
  const search = ['log', '-1', '--format=%H', '--no-show-signature', '-m', `--find-object=${blob}`]
  // The copy that a run keeps in its own folder is what is judged here: it proves nothing.
  const reviewed = [':(top)', ':(top,exclude,glob)**/docs/runs/**']
  const found = await git.attempt([
    ...search,
    '--branches',
    '--remotes',
    '--tags',
    '--',
    ...reviewed,
  ])
  return found.exitCode === 0 && found.stdout.length > 0
}
