// Reads every byte of an artifact once: hashes it, and searches it for what must be there and for what
// must never be.

import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {type FileHandle, open} from 'node:fs/promises'
import {join} from 'node:path'
import {createBrotliDecompress, createGunzip} from 'node:zlib'
import {inParallel} from '../base/parallel.ts'
import type {ManifestFile} from '../domain/manifest.ts'
import {readKey, type SecretKind} from '../domain/secret.ts'
import {searchFor} from './needles.ts'

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
  /** What was read: bytes and hash of each file. */
  readonly files: readonly ManifestFile[]
}

/** Scans these files of `folder`; `ref` is the project that every key inside has to belong to. */
export async function scanArtifact(input: {
  folder: string
  paths: readonly string[]
  forbidden: readonly Needle[]
  wanted: readonly Needle[]
  ref: string | null
}): Promise<Scan> {
  const kinds = kindWords.map(({word, anyCase, kind}) => ({word, anyCase, meaning: kind}))
  const named = (needles: readonly Needle[], meaning: 'forbidden' | 'wanted') =>
    needles.flatMap(({label, word}) => formsOf(word).map((form) => ({word: form, meaning, label})))
  const words: Searched[] = [
    ...kinds,
    ...named(input.forbidden, 'forbidden'),
    ...named(input.wanted, 'wanted'),
  ]
  const search = searchFor(
    words.map(({word, anyCase}) => ({
      bytes: Buffer.from(word, 'latin1'),
      ...(anyCase !== undefined && {anyCase}),
    })),
  )
  const seen = new Set<string>()
  const read = await inParallel(input.paths, 4, async (path) => {
    const here = new Map<string, Found>()
    const note = (what: Found['what']) => here.set(JSON.stringify(what), {path, what})
    const look = (bytes: Buffer) => {
      search(bytes, (index, at) => {
        const {meaning, label = '', word = ''} = words[index] ?? {}
        if (meaning === undefined) return
        if (meaning === 'wanted') seen.add(label)
        else if (meaning === 'forbidden') note({type: 'needle', label})
        else if (isKind[meaning](bytes, at + word.length)) note({type: 'secret', kind: meaning})
      })
      for (const token of tokensIn(bytes)) {
        const key = readKey(token)
        if (key === null) continue
        if (key.role !== null && key.role !== 'anon') note({type: 'secret', kind: 'service-key'})
        if (key.ref !== null && input.ref !== null && key.ref !== input.ref)
          note({type: 'foreign-key', ref: key.ref})
      }
    }
    const hash = createHash('sha256')
    let bytes = 0
    await readFile(join(input.folder, path), {
      read: (chunk) => {
        hash.update(chunk)
        bytes += chunk.length
      },
      look,
    })
    return {file: {path, bytes, sha256: hash.digest('hex')}, found: [...here.values()]}
  })
  return {
    ...{seen, found: read.flatMap(({found}) => found), files: read.map(({file}) => file)},
  }
}

interface Searched {
  readonly word: string
  readonly anyCase?: boolean | undefined
  readonly meaning: 'forbidden' | 'wanted' | FormedKind
  readonly label?: string
}

/** Kinds of secrets that begin with a word of their own. */
type FormedKind = Exclude<SecretKind, 'service-key'>

const kindWords: readonly {word: string; kind: FormedKind; anyCase?: true}[] = [
  {word: 'sb_secret_', kind: 'secret-key'},
  {word: 'postgres://', kind: 'database-url', anyCase: true},
  {word: 'postgresql://', kind: 'database-url', anyCase: true},
  {word: '-----BEGIN ', kind: 'private-key'},
]

/** Whether what stands behind the word makes it one. */
const isKind: Readonly<Record<FormedKind, (bytes: Buffer, at: number) => boolean>> = {
  'secret-key': (bytes, at) => wordEnd(bytes, at) - at >= 4,
  'database-url': () => true,
  'private-key': (bytes, at) => {
    let end = at
    while (isCapitalOrSpace(bytes[end])) end += 1
    return bytes.toString('latin1', Math.max(at, end - 11), end + 5) === 'PRIVATE KEY-----'
  },
}

