// Reads from GitHub's API through Octokit, loaded when it is first asked. What does not answer, or not in
// the shape expected, is a `Problem` (3): the CI's state is then unknown.

import type {z} from 'zod'
import {problem} from '../../domain/problem.ts'
import {timeLimit} from '../../engine/time-limit.ts'

export interface GithubApi {
  readonly hasToken: boolean
  readonly get: <S extends z.ZodType>(
    path: string,
    schema: S,
    query?: Readonly<Record<string, string | number>>,
  ) => Promise<z.output<S>>
}

interface Options {
  readonly fetch: typeof globalThis.fetch
  readonly token: string | undefined
  readonly baseUrl?: string
  readonly signal: AbortSignal
}

const silenceMs = 20_000

export function githubApi({fetch, token, baseUrl, signal}: Options): GithubApi {
  const hasToken = token !== undefined && token !== ''
  const open = async () => {
    const {Octokit} = await import('@octokit/core')
    return new Octokit({
      userAgent: 'postgate',
      ...(hasToken && {auth: token}),
      ...(baseUrl !== undefined && {baseUrl: baseUrl.replace(/\/+$/, '')}),
      request: {fetch},
      log: {debug: quiet, info: quiet, warn: quiet, error: quiet},
    })
  }
  let opened: ReturnType<typeof open> | undefined
  return {
    hasToken,
    async get(path, schema, query = {}) {
      opened ??= open()
      const octokit = await opened
      let data: unknown
      try {
        const limit = timeLimit(silenceMs, signal)
        data = (await octokit.request(`GET ${path}`, {...query, request: {signal: limit}})).data
      } catch (error) {
        throw silent(error, hasToken)
      }
      const parsed = schema.safeParse(data)
      if (parsed.success) return parsed.data
      throw silent(new Error(`${path}: ${parsed.error.issues[0]?.path.join('.')} ?`), hasToken)
    },
  }
}

function quiet() {}

function silent(error: unknown, hasToken: boolean) {
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  return problem({
    what: {fr: 'GitHub n’a pas répondu à la question.', en: 'GitHub did not answer the question.'},
    why: hasToken ? message : {fr: `${message} ; sans jeton`, en: `${message}; without a token`},
    next: {
      fr: 'donner un jeton en lecture dans GITHUB_TOKEN, ou répondre après avoir ouvert la page',
      en: 'give a read token in GITHUB_TOKEN, or answer after opening the page',
    },
    exit: 3,
  })
}
