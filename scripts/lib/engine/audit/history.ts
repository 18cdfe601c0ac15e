// What history anchors: commits and annotated tags that name a journal's head, and the full records
// beside them. Heads and tags only: a ref of our own can be replaced without anybody seeing it.

import {problem} from '../../domain/problem.ts'
import {headInMessage} from '../../domain/views/commit-message.ts'
import {isRemoteAway} from '../git/remote.ts'
import type {Repository} from '../git/repository.ts'

export interface Anchor {
  readonly kind: 'commit' | 'tag'
  /** Short id of a commit, or the tag's name. */
  readonly name: string
  readonly object: string
  /** The commit itself, or the one that the tag stands on. */
  readonly commit: string
  readonly run: string
  readonly hash: string
  readonly count: number
}

export interface History {
  /** Newest first. */
  readonly commits: readonly Anchor[]
  readonly tags: readonly Anchor[]
  /** Object and commit of each tag by its name: here, and on the remote. */
  readonly localTags: ReadonlyMap<string, TagAt>
  /** null: the remote did not answer, or there is none. */
  readonly remoteTags: ReadonlyMap<string, TagAt> | null
  /** The journal of each full record, by run. */
  readonly records: ReadonlyMap<string, string>
  /** The documents' branch where it counts, and what is checked out. */
  readonly main: string | null
  readonly head: string | null
}

export interface TagAt {
  readonly object: string
  readonly commit: string
}

const recordPrefix = 'refs/postgate/runs/'
const tagPrefix = 'refs/tags/'
const outcomeTag = /^(staging|prod|freeze)-\d{4}-\d{2}-\d{2}(-\d+)?$/

/** Reads all of it. Throws a `Problem` (2) for a history that is cut off or replaced. */
export async function readHistory(repository: Repository): Promise<History> {
  await refuseUnreadable(repository)
  const remote = await askRemote(repository)
  const head = await repository.headCommit()
  const main = remote?.main ?? (await knownMain(repository))
  const localTags = await tagsHere(repository)
  const records = remote?.records ?? (await repository.localRefs(recordPrefix))
  const tips = [head, main, ...(remote?.branches ?? [])].filter((tip) => tip !== null)
  return {
    commits: await commitAnchors(repository, tips),
    tags: await tagAnchors(repository, [localTags, remote?.tags ?? new Map()]),
    localTags,
    remoteTags: remote?.tags ?? null,
    records: await journals(repository, records),
    main,
    head,
  }
}

async function refuseUnreadable(repository: Repository): Promise<void> {
  if (await repository.isShallow()) {
    throw problem({
      what: {
        fr: 'L’historique de ce clone est tronqué : rien ne peut y être vérifié.',
        en: 'The history of this clone is cut off: nothing can be verified in it.',
      },
      why: {fr: 'le clone est superficiel (--depth)', en: 'the clone is shallow (--depth)'},
      next: {fr: 'lancer : git fetch --unshallow', en: 'run: git fetch --unshallow'},
      exit: 2,
    })
  }
  const [replaced] = (await repository.localRefs('refs/replace/')).keys()
  if (replaced === undefined) return
  throw problem({
    what: {
      fr: 'Ce clone remplace des objets de l’historique : ce qu’il montre n’est pas ce qui fut enregistré.',
      en: 'This clone replaces objects of its history: what it shows is not what was recorded.',
    },
    why: replaced,
    next: {fr: 'auditer un clone neuf', en: 'audit a fresh clone'},
    exit: 2,
  })
}

/** null: there is no remote, or it does not answer. */
async function askRemote(repository: Repository) {
  if (repository.remote === null) return null
  const branch = `refs/heads/${repository.branch}`
  try {
    const refs = await repository.remoteRefs([
      branch,
      `${tagPrefix}*`,
      `${recordPrefix}*`,
      'refs/heads/postgate/*',
    ])
    const branches = valuesUnder(refs, 'refs/heads/postgate/')
    const records = new Map([...refs].filter(([ref]) => ref.startsWith(recordPrefix)))
    const tags = new Map<string, TagAt>()
    for (const [ref, object] of refs) {
      if (!ref.startsWith(tagPrefix) || ref.endsWith('^{}')) continue
      const commit = refs.get(`${ref}^{}`) ?? object
      tags.set(ref.slice(tagPrefix.length), {object, commit})
    }
    const main = refs.get(branch) ?? null
    const outcomes = [...tags].flatMap(([name, {object}]) =>
      outcomeTag.test(name) ? [object] : [],
    )
    const wanted = [...branches, ...records.values(), ...outcomes]
    await repository.fetchObjects(main === null ? wanted : [main, ...wanted])
    return {main, branches, records, tags}
  } catch (error) {
    if (isRemoteAway(error)) return null
    throw error
  }
}

