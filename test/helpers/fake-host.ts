// What Firebase, Netlify and Vercel do behind their APIs, small: deployments with ids, one of them
// live, its files served. Their real CLIs deploy to it (test/hosting), and so do the stand-ins of
// test/fixtures/hosting/bin, by a door of their own.

import {createVerify} from 'node:crypto'
import type http from 'node:http'
import {bytesOf, loopbackServer} from './server.ts'
import {firebaseApi} from './vendors/firebase.ts'
import {type NetlifyState, netlifyApi} from './vendors/netlify.ts'
import {
  type ApiAnswer,
  createStore,
  type Store,
  type Stored,
  unavailable,
  type Vendor,
} from './vendors/store.ts'
import {type VercelState, vercelApi} from './vendors/vercel.ts'

export type Product = 'firebase' | 'netlify' | 'vercel'

export interface FakeHost {
  readonly api: string
  readonly site: string
  readonly token: string
  /** Paths asked of the API, with the method. */
  readonly asked: readonly string[]
  /** The same with what was sent and answered, shortened: what a recording keeps. */
  readonly exchanges: readonly Exchange[]
  /** Answers a request as the API does, for a server of another address. */
  readonly handle: http.RequestListener
  /** A version that was there before, live at once; its id. */
  readonly born: (stored: Stored) => string
  /** What its people set in Vercel's dashboard; null for another product. */
  readonly vercel: VercelState | null
  /** What its people set in Netlify's; null for another product. */
  readonly netlify: NetlifyState | null
  /** Changes its answers from now on: what is answered to this request instead. */
  readonly answering: (change: ((request: string, answer: unknown) => unknown) | null) => void
  /** The files of the live deployment that are not answered, or with other bytes: a partial deployment. */
  readonly spoil: (path: string) => void
  readonly close: () => Promise<void>
}

export interface Exchange {
  readonly request: string
  readonly status: number
  readonly answer: unknown
}

/** What the API takes. Vercel's CLI wants letters and digits. */
export const fakeToken = 'goodtoken'
/** What a session of firebase-tools holds. */
export const refreshToken = 'good-refresh-token'

export interface FakeOptions {
  /** Where the deployments are; in memory where it is not given. */
  readonly store?: Store
  /** The production address, where another server serves the files. */
  readonly address?: () => string
  /** What this site or project is called, where it is not the usual name. */
  readonly called?: string
}

/** The usual name of a site or project. */
const usualName: Readonly<Record<Product, string>> = {
  firebase: 'essai',
  netlify: 'essai',
  vercel: 'prj_1',
}

/** `publicKey` verifies the assertions of a Google service account. */
export async function fakeHost(
  product: Product,
  publicKey = '',
  {
    store = createStore(product.slice(0, 3)),
    address,
    called = usualName[product],
  }: FakeOptions = {},
): Promise<FakeHost> {
  const token = fakeToken
  const spoiled = new Set<string>()
  const asked: string[] = []
  const exchanges: Exchange[] = []
  let change: ((request: string, answer: unknown) => unknown) | null = null

  const handle = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const path = request.url ?? ''
    const body = await bytesOf(request)
    asked.push(`${request.method} ${path}`)
    const {status, body: own} = await answerTo(request, body)
    const answer = change === null ? own : change(`${request.method} ${path}`, own)
    exchanges.push({request: `${request.method} ${path}`, status, answer})
    const text = JSON.stringify(answer) ?? ''
    json(response, status, text.replaceAll(usualName[product], called))
  }
  const answerTo = async (request: http.IncomingMessage, body: Buffer): Promise<ApiAnswer> => {
    const path = (request.url ?? '/').replaceAll(called, usualName[product])
    const url = new URL(path, 'http://127.0.0.1')
    if (product === 'firebase' && /\/token$/.test(url.pathname)) return googleToken(body)
    // What a token of somebody else is exchanged for, under another name.
    if (product === 'firebase' && /:generateAccessToken$/.test(url.pathname)) {
      return {status: 200, body: {accessToken: token, expireTime: '2099-01-01T00:00:00Z'}}
    }
    if (request.headers.authorization !== `Bearer ${token}`) {
      const refused = {code: 401, message: 'not signed in'}
      return {status: 401, body: product === 'netlify' ? refused : {error: refused}}
    }
    if (url.pathname === '/__upload') {
      const upload: Stored = JSON.parse(body.toString('utf8'))
      const id = store.add(upload)
      if (id === null || !vendor.deployed(id)) return unavailable
      return {status: 200, body: {id}}
    }
    if (url.pathname === '/__live') {
      const {id}: {id: string} = JSON.parse(body.toString('utf8'))
      return store.release(id) ? {status: 200, body: {id}} : {status: 404, body: {}}
    }
    const known = vendor.answer({
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      body,
      header: (name) => String(request.headers[name] ?? ''),
    })
    return known ?? {status: 404, body: {error: {code: 'not_found', message: 'no such path'}}}
  }

  const api = await loopbackServer((request, response) => void handle(request, response))
  const site = await loopbackServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '/').slice(1)) || 'index.html'
    const live = store.live()
    const files = live === null ? {} : (store.get(live)?.files ?? {})
    // All three rewrite an unknown path to index.html, as a single-page application wants it.
    const content = spoiled.has(path) ? files['index.html'] : (files[path] ?? files['index.html'])
    if (content === undefined) return json(response, 404, '{}')
    const html = files[path] === undefined || path.endsWith('.html')
    response.setHeader('content-type', html ? 'text/html; charset=utf-8' : typeOf(path))
    response.end(Buffer.from(content, 'base64'))
  })
  const vercel =
    product === 'vercel' ? vercelApi(store, () => new URL(address?.() ?? site.url).host) : null
  const netlify = product === 'netlify' ? netlifyApi(store) : null
  const vendor: Vendor = vercel ?? netlify ?? firebaseApi(store)

  const googleToken = (body: Buffer): ApiAnswer => {
    const text = body.toString('utf8')
    // The CLI sends a form with boundaries, our adapter an ordinary one.
    const good = text.includes('assertion=')
      ? signed(new URLSearchParams(text).get('assertion') ?? '')
      : text.includes(refreshToken)
    return good
      ? {status: 200, body: {access_token: token, expires_in: 3600, token_type: 'Bearer'}}
      : {status: 400, body: {error: 'invalid_grant'}}
  }
  const signed = (assertion: string): boolean => {
    const [head = '', claims = '', signature = ''] = assertion.split('.')
    return createVerify('RSA-SHA256')
      .update(`${head}.${claims}`)
      .verify(publicKey, signature, 'base64url')
  }

  return {
    api: api.url,
    site: site.url,
    token,
    asked,
    exchanges,
    handle: (request, response) => void handle(request, response),
    born: (stored) => {
      const id = store.add(stored)
      if (id === null || !store.release(id)) throw new Error('this host takes nothing')
      vendor.born?.()
      return id
    },
    answering: (given) => {
      change = given
    },
    vercel: vercel?.state ?? null,
    netlify: netlify?.state ?? null,
    spoil: (path) => void spoiled.add(path),
    close: async () => {
      await api.close()
      await site.close()
    },
  }
}

function json(response: http.ServerResponse, status: number, text: string): void {
  response.statusCode = status
  response.setHeader('content-type', 'application/json')
  response.end(text)
}

const typeOf = (path: string) =>
  path.endsWith('.js')
    ? 'text/javascript'
    : path.endsWith('.json')
      ? 'application/json'
      : 'application/octet-stream'
