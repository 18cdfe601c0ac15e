// What the sandbox's HTTP services share: answering where a port is held, reading bodies, answering JSON.

import type {IncomingMessage, RequestListener, Server, ServerResponse} from 'node:http'

export interface Listening {
  readonly close: () => Promise<void>
}

/** Answers where `server` listens already; closing also ends the connections that are kept alive. */
export function answerAt(server: Server, listener: RequestListener): Listening {
  server.on('request', listener)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
) => Promise<void>

/** A listener that answers 500 with the reason where the handler throws. */
export const listener =
  (handler: Handler): RequestListener =>
  (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    handler(request, response, url).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else answer(response, 500, {message: error instanceof Error ? error.message : 'error'})
    })
  }

export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-sandbox': 'postgate',
    // The application in a browser asks from another port.
    'access-control-allow-origin': '*',
    'access-control-allow-headers': '*',
    ...headers,
  })
  response.end(body === undefined ? '' : JSON.stringify(body))
}

/** The body as text, at most 1 MB. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > 1 << 20) throw new Error('the body is too large')
  }
  return text
}
