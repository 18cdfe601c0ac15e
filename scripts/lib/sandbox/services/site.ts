// The web server of one environment: serves `current` of the folder of releases as it stands at each
// request, never another file for one that is missing.

import type {Server} from 'node:http'
import {join} from 'node:path'
import sirv from 'sirv'
import type {Environment} from '../../domain/event.ts'
import {type Faults, liveId} from './faults.ts'
import {answerAt, type Listening} from './http.ts'

/** A file of the new release that a partial deployment lacks. */
const lost = '/assets/FontManifest.json'

/** Errors start with the watch: the deployment itself has to look well. */
const errorsAfterMs = 10_000

export function serveSite(input: {
  environment: Environment
  root: string
  /** Where it answers: a server that holds its port already. */
  at: Server
  faults: Faults
}): Listening {
  const {environment, root, faults} = input
  const options = {dev: true, dotfiles: true, etag: true, extensions: [], setHeaders: mark}
  const current = sirv(join(root, 'current'), {...options, extensions: ['html']})
  const stuck = createStuck(root, environment, faults, options)
  let requests = 0
  return answerAt(input.at, (request, response) => {
    if (faults.newIsLive(environment)) {
      const late = faults.waitedSince(environment) >= errorsAfterMs
      if (faults.name === 'outage' && late) {
        request.socket.destroy()
        return
      }
      if (
        (faults.name === 'errors' || faults.name === 'rollback') &&
        late &&
        ++requests % 5 === 0
      ) {
        response.writeHead(503, {'content-type': 'text/plain', 'x-sandbox': 'postgate'})
        response.end('SANDBOX: --break\n')
        return
      }
      if (faults.name === 'partial-deploy' && request.url?.split('?')[0] === lost) {
        missing(response)
        return
      }
    }
    const serve = stuck() ?? current
    serve(request, response, () => missing(response))
  })
}

type Sirv = ReturnType<typeof sirv>

/** Under the break `rollback` the server goes on serving the new release, whatever `current` says. */
function createStuck(
  root: string,
  environment: Environment,
  faults: Faults,
  options: NonNullable<Parameters<typeof sirv>[1]>,
): () => Sirv | null {
  let held: Sirv | null = null
  return () => {
    if (faults.name !== 'rollback' || held !== null) return held
    const live = faults.newIsLive(environment) ? liveId(root) : null
    if (live !== null) held = sirv(join(root, 'releases', live), {...options, extensions: ['html']})
    return held
  }
}

function mark(response: {setHeader: (name: string, value: string) => unknown}): void {
  response.setHeader('x-sandbox', 'postgate')
}

function missing(response: {
  writeHead: (status: number, headers: Record<string, string>) => unknown
  end: (text: string) => unknown
}): void {
  response.writeHead(404, {'content-type': 'text/plain; charset=utf-8', 'x-sandbox': 'postgate'})
  response.end('SANDBOX: 404\n')
}
