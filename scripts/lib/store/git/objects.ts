// Writes git objects without an index, a working tree or a hook, dated by the clock of the run.
// Objects alone change nothing that a person or a remote can see.

import {problem} from '../../domain/problem.ts'
import {objectDatabase, type TreeEntry, treeEntries} from './object-database.ts'
import type {Identity} from './repository.ts'
import {allWords, type Git, gitFailed} from './run.ts'

// What a run stores again and again (who holds the lease, the manifest of what was built) is written once.
const stored = new WeakMap<Git, Map<string, Promise<string>>>()

/** Stores exact bytes (no filter, no change of line endings) and answers the blob's id. */
function writeBlob(git: Git, bytes: string | Uint8Array): Promise<string> {
  if (typeof bytes !== 'string' || bytes.length > 10_000)
    return objectDatabase(git).writeBlob(bytes)
  const known = stored.get(git) ?? new Map<string, Promise<string>>()
  stored.set(git, known)
  const id = known.get(bytes) ?? objectDatabase(git).writeBlob(bytes)
  known.set(bytes, id)
  id.catch(() => known.delete(bytes))
  return id
}

/** A tree of files side by side. */
export async function writeFlatTree(
  git: Git,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const entries = Object.entries(files).map(async ([name, bytes]) => ({
    mode: '100644',
    name,
    id: await writeBlob(git, bytes),
  }))
  return objectDatabase(git).writeTree(await Promise.all(entries))
}

export interface CommitParts {
  readonly git: Git | Pick<Git, 'attempt'>
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
  // One that cannot be stored so is told by git's own words, below.
  if (!sign && 'talk' in git && isPlain(identity)) {
    const stored = await objectDatabase(git)
      .writeCommit(commitText(parts))
      .catch(() => null)
    if (stored !== null) return stored
  }
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

/** As `commit-tree` writes it. */
function commitText({tree, parents, message, date, identity}: CommitParts): string {
  const by = `${identity.name} <${identity.email}> ${Math.floor(date.getTime() / 1_000)} +0000`
  return [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${by}`,
    `committer ${by}`,
    '',
    message,
  ].join('\n')
}

// git takes some signs out of names; those without any stay as they are.
const isPlain = ({name, email}: Identity) =>
  /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} '-]*[\p{L}\p{M}\p{N}])?$/u.test(name) &&
  /^[\w+-]+(?:\.[\w+-]+)*@[\w-]+(?:\.[\w-]+)*$/.test(email)

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

/** The tree of a commit with `files` added or replaced, the mode of existing ones kept; null: an empty one. */
export async function writeTreeOn(
  git: Git,
  base: string | null,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<string> {
  const blobs = new Map<readonly string[], string>()
  for (const [path, bytes] of files) {
    const parts = path.split('/').map((part) => Buffer.from(part).toString('latin1'))
    blobs.set(parts, await writeBlob(git, bytes))
  }
  return writeFolder(git, base === null ? null : `${base}^{tree}`, blobs)
}

/** `blobs` by the parts of their paths, from this folder on. Only folders that change are read and written. */
async function writeFolder(
  git: Git,
  tree: string | null,
  blobs: ReadonlyMap<readonly string[], string>,
): Promise<string> {
  const database = objectDatabase(git)
  const read = tree === null ? null : await database.read(tree)
  if (tree !== null && read?.type !== 'tree') throw unreadableTree(tree)
  const entries = new Map(
    (read === null ? [] : treeEntries(read)).map((entry): [string, TreeEntry] => [
      entry.name,
      entry,
    ]),
  )
  const below = new Map<string, Map<readonly string[], string>>()
  for (const [[name = '', ...rest], id] of blobs) {
    if (rest.length === 0) {
      const mode = entries.get(name)?.mode === '100755' ? '100755' : '100644'
      entries.set(name, {mode, name, id})
    } else below.set(name, new Map([...(below.get(name) ?? []), [rest, id]]))
  }
  for (const [name, more] of below) {
    const before = entries.get(name)
    const id = await writeFolder(git, before?.mode === '40000' ? before.id : null, more)
    entries.set(name, {mode: '40000', name, id})
  }
  return database.writeTree([...entries.values()])
}

function unreadableTree(tree: string) {
  return problem({
    what: {fr: `L’arbre ${tree} ne se lit pas.`, en: `The tree ${tree} cannot be read.`},
    next: {
      fr: 'vérifier le dépôt (git fsck), puis relancer la même commande',
      en: 'check the repository (git fsck), then run the same command again',
    },
    exit: 3,
  })
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
