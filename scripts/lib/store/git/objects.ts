// Writes git objects without an index, a working tree or a hook, dated by the clock of the run.
// Objects alone change nothing that a person or a remote can see.

import {createHash} from 'node:crypto'
import {problem} from '../../domain/problem.ts'
import type {Identity} from './repository.ts'
import {allWords, type Git, gitFailed} from './run.ts'

// What a run stores again and again (who holds the lease, the manifest of what was built) is written once.
const stored = new WeakMap<Git, Map<string, string>>()

/** Stores exact bytes (no filter, no change of line endings) and answers the blob's id. */
export async function writeBlob(git: Git, bytes: string | Uint8Array): Promise<string> {
  const known = stored.get(git) ?? new Map<string, string>()
  stored.set(git, known)
  const digest = createHash('sha256').update(bytes).digest('hex')
  const before = known.get(digest)
  if (before !== undefined) return before
  const id = await git.text(['hash-object', '-w', '--no-filters', '--stdin'], {input: bytes})
  known.set(digest, id)
  return id
}

/** A tree of files side by side. */
export async function writeFlatTree(
  git: Git,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const lines = await Promise.all(
    Object.entries(files).map(
      async ([name, bytes]) => `100644 blob ${await writeBlob(git, bytes)}\t${name}\0`,
    ),
  )
  return git.text(['mktree', '-z'], {input: lines.join('')})
}

export interface CommitParts {
  readonly git: Git
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
  readonly date: Date
  readonly identity: Identity
  /** As `commit.gpgSign` has it; records of our own are never signed. */
  readonly sign?: boolean
}

/** Creates a commit and answers its id; no ref moves. Throws a `Problem` (3) where it cannot be signed. */
export async function writeCommit(parts: CommitParts): Promise<string> {
  const {git, tree, parents, message, date, identity, sign = false} = parts
  const on = parents.flatMap((parent) => ['-p', parent])
  const args = ['commit-tree', sign ? '--gpg-sign' : '--no-gpg-sign', ...on, '-F', '-', tree]
  const written = await git.attempt(args, {
    input: message,
    environment: commitEnvironment(date, identity),
    // A passphrase may be asked for where nobody sits.
    ...(sign && {timeoutMs: 120_000}),
  })
  if (written.exitCode === 0) return written.stdout.toString('utf8').trim()
  throw sign ? cannotSign(allWords(written)) : gitFailed(args, written)
}

/** Both dates of a commit from one clock, in UTC. */
export function commitEnvironment(date: Date, {name, email}: Identity): Record<string, string> {
  const at = date.toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    GIT_AUTHOR_DATE: at,
    GIT_COMMITTER_DATE: at,
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  }
}

/** Of the files at a commit's tree: `files` added or replaced, the mode of existing ones kept. */
export async function writeTreeOn(
  git: Git,
  base: string | null,
  files: ReadonlyMap<string, string | Uint8Array>,
  index: string,
): Promise<string> {
  const environment = {GIT_INDEX_FILE: index}
  await git.text(base === null ? ['read-tree', '--empty'] : ['read-tree', base], {environment})
  const paths = [...files.keys()].map((path) => `:(top,literal)${path}`)
  const staged = await git.text(['ls-files', '-z', '--stage', '--', ...paths], {environment})
  const executable = new Set(
    staged.split('\0').flatMap((line) => (line.startsWith('100755') ? line.split('\t')[1] : [])),
  )
  const lines: string[] = []
  for (const [path, bytes] of files) {
    const mode = executable.has(path) ? '100755' : '100644'
    lines.push(`${mode} ${await writeBlob(git, bytes)}\t${path}\0`)
  }
  await git.text(['update-index', '-z', '--add', '--replace', '--index-info'], {
    input: lines.join(''),
    environment,
  })
  return git.text(['write-tree'], {environment})
}

/** A commit that has to be signed and is not. `why`: git's and the signing program's words. */
function cannotSign(why: string) {
  return problem({
    what: {
      fr: 'Le commit des documents ne peut pas être signé (commit.gpgSign).',
      en: 'The documents’ commit cannot be signed (commit.gpgSign).',
    },
    why,
    next: {
      fr: 'rendre la clé utilisable (`git commit-tree -S` doit réussir), ou lancer dans ce clone : git config commit.gpgSign false ; puis relancer la même commande',
      en: 'make the key usable (`git commit-tree -S` has to succeed), or run in this clone: git config commit.gpgSign false; then run the same command again',
    },
    exit: 3,
  })
}
