// The run's documents as one commit on the remote's present main, pushed without force. A person's
// working tree, index and branch are not used for it; their branch follows only where nothing of
// theirs is in the way. Safe to run twice: the commit is recognised by its trailer.

import {problem} from '../../domain/problem.ts'
import {type Followed, follow} from './follow.ts'
import {writeCommit, writeTreeOn} from './objects.ts'
import {remoteSilenceMs} from './remote-problem.ts'
import type {Repository} from './repository.ts'
import {type GitResult, lastWords} from './run.ts'

export interface Documents {
  /** Path relative to the root, to its whole new content. */
  readonly files: ReadonlyMap<string, string | Uint8Array>
  /** Subject and body; the trailer `Postgate-Run` is added. */
  readonly message: string
}

export interface DocumentsCommit {
  readonly repository: Repository
  readonly run: string
  readonly date: Date
  /** Main as it was when the run started: where the search for an earlier attempt begins. */
  readonly since?: string
  /** Asked for the documents on each base, anew when main has moved. */
  readonly derive: (base: string | null) => Promise<Documents>
}

export interface CommittedDocuments {
  readonly commit: string
  /** Where it is: main, or `postgate/<run>` when the remote keeps main for reviews. */
  readonly branch: string
  readonly protected: boolean
  /** True: an earlier attempt had made it. */
  readonly reused: boolean
  readonly followed: Followed
}

const attemptsMax = 5

/** Commits and pushes. Throws `RemoteAway` (3), or a `Problem` (3) when neither main nor a branch of
 * our own is accepted. */
export async function commitDocuments(input: DocumentsCommit): Promise<CommittedDocuments> {
  const {repository, run} = input
  const {branch} = repository
  const aside = `postgate/${run}`
  let refused: GitResult | null = null
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const base = await tip(repository, branch)
    const earlier = await findEarlier(input, base, aside)
    if (earlier !== null) return finish(input, {...earlier, reused: true})
    const commit = await build(input, base)
    refused = await place(repository, commit, branch, base)
    if (refused?.exitCode === 0) return finish(input, {commit, branch, reused: false})
    const now = await tip(repository, branch, {again: true})
    if (now !== null && (await holds(repository, now, commit))) {
      return finish(input, {commit, branch, reused: false})
    }
    // Main moved under us: derive again. Main stands still: it is not open to us.
    if (now !== base) continue
    const second = await place(repository, commit, aside, null)
    if ((await tip(repository, aside, {again: true})) === commit) {
      return finish(input, {commit, branch: aside, reused: false})
    }
    throw notAccepted(branch, aside, lastWords(second ?? refused ?? nothingSaid))
  }
  throw notAccepted(branch, aside, refused === null ? '' : lastWords(refused))
}

/** The commit that holds the run's documents already, wherever it lies; null: there is none. */
export async function committedFor(
  input: Pick<DocumentsCommit, 'repository' | 'run' | 'since'>,
): Promise<string | null> {
  const {repository, run} = input
  const base = await tip(repository, repository.branch)
  return (await findEarlier(input, base, `postgate/${run}`))?.commit ?? null
}

type Placed = {readonly commit: string; readonly branch: string; readonly reused: boolean}

async function finish({repository}: DocumentsCommit, placed: Placed): Promise<CommittedDocuments> {
  const aside = placed.branch !== repository.branch
  const followed = aside ? {followed: false, why: null} : await follow(repository, placed.commit)
  return {...placed, protected: aside, followed}
}

/** The commit that a branch has where it counts: on the remote, or here without one. */
async function tip(
  repository: Repository,
  branch: string,
  how: {again?: boolean} = {},
): Promise<string | null> {
  const ref = `refs/heads/${branch}`
  if (repository.remote === null) return repository.resolveCommit(ref)
  const sha = (await repository.remoteRefs([ref], how)).get(ref)
  return sha === undefined ? null : repository.fetchCommit(sha)
}

const holds = async (repository: Repository, descendant: string, commit: string) =>
  descendant === commit || repository.isAncestor(commit, descendant)

async function findEarlier(
  {repository, run, since}: Pick<DocumentsCommit, 'repository' | 'run' | 'since'>,
  base: string | null,
  aside: string,
) {
  const {branch, git} = repository
  const search = async (range: readonly string[]) => {
    const listed = await git.text([
      'log',
      '--fixed-strings',
      `--grep=Postgate-Run: ${run}`,
      '--format=%H %(trailers:key=Postgate-Run,valueonly,separator=%x20)',
      ...range,
      '--',
    ])
    const lines = listed.split('\n').map((line) => line.split(' '))
    return lines.find(([, ...runs]) => runs.includes(run))?.[0] ?? null
  }
  if (base !== null) {
    const known = since !== undefined && (await repository.resolveCommit(since)) !== null
    const found = await search(known ? [base, `^${since}`] : [base])
    if (found !== null) return {commit: found, branch}
  }
  const other = await tip(repository, aside)
  if (other === null) return null
  const found = await search(base === null ? [other] : [other, `^${base}`])
  return found === null ? null : {commit: found, branch: aside}
}

async function build(input: DocumentsCommit, base: string | null): Promise<string> {
  const {repository, run, date} = input
  const {files, message} = await input.derive(base)
  return writeCommit({
    git: repository.git,
    tree: await writeTreeOn(repository.git, base, files),
    parents: base === null ? [] : [base],
    message: withTrailer(message, run),
    date,
    identity: await repository.identity(),
    sign: repository.signsCommits(),
  })
}

function withTrailer(message: string, run: string): string {
  const trailer = `Postgate-Run: ${run}`
  const text = message.trimEnd()
  if (text.split('\n').includes(trailer)) return `${text}\n`
  // A message that already ends in trailers keeps them in one block.
  const last = text.split('\n\n').at(-1) ?? ''
  const block = text.includes('\n\n') && /^([A-Za-z-]+: .*(\n|$))+$/.test(last)
  return `${text}${block ? '\n' : '\n\n'}${trailer}\n`
}

/** Moves a branch forward to `commit`, never by force. A push that ended with 0 has; else what came of it is read from
 * the ref. */
async function place(
  repository: Repository,
  commit: string,
  branch: string,
  base: string | null,
): Promise<GitResult | null> {
  const {git, remote} = repository
  const ref = `refs/heads/${branch}`
  if (remote !== null) {
    const how = ['push', '--quiet', '--no-follow-tags', '--recurse-submodules=no']
    const pushed = await git.attempt([...how, remote, `${commit}:${ref}`], {
      timeoutMs: remoteSilenceMs,
    })
    if (pushed.exitCode === 0) repository.looks.accepted([{ref, to: commit}])
    else repository.looks.forget()
    return pushed
  }
  // The branch that is checked out can only move together with the files: see follow.ts.
  if ((await repository.currentBranch()) === branch) {
    await follow(repository, commit)
    return null
  }
  const expected = base ?? '0'.repeat(commit.length)
  return git.attempt(['update-ref', '-m', 'postgate: documents', ref, commit, expected])
}

const nothingSaid: GitResult = {exitCode: 1, stdout: Buffer.alloc(0), stderr: ''}

function notAccepted(branch: string, aside: string, why: string) {
  return problem({
    what: {
      fr: `Les documents n’ont pu être posés ni sur ${branch} ni sur ${aside}.`,
      en: `The documents were accepted neither on ${branch} nor on ${aside}.`,
    },
    why,
    next: {
      fr: 'obtenir le droit de pousser une de ces branches, puis relancer la même commande',
      en: 'get the right to push one of these branches, then run the same command again',
    },
    exit: 3,
  })
}
