// Reads every byte of an artifact, in search of what must be there and of what must never be.

import {createReadStream} from 'node:fs'
import {join} from 'node:path'
import {createBrotliDecompress, createGunzip} from 'node:zlib'
import {inParallel} from '../base/parallel.ts'
import {readKey, type SecretKind, tokensIn} from '../domain/secret.ts'

export interface Needle {
  /** What is shown in its place: a key's name, never the value. */
  readonly label: string
  readonly word: string
}

export interface Found {
  readonly path: string
  readonly what:
    | {readonly type: 'secret'; readonly kind: SecretKind}
    | {readonly type: 'foreign-key'; readonly ref: string}
    | {readonly type: 'needle'; readonly label: string}
}

export interface Scan {
  /** One per file and kind. */
  readonly found: readonly Found[]
  /** Labels of the wanted words that are somewhere in the artifact. */
  readonly seen: ReadonlySet<string>
}

/** Scans these files of `folder`; `ref` is the project that every key inside has to belong to. */
export async function scanArtifact(input: {
  folder: string
  paths: readonly string[]
  forbidden: readonly Needle[]
  wanted: readonly Needle[]
  ref: string | null
}): Promise<Scan> {
  const forbidden = input.forbidden.map(({label, word}) => ({label, forms: formsOf(word)}))
  const wanted = input.wanted.map(({label, word}) => ({label, forms: formsOf(word)}))
  const seen = new Set<string>()
  const found = await inParallel(input.paths, 4, async (path) => {
    const here = new Map<string, Found>()
    const note = (what: Found['what']) => here.set(JSON.stringify(what), {path, what})
    for await (const text of windows(join(input.folder, path))) {
      for (const {label, forms} of wanted) {
        if (!seen.has(label) && forms.some((form) => text.includes(form))) seen.add(label)
      }
      for (const {label, forms} of forbidden) {
        if (forms.some((form) => text.includes(form))) note({type: 'needle', label})
      }
      for (const kind of kindsIn(text)) note({type: 'secret', kind})
      for (const token of tokensIn(text)) {
        const key = readKey(token)
        if (key === null) continue
        if (key.role !== null && key.role !== 'anon') note({type: 'secret', kind: 'service-key'})
        if (key.ref !== null && input.ref !== null && key.ref !== input.ref) {
          note({type: 'foreign-key', ref: key.ref})
        }
      }
    }
    return [...here.values()]
  })
  return {found: found.flat(), seen}
}

function* kindsIn(text: string): Generator<SecretKind> {
  if (/sb_secret_[\w-]{4}/.test(text)) yield 'secret-key'
  if (/postgres(?:ql)?:\/\//i.test(text)) yield 'database-url'
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) yield 'private-key'
}

/** The ways in which a build writes a value down: as it is, in JSON, in a URL, in base64. */
function formsOf(word: string): readonly string[] {
  const bytes = Buffer.from(word, 'utf8')
  const json = JSON.stringify(word).slice(1, -1)
  const plain = [word, json, json.replaceAll('/', '\\/'), encodeURIComponent(word)]
  const latin = plain.map((form) => Buffer.from(form, 'utf8').toString('latin1'))
  return [...new Set(word.length < 12 ? latin : [...latin, ...base64Of(bytes)])]
}

/** The letters that `bytes` alone decide, wherever it begins in a group of three. */
function base64Of(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const sure = encoded.slice(
      Math.ceil((offset * 8) / 6),
      Math.floor(((offset + bytes.length) * 8) / 6),
    )
    return [sure, sure.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

const overlap = 8_192

/** The file as one-byte text in overlapping windows, so that nothing hides on a border; `.gz` and `.br` unpacked. */
async function* windows(path: string): AsyncGenerator<string> {
  const raw = createReadStream(path, {highWaterMark: 1 << 22})
  const unpack = path.endsWith('.gz')
    ? createGunzip()
    : path.endsWith('.br')
      ? createBrotliDecompress()
      : null
  if (unpack !== null) raw.on('error', (error) => unpack.destroy(error))
  let tail = ''
  for await (const chunk of unpack === null ? raw : raw.pipe(unpack)) {
    const text = tail + Buffer.from(chunk).toString('latin1')
    yield text
    tail = text.slice(-overlap)
  }
}
