// Changes refs by compare-and-swap, all or none: on the remote by one atomic push, without a remote
// by one transaction here. A push that ended with 0 is the remote's own word for each ref; whatever else
// came of it is read from the refs, never from an error's text.

import {remoteSilenceMs} from './remote-problem.ts'
import type {Repository} from './repository.ts'
import {lastWords, remoteWords} from './run.ts'

export interface RefChange {
  readonly ref: string
  /** What the ref has to hold now; null: it must not exist. */
  readonly from: string | null
  /** null deletes it. */
  readonly to: string | null
  /** Of an annotated tag, the commit that it stands on. */
  readonly peeled?: string
}

export interface RefStore {
  /** The refs that exist, of those named. Throws `RemoteAway`. */
  readonly read: (
    refs: readonly string[],
    how?: {readonly again?: boolean},
  ) => Promise<ReadonlyMap<string, string>>
  /** Never throws. Not accepted tells nothing: ask `read` what came of it. */
  readonly change: (changes: readonly RefChange[]) => Promise<Changed>
}

export interface Changed {
  /** Git says that all were made; false tells nothing: an answer may be lost. */
  readonly accepted: boolean
  /** What git and the remote said, for a person only. */
  readonly words: string
}

/** Changes, and says what the refs hold afterwards: asked only where the push did not say so. */
export async function changeRefs(
  store: RefStore,
  changes: readonly RefChange[],
): Promise<{readonly now: ReadonlyMap<string, string>; readonly words: string}> {
  const {accepted, words} = await store.change(changes)
  if (!accepted) return {now: await store.read(changes.map(({ref}) => ref)), words}
  const now = changes.flatMap(({ref, to}): [string, string][] => (to === null ? [] : [[ref, to]]))
  return {now: new Map(now), words}
}

/** The refs that count: the remote's, or the local ones of a repository without a remote. */
export function refStore(repository: Repository): RefStore {
  return repository.remote === null ? localStore(repository) : remoteStore(repository)
}

function remoteStore({git, remote, remoteRefs, looks}: Repository): RefStore {
  return {
    read: (refs, how) => remoteRefs(refs, how),
    async change(changes) {
      const pushed = await git.attempt(
        [
          'push',
          '--quiet',
          '--atomic',
          // Refs of our own carry no code: a person's pre-push tests have nothing to say about them.
          '--no-verify',
          '--no-follow-tags',
          '--recurse-submodules=no',
          ...changes.map(({ref, from}) => `--force-with-lease=${ref}:${from ?? ''}`),
          remote ?? '',
          ...changes.map(({ref, to}) => `${to ?? ''}:${ref}`),
        ],
        {timeoutMs: remoteSilenceMs},
      )
      const accepted = pushed.exitCode === 0
      if (accepted) looks.accepted(changes)
      else looks.forget()
      return {accepted, words: remoteWords(pushed)}
    },
  }
}

function localStore({git}: Repository): RefStore {
  return {
    async read(refs) {
      const listed = await git.text(['for-each-ref', '--format=%(refname) %(objectname)', ...refs])
      const all = listed.split('\n').map((line): [string, string] => {
        const [ref = '', sha = ''] = line.split(' ')
        return [ref, sha]
      })
      return new Map(all.filter(([ref]) => refs.includes(ref)))
    },
    async change(changes) {
      const lines = changes.map(({ref, from, to}) =>
        to === null
          ? `delete ${ref}${from === null ? '' : ` ${from}`}`
          : `update ${ref} ${to} ${from ?? '0'.repeat(to.length)}`,
      )
      const input = ['start', ...lines, 'prepare', 'commit', ''].join('\n')
      const updated = await git.attempt(['update-ref', '--stdin'], {input})
      return {accepted: updated.exitCode === 0, words: lastWords(updated)}
    },
  }
}