const valuesUnder = (refs: ReadonlyMap<string, string>, prefix: string) =>
  [...refs].flatMap(([ref, object]) => (ref.startsWith(prefix) ? [object] : []))

async function knownMain({remote, branch, resolveCommit}: Repository): Promise<string | null> {
  const there = remote === null ? null : await resolveCommit(`refs/remotes/${remote}/${branch}`)
  return there ?? resolveCommit(`refs/heads/${branch}`)
}

async function tagsHere({git}: Repository): Promise<Map<string, TagAt>> {
  const format = '%(refname:strip=2) %(objectname) %(*objectname)'
  const listed = await git.text(['for-each-ref', `--format=${format}`, tagPrefix])
  const tags = new Map<string, TagAt>()
  for (const line of listed.split('\n')) {
    const [name, object, commit] = line.split(' ')
    if (name && object) tags.set(name, {object, commit: commit || object})
  }
  return tags
}

async function commitAnchors({git}: Repository, tips: readonly string[]): Promise<Anchor[]> {
  const listed = await git.text([
    'log',
    '-z',
    '--encoding=UTF-8',
    '--no-show-signature',
    '--fixed-strings',
    '--grep=Postgate-Run: ',
    '--format=%H %P%n%B',
    '--branches',
    '--remotes',
    '--tags',
    ...tips,
    '--',
  ])
  const found: Anchor[] = []
  for (const entry of listed.split('\0')) {
    const [ids = '', ...lines] = entry.split('\n')
    const [commit = '', ...parents] = ids.split(' ').filter((id) => id !== '')
    const named = headInMessage(lines.join('\n'))
    if (commit === '' || named === undefined) continue
    if (await brings(git, commit, parents, journalPath(named.run)))
      found.push({kind: 'commit', name: commit.slice(0, 12), object: commit, commit, ...named})
  }
  return found
}

/** A commit that only quotes the words of another one brings no journal. */
async function brings(
  git: Repository['git'],
  commit: string,
  parents: readonly string[],
  path: string,
): Promise<boolean> {
  const blob = async (at: string) => {
    const found = await git.attempt(['rev-parse', '--verify', '--quiet', `${at}:${path}`])
    return found.exitCode === 0 ? found.stdout.toString('utf8').trim() : null
  }
  const own = await blob(commit)
  if (own === null) return false
  for (const parent of parents) if ((await blob(parent)) === own) return false
  return true
}

export const journalPath = (run: string): string => `docs/runs/${run}/journal.jsonl`

async function tagAnchors(
  {git}: Repository,
  listed: readonly ReadonlyMap<string, TagAt>[],
): Promise<Anchor[]> {
  const found: Anchor[] = []
  const seen = new Set<string>()
  for (const [name, {object, commit}] of listed.flatMap((tags) => [...tags])) {
    if (!outcomeTag.test(name) || seen.has(`${name} ${object}`)) continue
    seen.add(`${name} ${object}`)
    const read = await git.attempt(['cat-file', 'tag', object])
    const named = read.exitCode === 0 && headInMessage(read.stdout.toString('utf8'))
    if (named) found.push({kind: 'tag', name, object, commit, ...named})
  }
  return found
}

async function journals(
  {git}: Repository,
  refs: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const [ref, object] of refs) {
    const kind = await git.text(['cat-file', '-t', object])
    const name = kind === 'blob' ? object : `${object}:journal.jsonl`
    const read = await git.attempt(['cat-file', 'blob', name])
    found.set(
      ref.slice(recordPrefix.length),
      read.exitCode === 0 ? read.stdout.toString('utf8') : '',
    )
  }
  return found
}
