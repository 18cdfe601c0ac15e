// GitHub's pull requests on loopback, as far as its REST API tells of them; everything else that is
// asked goes on to another server, such as a sandbox's forge.

import type {IncomingMessage, ServerResponse} from 'node:http'
import {bodyOf, type LoopbackServer, loopbackServer} from './server.ts'

export interface Pull {
  readonly number: number
  readonly html_url: string
  readonly title: string
  readonly body: string
  readonly head: {readonly ref: string}
  readonly base: {readonly ref: string}
}

export interface FakeGithub extends LoopbackServer {
  readonly pulls: Pull[]
  /** Every request as `METHOD /path`. */
  readonly asked: string[]
  /** What it answers to a POST from now on: a status and a message, or null for the usual. */
  readonly refuse: (answer: {status: number; message: string} | null) => void
}

/** `onward`: where other paths are answered. Pull requests want `token`. */
export async function fakeGithub(
  token: string,
  onward: () => string | null = () => null,
): Promise<FakeGithub> {
  const pulls: Pull[] = []
  const asked: string[] = []
  let refused: {status: number; message: string} | null = null
  const answer = (response: ServerResponse, status: number, value: unknown) => {
    response.writeHead(status, {'content-type': 'application/json; charset=utf-8'})
    response.end(JSON.stringify(value))
  }
  const create = async (request: IncomingMessage, response: ServerResponse) => {
    if (refused !== null) return answer(response, refused.status, {message: refused.message})
    const given: {title: string; body: string; head: string; base: string} = JSON.parse(
      await bodyOf(request),
    )
    if (pulls.some(({head}) => head.ref === given.head)) {
      const errors = [{message: `A pull request already exists for o:${given.head}.`}]
      return answer(response, 422, {message: 'Validation Failed', errors})
    }
    const number = 100 + pulls.length
    const {title, body} = given
    const pull = {
      ...{number, title, body, head: {ref: given.head}, base: {ref: given.base}},
      html_url: `https://github.com/o/r/pull/${number}`,
    }
    pulls.push(pull)
    return answer(response, 201, pull)
  }
  const server = await loopbackServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://loopback')
    asked.push(`${request.method} ${url.pathname}`)
    if (!url.pathname.endsWith('/pulls')) {
      const base = onward()
      if (base === null) return answer(response, 404, {message: 'Not Found'})
      const there = await fetch(`${base}${request.url}`, {
        headers: {authorization: request.headers.authorization ?? ''},
      })
      return answer(response, there.status, await there.json())
    }
    if (request.headers.authorization !== `token ${token}`)
      return answer(response, 401, {message: 'Bad credentials'})
    if (request.method === 'POST') return create(request, response)
    const head = url.searchParams.get('head')?.replace(/^[^:]+:/, '')
    return answer(
      response,
      200,
      pulls.filter(({head: {ref}}) => head === undefined || ref === head),
    )
  })
  return {
    ...server,
    pulls,
    asked,
    refuse: (given) => {
      refused = given
    },
  }
}
