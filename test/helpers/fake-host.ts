// What Firebase, Netlify and Vercel do behind their APIs, small: deployments with ids, one of them
// live, its files served. The stand-in CLIs of test/fixtures/hosting/bin upload to it.

import {createVerify} from 'node:crypto'
import type http from 'node:http'
import {bodyOf, loopbackServer} from './server.ts'

export type Product = 'firebase' | 'netlify' | 'vercel'

export interface FakeHost {
  readonly api: string
  readonly site: string
  readonly token: string
  /** Paths asked of the API, with the method. */
  readonly asked: readonly string[]
  readonly close: () => Promise<void>
}

interface Stored {
  readonly files: Readonly<Record<string, string>>
  readonly message: string
}

/** `publicKey` verifies the assertions of a Google service account. */
export async function fakeHost(product: Product, publicKey = ''): Promise<FakeHost> {
  const token = 'good-token'
  const stored = new Map<string, Stored>()
  const asked: string[] = []
  let live: string | null = null

  const api = await loopbackServer(async (request, response) => {
    const path = request.url ?? ''
    asked.push(`${request.method} ${path}`)
    if (product === 'firebase' && path === '/token') return googleToken(request, response)
    if (request.headers.authorization !== `Bearer ${token}`) return json(response, 401, {})
    if (path === '/__upload') {
      const upload: Stored = JSON.parse(await bodyOf(request))
      live = `${product.slice(0, 3)}${stored.size + 1}dep`
      stored.set(live, upload)
      return json(response, 200, {id: live})
    }
    if (path === '/__live') {
      const {id}: {id: string} = JSON.parse(await bodyOf(request))
      if (!stored.has(id)) return json(response, 404, {})
      live = id
      return json(response, 200, {id})
    }
    const {status, body} = answer(path)
    return json(response, status, body)
  })

  const site = await loopbackServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '/').slice(1)) || 'index.html'
    const files = live === null ? {} : (stored.get(live)?.files ?? {})
    // All three rewrite an unknown path to index.html, as a single-page application wants it.
    const content = files[path] ?? files['index.html']
    if (content === undefined) return json(response, 404, {})
    const html = files[path] === undefined || path.endsWith('.html')
    response.setHeader('content-type', html ? 'text/html; charset=utf-8' : typeOf(path))
    response.end(Buffer.from(content, 'base64'))
  })

  const answer = (path: string): {status: number; body: unknown} => {
    const deployment = live === null ? undefined : stored.get(live)
    switch (`${product} ${path}`) {
      case 'firebase /v1beta1/sites/essai/channels/live':
        return {
          status: 200,
          body: {
            name: 'sites/essai/channels/live',
            ...(deployment && {
              release: {
                message: deployment.message,
                releaseTime: '2026-01-23T14:00:00Z',
                version: {name: `sites/essai/versions/${live}`},
              },
            }),
          },
        }
      case 'netlify /api/v1/user':
        return {status: 200, body: {email: 'deploy@example.org'}}
      case 'netlify /api/v1/sites/essai.netlify.app':
        return {
          status: 200,
          body: {
            published_deploy: deployment
              ? {id: live, title: deployment.message, published_at: '2026-01-23T14:00:00Z'}
              : null,
          },
        }
      case 'vercel /v2/user':
        return {status: 200, body: {user: {username: 'deployer'}}}
      case 'vercel /v9/projects/prj_1?teamId=team_1':
        return {status: 200, body: {id: 'prj_1'}}
      case `vercel /v4/aliases/${encodeURIComponent(new URL(site.url).host)}?teamId=team_1`:
        return live === null
          ? {status: 404, body: {}}
          : {status: 200, body: {deploymentId: live, updatedAt: 1769176800000}}
      default:
        return {status: 404, body: {}}
    }
  }

  const googleToken = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const assertion = new URLSearchParams(await bodyOf(request)).get('assertion') ?? ''
    const [head = '', claims = '', signature = ''] = assertion.split('.')
    const good = createVerify('RSA-SHA256')
      .update(`${head}.${claims}`)
      .verify(publicKey, signature, 'base64url')
    json(response, good ? 200 : 400, good ? {access_token: token} : {error: 'invalid_grant'})
  }

  return {
    api: api.url,
    site: site.url,
    token,
    asked,
    close: async () => {
      await api.close()
      await site.close()
    },
  }
}

function json(response: http.ServerResponse, status: number, body: unknown): void {
  response.statusCode = status
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(body))
}

const typeOf = (path: string) =>
  path.endsWith('.js')
    ? 'text/javascript'
    : path.endsWith('.json')
      ? 'application/json'
      : 'application/octet-stream'
