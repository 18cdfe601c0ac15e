// All services of a sandbox in this process: two web servers, and one server for the gateway, the forge
// and the team's webhook. They listen on 127.0.0.1 only and end with the command.

import {appendFileSync} from 'node:fs'
import type {IncomingMessage, ServerResponse} from 'node:http'
import type {Environment} from '../../domain/event.ts'
import type {SandboxPaths} from '../paths.ts'
import type {HeldPorts} from '../ports.ts'
import type {SandboxState} from '../state.ts'
import type {Faults} from './faults.ts'
import {forge} from './forge.ts'
import {createGateway} from './gateway.ts'
import {answer, answerAt, bodyOf, listener} from './http.ts'
import {serveSite} from './site.ts'

export const repositoryName = 'depot/depot-central'

export async function startServices(input: {
  paths: SandboxPaths
  servers: HeldPorts['servers']
  state: SandboxState
  superuserUrl: string
  now: () => Date
  faults: Faults
}): Promise<{close: () => Promise<void>}> {
  const {paths, servers, state, now, faults} = input
  const gateway = createGateway(input)
  const hub = forge({
    repository: repositoryName,
    now,
    history: state.history,
    birth: state.birth,
    red: faults.name === 'nightly',
  })
  const site = (environment: Environment) =>
    serveSite({environment, root: paths.hosting[environment], at: servers[environment], faults})
  const api = listener(async (request, response, url) => {
    if (url.pathname.startsWith('/github/')) {
      await hub(request, response, url.pathname.slice('/github'.length), url)
    } else if (url.pathname === '/webhook') await receive(request, response)
    else if (!(await gateway.handle(request, response, url))) {
      answer(response, 404, {message: 'SANDBOX: nothing here'})
    }
  })
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request)
    const status = request.method === 'POST' ? (faults.name === 'notify' ? 500 : 200) : 405
    const line = {sandbox: true, at: now().toISOString(), status, body: parsed(body)}
    if (request.method === 'POST') appendFileSync(paths.outbox, `${JSON.stringify(line)}\n`)
    answer(response, status, {ok: status === 200})
  }
  const started = [site('staging'), site('production'), answerAt(servers.api, api)]
  return {
    close: async () => {
      await Promise.all(started.map((server) => server.close()))
      await gateway.close()
    },
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
