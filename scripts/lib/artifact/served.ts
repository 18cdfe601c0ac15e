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
  /** The files of the version that was served before, asked for once where something is not right yet. */
  readonly before?: () => Promise<Manifest | null>
  /** Told before each wait: what is waited for, and how long at most. */
  readonly waiting?: (what: Text, leftMs: number) => void
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
  const leftOut = input.manifest.files.filter((file) => isIgnored(file.path, input.ignored))
  const targets = input.manifest.files.filter((file) => !leftOut.includes(file))
  const index = targets.find((file) => file.path === 'index.html')
  const all = index === undefined ? targets : [{...index, path: ''}, ...targets]
  const downloads = open(input)
  try {
    let left = await look(downloads, input, all, index?.sha256)
    let before: Manifest | null = null
    if (left.length > 0) before = (await input.before?.()) ?? null
    const pauses = input.pausesMs ?? pausesWithin(31_000)
    for (const [number, pauseMs] of pauses.entries()) {
      if (left.length === 0) break
      const leftMs = pauses.slice(number).reduce((sum, ms) => sum + ms, 0)
      input.waiting?.(notYet(left, {manifest: input.manifest, before}), leftMs)
      await (input.wait ?? pause)(pauseMs)
      const again = new Set(left.map((found) => found.path))
      left = await look(
        downloads,
        input,
        all.filter((file) => again.has(file.path)),
        index?.sha256,
      )
    }
    return judged(left, {
      asked: all.length,
      leftOut: leftOut.map((file) => file.path),
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

type Left = Finding & {
  readonly kind: 'missing' | 'different' | 'unanswered'
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
        const answer = await downloads.get(address(input.url, path))
        const found = compare(file, answer, index)
        return found === null ? [] : [{path, ...found, served: answer.sha256}]
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
): Omit<Left, 'path' | 'served'> | null {
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

/** What a wait is for, in words. */
function notYet(left: readonly Left[], versions: Versions): Both {
  const many = left.length > 1
  return (
    staleness(left, versions) ?? {
      fr: `${left.length} ${many ? 'adresses ne servent pas encore' : 'adresse ne sert pas encore'} cette version`,
      en: `${left.length} ${many ? 'addresses do' : 'address does'} not serve this version yet`,
    }
  )
}

interface Versions {
  readonly manifest: Manifest
  readonly before: Manifest | null
}

type Both = Exclude<Text, string>

/**
 * What is left of the version before: all of it, or a part, told apart because a new index.html with old
 * files is a page that breaks, and an old one with new files may be. null where nothing of it is served.
 */
function staleness(left: readonly Left[], {manifest, before}: Versions): Both | null {
  const old = new Map(before?.files.map(({path, sha256}) => [path, sha256]))
  const oldIndex = old.get('index.html')
  const isOld = ({path, served}: Left) =>
    served !== undefined && (served === old.get(path || 'index.html') || served === oldIndex)
  const stale = new Set(left.filter(isOld).map(({path}) => path || 'index.html'))
  if (stale.size === 0) return null
  const changed = manifest.files.filter(
    ({path, sha256}) => old.has(path) && old.get(path) !== sha256,
  )
  if (changed.every(({path}) => stale.has(path))) {
    return {
      fr: 'l’hôte sert encore la version précédente',
      en: 'the host still serves the previous version',
    }
  }
  const files = stale.size - (stale.has('index.html') ? 1 : 0)
  if (!stale.has('index.html')) {
    return {
      fr: `index.html est neuf, ${files} ${files > 1 ? 'fichiers sont' : 'fichier est'} encore de la version précédente`,
      en: `index.html is new, ${files} ${files > 1 ? 'files are' : 'file is'} still of the previous version`,
    }
  }
  return {
    fr: 'index.html est encore de la version précédente, d’autres fichiers sont neufs',
    en: 'index.html is still of the previous version, other files are new',
  }
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
