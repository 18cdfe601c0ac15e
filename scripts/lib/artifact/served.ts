// Proves that what users get is what was built: every file is fetched and hashed. A status says
// nothing (a single-page rewrite answers 200 for a file that is missing), an exit code even less.

import {inParallel} from '../base/parallel.ts'
import type {Manifest, ManifestFile} from '../domain/manifest.ts'
import type {Text} from '../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import {CutShort, createDownloads, type Downloaded, type Downloads} from './download.ts'
import {manifestFrom} from './manifest.ts'

export interface ServedInput {
  /** The address that users open; the files are asked for below it. */
  readonly url: string
  readonly manifest: Manifest
  /** What hosts do not serve: `.*` any dot file, `folder/` all below it, else an exact path. */
  readonly ignored?: readonly string[]
  readonly signal?: AbortSignal
  readonly progress?: (done: number, total: number) => void
  /** How long a host may take to show a new deployment everywhere: pauses between looks, in ms. */
  readonly pausesMs?: readonly number[]
  readonly wait?: (ms: number) => Promise<void>
  /** How long a connection may stay silent. */
  readonly timeoutMs?: number
  readonly width?: number
}

export interface Finding {
  readonly path: string
  readonly what: Text
}

export type ServedProof = Judgement & {
  readonly files: number
  readonly missing: readonly Finding[]
  readonly different: readonly Finding[]
  readonly unanswered: readonly Finding[]
  /** Files of the artifact that no host serves, and that were not asked for. */
  readonly leftOut: readonly string[]
}

const pausesMs: readonly number[] = [500, 1_000, 2_000, 4_000, 8_000, 15_000]

/** Pauses, longer and longer, that make up at most `ms` together. */
export function pausesWithin(ms: number): readonly number[] {
  let sum = 0
  return pausesMs.filter((pauseMs) => {
    sum += pauseMs
    return sum <= ms
  })
}

const unansweredMax = 8

/** Fetches every file of the manifest, and `/`; pass only where all bytes are the manifest's. */
export async function proveServed(input: ServedInput): Promise<ServedProof> {
  const leftOut = input.manifest.files.filter((file) => isIgnored(file.path, input.ignored))
  const targets = input.manifest.files.filter((file) => !leftOut.includes(file))
  const index = targets.find((file) => file.path === 'index.html')
  const all = index === undefined ? targets : [{...index, path: ''}, ...targets]
  const downloads = open(input)
  try {
    let left = await look(downloads, input, all, index?.sha256)
    for (const pauseMs of input.pausesMs ?? pausesMs) {
      if (left.length === 0) break
      await (input.wait ?? pause)(pauseMs)
      const again = new Set(left.map((found) => found.path))
      left = await look(
        downloads,
        input,
        all.filter((file) => again.has(file.path)),
        index?.sha256,
      )
    }
    return judged(
      left,
      all.length,
      leftOut.map((file) => file.path),
      input.manifest,
    )
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
      const answer = await downloads.get(address(input.url, path))
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

type Left = Finding & {readonly kind: 'missing' | 'different' | 'unanswered'}

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
        const answer = await downloads.get(address(input.url, path))
        const found = compare(file, answer, index)
        return found === null ? [] : [{path, ...found}]
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

function compare(
  file: ManifestFile,
  answer: Downloaded,
  index: string | undefined,
): Omit<Left, 'path'> | null {
  if (answer.status !== 200) return {kind: 'missing', what: `HTTP ${answer.status}`}
  if (answer.sha256 === file.sha256) {
    // A browser refuses a script that calls itself a page, right bytes or not.
    return answer.type === 'text/html' && neverHtml.test(file.path)
      ? {kind: 'different', what: {fr: 'type text/html', en: 'type text/html'}}
      : null
  }
  if (answer.sha256 === index) {
    return {kind: 'missing', what: {fr: 'index.html à sa place', en: 'index.html in its place'}}
  }
  const html = answer.type === 'text/html' && neverHtml.test(file.path) ? ', text/html' : ''
  return {
    kind: 'different',
    what: `SHA-256 ${answer.sha256.slice(0, 12)}… ≠ ${file.sha256.slice(0, 12)}…${html}`,
  }
}

const neverHtml = /\.(?:m?js|css|json|wasm|map|png|jpe?g|svg|ico|gif|webp|woff2?|ttf|otf|bin)$/i

function judged(
  left: readonly Left[],
  asked: number,
  leftOut: readonly string[],
  manifest: Manifest,
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
  const words = (lang: 'fr' | 'en') => {
    const first = left.slice(0, 3).map((found) => {
      const what = typeof found.what === 'string' ? found.what : found.what[lang]
      return `${found.path || '/'} (${what})`
    })
    const more = left.length > 3 ? `, … (${left.length})` : ''
    return `${asked - left.length}/${asked} ${lang === 'fr' ? 'conformes' : 'as built'} : ${first.join(', ')}${more}${aside[lang]}`
  }
  const observed = {fr: words('fr'), en: words('en').replace(' : ', ': ')}
  const wrong = parts.missing.length + parts.different.length > 0
  return {...(wrong ? fail(observed) : unknown(observed)), ...parts}
}

/** True where a host is not expected to serve this file. */
export function isIgnored(path: string, ignored: readonly string[] = ['.*']): boolean {
  return ignored.some((pattern) => {
    if (pattern === '.*') return path.split('/').some((part) => /^\.(?!well-known$)/.test(part))
    return pattern.endsWith('/') ? path.startsWith(pattern) : path === pattern
  })
}

const open = (input: Pick<ServedInput, 'width' | 'timeoutMs' | 'signal'>) =>
  createDownloads({
    width: input.width ?? 16,
    timeoutMs: input.timeoutMs ?? 15_000,
    ...(input.signal === undefined ? {} : {signal: input.signal}),
  })

const address = (url: string, path: string) =>
  `${url.replace(/\/+$/, '')}/${path.split('/').map(encodeURIComponent).join('/')}`

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

function reason(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return reason(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
