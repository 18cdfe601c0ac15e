// Stands before a server and lies about what it answers.

import http from 'node:http'
import {bodyOf, loopbackServer} from '../helpers/server.ts'

export type ApiLie = 'none' | 'status 503' | 'cut' | 'web page' | 'other JSON' | 'silence'

export interface LyingProxy {
  readonly url: string
  readonly tell: (lie: ApiLie, about?: (path: string) => boolean) => void
  readonly close: () => Promise<void>
}

/** `target`: an address of this machine; without one everything is answered with `{}`. */
export async function lyingProxy(target?: string): Promise<LyingProxy> {
  let lie: ApiLie = 'none'
  let about = (_path: string) => true
  const server = await loopbackServer(async (request, response) => {
    const path = request.url ?? '/'
    const told = about(path) ? lie : 'none'
    switch (told) {
      case 'silence':
        return
      case 'cut':
        response.writeHead(200, {'content-type': 'application/json', 'content-length': '500'})
        response.write('{"id":')
        setTimeout(() => response.destroy(), 20)
        return
      case 'status 503':
        response.writeHead(503).end('upstream connect error')
        return
      case 'web page':
        response.writeHead(200, {'content-type': 'text/html'}).end('<html>Bonjour</html>')
        return
      case 'other JSON':
        response.writeHead(200, {'content-type': 'application/json'}).end('[{"nothing":"here"}]')
        return
      case 'none':
        return target === undefined
          ? void response.writeHead(200, {'content-type': 'application/json'}).end('{}')
          : forward(target, request, response)
      default:
        return told satisfies never
    }
  })
  return {
    url: server.url,
    tell: (next, only = () => true) => {
      lie = next
      about = only
    },
    close: server.close,
  }
}

async function forward(
  target: string,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const body = await bodyOf(request)
  const {method = 'GET', url = '/', headers} = request
  const onward = http.request(`${target}${url}`, {method, headers}, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', () => response.destroy())
  onward.end(body)
}
