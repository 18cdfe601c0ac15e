// Proves that what users get is what was built: every file is fetched and hashed. A status says
// nothing (a single-page rewrite answers 200 for a file that is missing), an exit code even less.

import {inParallel} from '../base/parallel.ts'
import type {Manifest, ManifestFile} from '../domain/manifest.ts'
import type {Text} from '../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import {askAsBrowsersDo, fileAddress, neverHtml} from './browser-request.ts'
import {CutShort, createDownloads, type Downloads} from './download.ts'
import {manifestFrom} from './manifest.ts'
import {isIgnored, notServed} from './not-served.ts'
import {staleness, stillWaitingFor} from './staleness.ts'
import {browserEncodings} from './unpack.ts'

export interface ServedInput {
  /** The address that users open; the files are asked for below it. */
  readonly url: string
  readonly manifest: Manifest
  /** Bytes of the whole artifact, where the manifest does not know its files': none has more. */
  readonly bytesMost?: number
  /** What the host is not given (not-served.ts). */
  readonly ignored?: readonly string[]
  /** Whether the web server may keep names with a dot to itself. */
  readonly withholds?: boolean
  readonly signal?: AbortSignal
  readonly progress?: (done: number, total: number) => void
  /** How long a host may take to show a new deployment everywhere: pauses between looks, in ms. */
  readonly pausesMs?: readonly number[]
  readonly wait?: (ms: number) => Promise<void>
  /** The files of the version that was served before, asked for once where something is not right yet. */
  readonly before?: () => Promise<Manifest | null>
  /** Told before each wait: what is waited for, and how long at most. */
  readonly waiting?: (what: Text, leftMs: number) => void
  /** How long a connection may stay silent. */
  readonly timeoutMs?: number
  readonly width?: number
}

export interface ServedFault {
  readonly path: string
  readonly what: Text
}

export type ServedProof = Judgement & {
  readonly files: number
  readonly missing: readonly ServedFault[]
  readonly different: readonly ServedFault[]
  readonly unanswered: readonly ServedFault[]
  /** Files of the artifact that the host is not given, or keeps to itself. */
  readonly leftOut: readonly string[]
}

/** Pauses, longer and longer and at last of 15 s, that make up `ms` together. */
export function pausesWithin(ms: number): readonly number[] {
  const pauses: number[] = []
  let left = ms
  for (let pauseMs = 500; left > 0; pauseMs = Math.min(15_000, 2 * pauseMs)) {
    pauses.push(Math.min(pauseMs, left))
    left -= pauseMs
  }
  return pauses
}

const unansweredMax = 8

/** Fetches every file of the manifest, and `/`; pass only where all bytes are the manifest's. */
export async function proveServed(input: ServedInput): Promise<ServedProof> {
  const leftOut = input.manifest.files.filter((file) => isIgnored(file.path, input.ignored ?? []))
  const targets = input.manifest.files.filter((file) => !leftOut.includes(file))
  const index = targets.find((file) => file.path === 'index.html')
  const all = index === undefined ? targets : [{...index, path: ''}, ...targets]
  const downloads = open(input)
  let kept: readonly Left[] = []
  const lookAt = async (files: readonly ManifestFile[]) => {
    const left = await look(downloads, input, files, index?.sha256)
    kept = input.withholds ? notServed(left, all) : []
    return left.filter((each) => !kept.includes(each))
  }
  try {
    let left = await lookAt(all)
    let before: Manifest | null = null
    if (left.length > 0) before = (await input.before?.()) ?? null
    const pauses = input.pausesMs ?? pausesWithin(31_000)
    for (const [number, pauseMs] of pauses.entries()) {
      if (left.length === 0) break
      const leftMs = pauses.slice(number).reduce((sum, ms) => sum + ms, 0)
      input.waiting?.(stillWaitingFor(left, {manifest: input.manifest, before}), leftMs)
      await (input.wait ?? pause)(pauseMs)
      const again = new Set([...left, ...kept].map((found) => found.path))
      left = await lookAt(all.filter((file) => again.has(file.path)))
    }
    return judged(left, {
      asked: all.length - kept.length,
      leftOut: [...leftOut, ...kept].map((file) => file.path),
      manifest: input.manifest,
      before,
    })
  } finally {
    downloads.close()
  }
}

