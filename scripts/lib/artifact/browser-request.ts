// One file of the artifact, asked for as browsers ask and judged by what they get: with the encodings
// they send, the characters they leave alone, and the answers they show.

import type {ManifestFile} from '../domain/manifest.ts'
import type {Text} from '../domain/text.ts'
import type {Downloaded, Downloads} from './download.ts'
import {browserEncodings, type Encoding} from './unpack.ts'

export interface FileFault {
  readonly kind: 'missing' | 'different'
  readonly what: Text
  readonly status: number
  /** SHA-256 of what was served. */
  readonly served: string
}

export interface FileRequest {
  readonly url: string
  readonly file: ManifestFile
  /** SHA-256 of index.html. */
  readonly index: string | undefined
  /** More than any file of the artifact has, where that is known. */
  readonly bytesMost: number | undefined
}

/**
 * null where every form in which a browser may get the file is right. What comes packed is asked for
 * again without that encoding, until it comes as it is: beside a file, an old `.br` or `.zst` may lie
 * that only some browsers are given.
 */
export async function askAsBrowsersDo(
  downloads: Downloads,
  {url, file, index, bytesMost}: FileRequest,
): Promise<FileFault | null> {
  const most = file.bytes > 0 ? file.bytes : bytesMost
  let encodings: readonly Encoding[] = browserEncodings
  for (;;) {
    const answer = await downloads.get(fileAddress(url, file.path), {
      encodings,
      // Read back from a list, a manifest knows no sizes.
      ...(most !== undefined && {bytesMost: 2 * most + bytesOfPage}),
    })
    const wrong = compare(file, answer, index)
    const packed = answer.packed?.encoding
    if (wrong !== null) return {...wrong, what: withEncoding(wrong.what, packed), ...served(answer)}
    if (packed === undefined || !encodings.includes(packed)) return null
    encodings = encodings.filter((encoding) => encoding !== packed)
  }
}

/** The file of the version before, or a page in its place, is told apart from bytes without end. */
const bytesOfPage = 2 ** 20

const served = ({status, sha256}: Downloaded) => ({status, served: sha256})

function withEncoding(what: Text, encoding: Encoding | undefined): Text {
  if (encoding === undefined) return what
  const said = (text: string) => `${text}, ${encoding}`
  return typeof what === 'string' ? said(what) : {fr: said(what.fr), en: said(what.en)}
}

function compare(
  file: ManifestFile,
  answer: Downloaded,
  index: string | undefined,
): Omit<FileFault, 'status' | 'served'> | null {
  const {status, type, sha256, packed} = answer
  // What is packed as a file may be sent as a packing: the bytes on the way are the file's own.
  const isRight =
    sha256 === file.sha256 || (packedFile.test(file.path) && packed?.sha256 === file.sha256)
  // The page for what is not there is itself answered so by some hosts.
  const isOk = status === 200 || (status === 404 && isRight && notFoundPage.test(file.path))
  if (!isOk) return {kind: 'missing', what: `HTTP ${status}`}
  const isHtml = type === 'text/html' && neverHtml.test(file.path)
  if (isRight) {
    // A browser refuses a script that calls itself a page, right bytes or not.
    return isHtml ? {kind: 'different', what: {fr: 'type text/html', en: 'type text/html'}} : null
  }
  if (sha256 === index) {
    return {kind: 'missing', what: {fr: 'index.html à sa place', en: 'index.html in its place'}}
  }
  return {
    kind: 'different',
    what: `SHA-256 ${sha256.slice(0, 12)}… ≠ ${file.sha256.slice(0, 12)}…${isHtml ? ', text/html' : ''}`,
  }
}

const packedFile = /\.(?:gz|tgz|svgz|br|zst)$/i
const notFoundPage = /(?:^|\/)404\.html$/i
export const neverHtml =
  /\.(?:m?js|css|json|wasm|map|png|jpe?g|svg|ico|gif|webp|woff2?|ttf|otf|bin)$/i

/**
 * The address of a path below `url`, escaped as a browser escapes a link to it: what would mean something
 * else in an address (`%`, `?`, `#`, a backslash) here, the rest by the URL standard, which leaves
 * `@ + $ & , : ; =` alone. Some hosts know a name in that form only.
 */
export function fileAddress(url: string, path: string): string {
  const escaped = path.replace(/[%?#\\]|[^\u0021-\uffff]/g, encodeURIComponent)
  return new URL(`${url.replace(/\/+$/, '')}/${escaped}`).href
}
