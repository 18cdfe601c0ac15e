// The commits between two versions as people read them: subject, authors, issues. Merges bring nothing of
// their own here, and the documents of runs are no part of a release.

import {type CommitKind, issuesIn, readSubject} from '../../domain/commit-subject.ts'
import type {Repository} from './repository.ts'

export interface ReleaseCommit {
  readonly sha: string
  readonly subject: string
  readonly kind: CommitKind
  /** The author, then those whom the commit names beside them. */
  readonly authors: readonly string[]
  readonly issues: readonly string[]
}

export interface ReleaseCommits {
  /** Newest first, at the most `readMost` of them. */
  readonly commits: readonly ReleaseCommit[]
  readonly total: number
}

/** How many commits are read at most, for subjects and authors; beyond them they are only counted. */
const readMost = 2_000
const bodyMost = 20_000

const chosen = ['--no-merges', '--invert-grep', '--extended-regexp', '--grep=^Postgate-Run: ']

/** Commits of `to` that `from` lacks. Throws a `Problem` (3) where history does not hold them. */
export async function releaseCommits(
  {git}: Pick<Repository, 'git'>,
  {from, to}: {readonly from: string; readonly to: string},
): Promise<ReleaseCommits> {
  const range = `${from}..${to}`
  const listed = await git.text([
    ...['log', '-z', '--no-show-signature', `--max-count=${readMost}`, ...chosen],
    // The message last: whatever stands in it, the fields before it are whole.
    '--format=%H%x02%aN%x02%(trailers:key=Co-authored-by,valueonly,separator=%x03)%x02%B',
    ...[range, '--'],
  ])
  const commits = listed
    .split('\0')
    .filter((entry) => entry !== '')
    .map(commitOf)
  if (commits.length < readMost) return {commits, total: commits.length}
  const total = await git.text(['rev-list', '--count', ...chosen, range, '--'])
  return {commits, total: Number(total)}
}

/** How many commits of `from` the version `to` lacks. */
export async function commitsGone(
  {git}: Pick<Repository, 'git'>,
  {from, to}: {readonly from: string; readonly to: string},
): Promise<number> {
  return Number(await git.text(['rev-list', '--count', ...chosen, `${to}..${from}`, '--']))
}

function commitOf(entry: string): ReleaseCommit {
  const [sha = '', author = '', beside = '', ...message] = entry.split('\u0002')
  const [head = '', ...rest] = message
    .join(' ')
    .trim()
    .split(/\n{2,}/)
  const subject = head.replaceAll('\n', ' ')
  const body = rest.join('\n\n').slice(0, bodyMost)
  const others = beside.split('\u0003').map((each) => each.replace(/\s*<[^<>]*>\s*$/, '').trim())
  return {
    ...{sha, subject, kind: readSubject(subject, body).kind},
    authors: [...new Set([author, ...others].filter((name) => name !== ''))],
    issues: issuesIn(subject, body),
  }
}