/** What is served under these paths now: the hashes of the true answers. */
export async function observeServed(
  input: Omit<ServedInput, 'manifest'> & {readonly paths: readonly string[]},
): Promise<Manifest> {
  const downloads = open(input)
  try {
    const found = await inParallel(input.paths, input.width ?? 16, async (path, at) => {
      input.progress?.(at, input.paths.length)
      const asked = {encodings: browserEncodings}
      const answer = await downloads.get(fileAddress(input.url, path), asked)
      return [{path, ...answer}]
    })
    const index = found.flat().find(({path}) => path === 'index.html')?.sha256
    return manifestFrom(
      found.flat().flatMap(({path, status, type, bytes, sha256}) => {
        // A rewrite's answer for a file that is not there says nothing about that file.
        const rewritten =
          path !== 'index.html' &&
          (sha256 === index || (type === 'text/html' && neverHtml.test(path)))
        return status === 200 && !rewritten ? [{path, bytes, sha256}] : []
      }),
    )
  } finally {
    downloads.close()
  }
}

type Left = ServedFault & {
  readonly kind: 'missing' | 'different' | 'unanswered'
  readonly status?: number
  /** SHA-256 of what was served, where something was. */
  readonly served?: string
}

/** One look at these files: those that are not yet right. Gives up on a host that does not answer. */
async function look(
  downloads: Downloads,
  input: ServedInput,
  files: readonly ManifestFile[],
  index: string | undefined,
): Promise<readonly Left[]> {
  let done = 0
  let unanswered = 0
  const left = await inParallel(
    files,
    input.width ?? 16,
    async (file): Promise<readonly Left[]> => {
      const path = file.path
      input.signal?.throwIfAborted()
      if (unanswered >= unansweredMax) return [{path, kind: 'unanswered', what: notAsked}]
      try {
        const wrong = await askAsBrowsersDo(downloads, {
          ...{url: input.url, file, index, bytesMost: input.bytesMost},
        })
        return wrong === null ? [] : [{path, ...wrong}]
      } catch (error) {
        input.signal?.throwIfAborted()
        // The host did answer: looked at again, and in the end a difference.
        if (error instanceof CutShort) return [{path, kind: 'different', what: reason(error)}]
        unanswered++
        return [{path, kind: 'unanswered', what: reason(error)}]
      } finally {
        input.progress?.(++done, files.length)
      }
    },
  )
  return left.flat()
}

const notAsked: Text = {
  fr: 'plus demandé, l’hôte ne répondant pas',
  en: 'no longer asked for, since the host does not answer',
}

function judged(
  left: readonly Left[],
  {
    asked,
    leftOut,
    manifest,
    before,
  }: {
    asked: number
    leftOut: readonly string[]
    manifest: Manifest
    before: Manifest | null
  },
): ServedProof {
  const of = (kind: Left['kind']) => left.filter((found) => found.kind === kind)
  const parts = {
    files: asked,
    missing: of('missing'),
    different: of('different'),
    unanswered: of('unanswered'),
    leftOut,
  }
  const out = leftOut.length
  const aside: {fr: string; en: string} =
    out === 0
      ? {fr: '', en: ''}
      : {
          fr: ` ; ${out} ${out > 1 ? 'fichiers jamais servis' : 'fichier jamais servi'} par nature`,
          en: `; ${out} never served by nature`,
        }
  if (asked === 0) {
    return {
      ...unknown({fr: 'aucun fichier à comparer', en: 'no file to compare'}),
      ...parts,
    }
  }
  if (left.length === 0) {
    const digest = `sha256 ${manifest.digest.slice(0, 12)}…`
    return {
      ...pass({
        fr: `${asked} adresses, octets identiques (${digest})${aside.fr}`,
        en: `${asked} addresses, bytes identical (${digest})${aside.en}`,
      }),
      ...parts,
    }
  }
  const stale = staleness(left, {manifest, before})
  const words = (lang: 'fr' | 'en') => {
    const first = left.slice(0, 3).map((found) => {
      const what = typeof found.what === 'string' ? found.what : found.what[lang]
      return `${found.path || '/'} (${what})`
    })
    const more = left.length > 3 ? `, … (${left.length})` : ''
    return `${asked - left.length}/${asked} ${lang === 'fr' ? 'conformes' : 'as built'} : ${first.join(', ')}${more}${stale === null ? '' : ` ; ${stale[lang]}`}${aside[lang]}`
  }
  const observed = {
    fr: words('fr'),
    en: words('en').replace(' : ', ': ').replace(' ; ', '; '),
  }
  const wrong = parts.missing.length + parts.different.length > 0
  return {...(wrong ? fail(observed) : unknown(observed)), ...parts}
}

const open = (input: Pick<ServedInput, 'width' | 'timeoutMs' | 'signal'>) =>
  createDownloads({
    width: input.width ?? 16,
    timeoutMs: input.timeoutMs ?? 15_000,
    ...(input.signal === undefined ? {} : {signal: input.signal}),
  })

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

function reason(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return reason(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
