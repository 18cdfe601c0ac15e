// What history anchors: commits and annotated tags that name a journal's head, and the full records
// beside them. Heads and tags only: a ref of our own can be replaced without anybody seeing it.

import {systemClock} from '../../base/clock.ts'
import {lazy} from '../../base/lazy.ts'
import {problem} from '../../domain/problem.ts'
import {headInMessage} from '../../domain/views/commit-message.ts'
import {isOutcomeTag} from '../../store/git/outcome-tag.ts'
import {isRemoteAway} from '../../store/git/remote-problem.ts'
import type {Repository} from '../../store/git/repository.ts'
import {type LeaseFound, leasesOf} from '../../store/lease/lease.ts'
import {createBlobs} from './blobs.ts'

export interface Anchor {
  readonly kind: 'commit' | 'tag'
  /** Short id of a commit, or the tag's name. */
  readonly name: string
  readonly object: string
  /** The commit itself, or the one that the tag stands on. */
  readonly commit: string
  /** The commit below it; null for a tag, and for a first commit. */
  readonly parent: string | null
  readonly run: string
  readonly hash: string
  readonly count: number
}

export interface AnchoredHistory {
  /** Newest first. */
  readonly commits: readonly Anchor[]
  readonly tags: readonly Anchor[]
  /** Object and commit of each tag by its name: here, and on the remote. */
  readonly localTags: ReadonlyMap<string, TagAt>
  /** null: the remote did not answer, or there is none. */
  readonly remoteTags: ReadonlyMap<string, TagAt> | null
  /** The journal of each full record, by run. */
  readonly records: ReadonlyMap<string, string>
  /** The run that is open: under way, or waiting. Asked when it is needed. */
  readonly open: () => Promise<LeaseFound | null>
  /** The object of each published approval, by its nonce. */
  readonly approvals: ReadonlyMap<string, string>
  /** The documents' branch where it counts, and what is checked out. */
  readonly main: string | null
  readonly head: string | null
  /** Both, and branches of the remote that hold documents. */
  readonly tips: readonly string[]
}

export interface TagAt {
  readonly object: string
  readonly commit: string
}

const recordPrefix = 'refs/postgate/runs/'
const approvalPrefix = 'refs/postgate/approvals/'
const tagPrefix = 'refs/tags/'

/** Reads all of it. Throws a `Problem` (2) for a history that is cut off or replaced. */
export async function readAnchoredHistory(repository: Repository): Promise<AnchoredHistory> {
  await refuseUnreadable(repository)
  const remote = await askRemote(repository)
  const head = await repository.headCommit()
  const main = remote?.main ?? (await knownMain(repository))
  const localTags = await tagsHere(repository)
  const own = remote?.own ?? (await repository.localRefs('refs/postgate/'))
  const tips = [head, main, ...(remote?.branches ?? [])].filter((tip) => tip !== null)
  return {
    commits: await commitAnchors(repository, tips),
    tags: await tagAnchors(repository, [localTags, remote?.tags ?? new Map()]),
    localTags,
    remoteTags: remote?.tags ?? null,
    records: await journals(repository, under(own, recordPrefix)),
    approvals: under(own, approvalPrefix),
    open: lazy(() => openRun(repository)),
    main,
    head,
    tips,
  }
}

/** null also where the remote cannot be asked: then nothing is excused by it. */
async function openRun(repository: Repository): Promise<LeaseFound | null> {
  try {
    return await leasesOf({repository, clock: systemClock}).read()
  } catch (error) {
    if (isRemoteAway(error)) return null
    throw error
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
      `${approvalPrefix}*`,
      'refs/heads/postgate/*',
    ])
    const branches = [...under(refs, 'refs/heads/postgate/').values()]
    const records = under(refs, recordPrefix)
    const own = new Map([...refs].filter(([ref]) => ref.startsWith('refs/postgate/')))
    const tags = new Map<string, TagAt>()
    for (const [ref, object] of refs) {
      if (!ref.startsWith(tagPrefix) || ref.endsWith('^{}')) continue
      const commit = refs.get(`${ref}^{}`) ?? object
      tags.set(ref.slice(tagPrefix.length), {object, commit})
    }
    const main = refs.get(branch) ?? null
    const outcomes = [...tags].flatMap(([name, {object}]) => (isOutcomeTag(name) ? [object] : []))
    const wanted = [...branches, ...records.values(), ...outcomes]
    await repository.fetchObjects(main === null ? wanted : [main, ...wanted])
    return {main, branches, own, tags}
  } catch (error) {
    if (isRemoteAway(error)) return null
    throw error
  }
}

