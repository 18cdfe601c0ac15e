// GitHub's API through Octokit, loaded when it is first asked. What does not answer, or not in the shape
// expected, is a `Problem` (3): what was asked is then unknown.

import type {z} from 'zod'
import {boundedFetch} from '../../base/http-answer.ts'
import {Problem, problem} from '../../domain/problem.ts'

export interface GithubApi {
  readonly hasToken: boolean
  readonly get: <S extends z.ZodType>(
    path: string,
    schema: S,
    query?: Readonly<Record<string, string | number>>,
  ) => Promise<z.output<S>>
  /** null where GitHub has nothing against the question but will not do it again (422: it exists already). */
  readonly post: <S extends z.ZodType>(
    path: string,
    schema: S,
    body: Readonly<Record<string, string | boolean>>,
  ) => Promise<z.output<S> | null>
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
      request: {fetch: boundedFetch(fetch, {timeoutMs: silenceMs}), signal},
      log: {debug: quiet, info: quiet, warn: quiet, error: quiet},
    })
  }
  let opened: ReturnType<typeof open> | undefined
  const request = async (route: string, parameters: object): Promise<unknown> => {
    opened ??= open()
    const octokit = await opened
    return (await octokit.request(route, {...parameters})).data
  }
  const read = <S extends z.ZodType>(path: string, schema: S, data: unknown): z.output<S> => {
    const parsed = schema.safeParse(data)
    if (parsed.success) return parsed.data
    throw silent(new Error(`${path}: ${parsed.error.issues[0]?.path.join('.')} ?`), hasToken)
  }
  return {
    hasToken,
    async get(path, schema, query = {}) {
      const data = await request(`GET ${path}`, query).catch((error: unknown) => {
        throw silent(error, hasToken)
      })
      return read(path, schema, data)
    },
    async post(path, schema, body) {
      try {
        return read(path, schema, await request(`POST ${path}`, body))
      } catch (error) {
        if (error instanceof Problem) throw error
        if (statusOf(error) === 422) return null
        throw silent(error, hasToken)
      }
    },
  }
}

const statusOf = (error: unknown): unknown =>
  error instanceof Error && 'status' in error ? error.status : undefined

function quiet() {}

function silent(error: unknown, hasToken: boolean) {
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  return problem({
    what: {fr: 'GitHub n’a pas répondu à la question.', en: 'GitHub did not answer the question.'},
    why: hasToken ? message : {fr: `${message} ; sans jeton`, en: `${message}; without a token`},
    next: {
      fr: 'donner dans GITHUB_TOKEN un jeton qui en a le droit, ou répondre après avoir ouvert la page',
      en: 'give a token that may do it in GITHUB_TOKEN, or answer after opening the page',
    },
    exit: 3,
  })
}
