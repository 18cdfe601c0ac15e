// A real HTTP server on loopback, on a free port.

import http from 'node:http'
import type {AddressInfo} from 'node:net'

export interface LoopbackServer {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Listens until `close`, which ends open connections too. */
export async function loopbackServer(handle: http.RequestListener): Promise<LoopbackServer> {
  const server = http.createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** The whole body of a request. */
export async function bytesOf(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** The same, as text. */
export const bodyOf = async (request: http.IncomingMessage): Promise<string> =>
  (await bytesOf(request)).toString('utf8')