/** Refs under a prefix, by the rest of their names. */
const under = (refs: ReadonlyMap<string, string>, prefix: string): Map<string, string> =>
  new Map(
    [...refs].flatMap(([ref, object]) =>
      ref.startsWith(prefix) ? [[ref.slice(prefix.length), object]] : [],
    ),
  )

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
  const named = listed.split('\0').flatMap((entry) => {
    const [ids = '', ...lines] = entry.split('\n')
    const [commit = '', ...parents] = ids.split(' ').filter((id) => id !== '')
    const head = headInMessage(lines.join('\n'))
    return commit === '' || head === undefined ? [] : [{commit, parents, head}]
  })
  const journalOf = await blobIds(
    git,
    named.flatMap(({commit, parents, head}) =>
      [commit, ...parents].map((at) => `${at}:${journalPath(head.run)}`),
    ),
  )
  return named.flatMap(({commit, parents, head}): Anchor[] => {
    const [own, ...before] = [commit, ...parents].map((at) =>
      journalOf.get(`${at}:${journalPath(head.run)}`),
    )
    // A commit that only quotes the words of another one brings no journal.
    if (own === undefined || before.includes(own)) return []
    const name = commit.slice(0, 12)
    return [{kind: 'commit', name, object: commit, commit, parent: parents[0] ?? null, ...head}]
  })
}

/** Ids of files by `<commit>:<path>`; those that are not there are left out. */
async function blobIds(
  git: Repository['git'],
  names: readonly string[],
): Promise<Map<string, string>> {
  if (names.length === 0) return new Map()
  const input = `${names.join('\n')}\n`
  const listed = await git.text(['cat-file', '--batch-check=%(objectname)'], {input})
  return new Map(
    listed.split('\n').flatMap((id, index) => {
      const name = names[index]
      return name !== undefined && /^[0-9a-f]{40,64}$/.test(id) ? [[name, id]] : []
    }),
  )
}

export const journalPath = (run: string): string => `docs/runs/${run}/journal.jsonl`

async function tagAnchors(
  repository: Repository,
  listed: readonly ReadonlyMap<string, TagAt>[],
): Promise<Anchor[]> {
  const tags = new Map<string, {name: string; at: TagAt}>()
  for (const [name, at] of listed.flatMap((each) => [...each]))
    if (isOutcomeTag(name)) tags.set(`${name} ${at.object}`, {name, at})
  const blobs = createBlobs(repository)
  await blobs.load([...tags.values()].map(({at}) => at.object))
  const found: Anchor[] = []
  for (const {name, at} of tags.values()) {
    if (at.object === at.commit) continue // a light one says nothing
    const text = (await blobs.read(at.object))?.toString('utf8') ?? ''
    const head = headInMessage(text)
    if (head !== undefined) found.push({kind: 'tag', name, ...at, parent: null, ...head})
  }
  return found
}

async function journals(
  repository: Repository,
  records: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const blobs = createBlobs(repository)
  const nameOf = (object: string) => `${object}:journal.jsonl`
  await blobs.load([...records.values()].map(nameOf))
  const found = new Map<string, string>()
  for (const [run, object] of records) {
    const bytes = (await blobs.read(nameOf(object))) ?? (await blobs.read(object))
    found.set(run, bytes?.toString('utf8') ?? '')
  }
  return found
}
