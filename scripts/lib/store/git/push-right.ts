// Whether the remote lets refs under refs/postgate/ be made, moved and removed: asked by doing it to a ref
// that nobody else uses. A dry run reaches no hook, no rule and no hidden ref of a forge.

import {randomBytes} from 'node:crypto'
import {existsSync} from 'node:fs'
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Text} from '../../domain/text.ts'
import {writeCommit, writeFlatTree} from './objects.ts'
import {refStore} from './ref-store.ts'
import {remoteRefused} from './remote-problem.ts'
import type {Repository} from './repository.ts'

/** Milliseconds for which a clone remembers that it had the right. */
const rememberedMs = 12 * 3_600_000

/** Asks, unless this clone had the right a few hours ago. */
export async function hasPushRight(repository: Repository, now: Date): Promise<void> {
  const file = join(repository.gitDirectory, 'postgate', 'push-right')
  const known = await readFile(file, 'utf8').catch(() => '')
  const [remote, at = ''] = known.trim().split('\t')
  const age = now.getTime() - Date.parse(at)
  if (remote === repository.remote && age >= 0 && age < rememberedMs) return
  await provePushRight(repository, now)
  if (repository.remote === null) return
  await writeFile(file, `${repository.remote}\t${now.toISOString()}\n`)
}

/** Throws `RemoteAway`, or `RemoteRefused` with the remote's own words, naming what it does not allow. */
export async function provePushRight(repository: Repository, date: Date): Promise<void> {
  const {git, gitDirectory, remote} = repository
  if (remote === null) return
  const store = refStore(repository)
  const note = join(gitDirectory, 'postgate', 'probe-ref')
  await removeLeftover(repository, note)
  const ref = `refs/postgate/probe/${randomBytes(8).toString('hex')}`
  const tree = await writeFlatTree(git, {})
  const identity = await repository.identity()
  const commit = () =>
    writeCommit({git, tree, parents: [], message: randomBytes(8).toString('hex'), date, identity})
  const [first, second] = [await commit(), await commit()]
  await mkdir(join(gitDirectory, 'postgate'), {recursive: true, mode: 0o700})
  // Whoever dies in between knows at the next look what was left.
  await writeFile(note, ref, {flush: true})
  const acts: readonly [Text, string | null, string | null][] = [
    [{fr: 'créer', en: 'make'}, null, first],
    [{fr: 'déplacer', en: 'move'}, first, second],
    [deleting, second, null],
  ]
  for (const [act, from, to] of acts) {
    const {accepted, words} = await store.change([{ref, from, to}])
    if (accepted) continue
    // Never judged by the push's own words: a lost answer may hide a push that arrived.
    const now = (await store.read([ref])).get(ref) ?? null
    if (now === to) continue
    if (now !== null) await store.change([{ref, from: now, to: null}])
    throw remoteRefused(remote, words, act)
  }
  await rm(note, {force: true})
}

/** What an earlier look could not remove, or died over. Nothing is added to it while it stays. */
async function removeLeftover(repository: Repository, note: string): Promise<void> {
  if (!existsSync(note)) return
  const store = refStore(repository)
  const ref = (await readFile(note, 'utf8')).trim()
  const present = async () => (await store.read([ref])).get(ref) ?? null
  const now = ref.startsWith('refs/postgate/probe/') ? await present() : null
  if (now !== null) {
    const {words} = await store.change([{ref, from: now, to: null}])
    if ((await present()) !== null) throw remoteRefused(repository.remote, words, deleting)
  }
  await rm(note, {force: true})
}

const deleting: Text = {fr: 'supprimer', en: 'delete'}