const isCapitalOrSpace = (byte: number | undefined) =>
  byte === 32 || (byte !== undefined && byte >= 65 && byte <= 90)

/** Whether a byte is a letter or digit of base64url: `[\w-]`. */
const inWord = Uint8Array.from({length: 256}, (_, byte) =>
  /[\w-]/.test(String.fromCharCode(byte)) && byte < 128 ? 1 : 0,
)

function wordEnd(bytes: Buffer, from: number): number {
  let end = from
  while (end < bytes.length && inWord[bytes[end] ?? 0] === 1) end += 1
  return end
}

const header = Buffer.from('eyJ')
const claims = Buffer.from('.eyJ')

/** Every word that has the form of a JWT: `eyJ….eyJ….…`, found by its middle. */
function* tokensIn(bytes: Buffer): Generator<string> {
  for (let dot = bytes.indexOf(claims); dot >= 0; dot = bytes.indexOf(claims, dot + 1)) {
    const middleEnd = wordEnd(bytes, dot + 1)
    if (middleEnd - dot - 1 < 11 || bytes[middleEnd] !== 46) continue
    const end = wordEnd(bytes, middleEnd + 1)
    if (end === middleEnd + 1) continue
    let start = dot
    while (start > 0 && dot - start < overlap && inWord[bytes[start - 1] ?? 0] === 1) start -= 1
    const first = bytes.subarray(start, dot).indexOf(header)
    if (first >= 0 && dot - start - first >= 11) yield bytes.toString('latin1', start + first, end)
  }
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
const chunkBytes = 1 << 22

interface Reading {
  /** Each byte of the file. */
  readonly read: (chunk: Buffer) => void
  /** The content in overlapping windows, so that nothing hides on a border; `.gz` and `.br` unpacked. */
  readonly look: (window: Buffer) => void
}

async function readFile(path: string, {read, look}: Reading): Promise<void> {
  const unpack = path.endsWith('.gz')
    ? createGunzip()
    : path.endsWith('.br')
      ? createBrotliDecompress()
      : null
  if (unpack === null) {
    const file = await open(path)
    try {
      await readWindows(file, {read, look})
    } finally {
      await file.close()
    }
    return
  }
  // What follows the packed bytes is never unpacked, and is the file's all the same.
  for await (const chunk of createReadStream(path, {highWaterMark: chunkBytes}))
    read(Buffer.from(chunk))
  const raw = createReadStream(path, {highWaterMark: chunkBytes})
  raw.on('error', (error) => unpack.destroy(error))
  let tail = Buffer.alloc(0)
  for await (const chunk of raw.pipe(unpack)) {
    const window = Buffer.concat([tail, chunk])
    look(window)
    tail = window.subarray(-overlap)
  }
}

/** Two buffers in turn: while one is searched, the next bytes are read into the other. */
async function readWindows(file: FileHandle, {read, look}: Reading): Promise<void> {
  const {size} = await file.stat()
  const room = Math.min(chunkBytes, Math.max(size, 1) + 1)
  const buffers = [Buffer.allocUnsafe(overlap + room), Buffer.allocUnsafe(overlap + room)] as const
  const next = async (turn: number) => {
    const buffer = buffers[turn % 2 === 0 ? 0 : 1]
    return {buffer, bytes: (await file.read(buffer, overlap, room, null)).bytesRead}
  }
  let kept = 0
  let coming = next(0)
  for (let turn = 1; ; turn += 1) {
    const {buffer, bytes} = await coming
    if (bytes === 0) return
    coming = next(turn)
    try {
      read(buffer.subarray(overlap, overlap + bytes))
      look(buffer.subarray(overlap - kept, overlap + bytes))
    } finally {
      // Its buffer is being written in: whatever goes wrong, that ends first.
      await coming.catch(() => undefined)
    }
    const end = overlap + bytes
    const tail = buffer.subarray(Math.max(overlap - kept, end - overlap), end)
    kept = tail.length
    tail.copy((await coming).buffer, overlap - kept)
  }
}
