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
  /** Every page of a list. Throws a `Problem` (3) where GitHub counts more than it gave, or there are more than `pagesMost`. */
  readonly all: <S extends z.ZodType, T>(
    path: string,
    page: GithubPages<S, T>,
    query?: Readonly<Record<string, string | number>>,
  ) => Promise<readonly T[]>
  /** null where GitHub has nothing against the question but will not do it again (422: it exists already). */
  readonly post: <S extends z.ZodType>(
    path: string,
    schema: S,
    body: Readonly<Record<string, string | boolean>>,
  ) => Promise<z.output<S> | null>
}

export interface GithubPages<S extends z.ZodType, T> {
  readonly schema: S
  readonly items: (data: z.output<S>) => readonly T[]
  /** How many there are on all pages, where the answer says so. */
  readonly total?: (data: z.output<S>) => number | undefined
  readonly pagesMost: number
}

const perPage = 100

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
  const request = async (route: string, parameters: object) => {
    opened ??= open()
    const octokit = await opened
    const {data, headers} = await octokit.request(route, {...parameters})
    return {data: asUnknown(data), link: headers.link}
  }
  const read = <S extends z.ZodType>(path: string, schema: S, data: unknown): z.output<S> => {
    const parsed = schema.safeParse(data)
    if (parsed.success) return parsed.data
    throw silent(new Error(`${path}: ${parsed.error.issues[0]?.path.join('.')} ?`), hasToken)
  }
  const ask = (path: string, query: Readonly<Record<string, string | number>>) =>
    request(`GET ${path}`, query).catch((error: unknown) => {
      throw silent(error, hasToken)
    })
  return {
    hasToken,
    get: async (path, schema, query = {}) => read(path, schema, (await ask(path, query)).data),
    async all<S extends z.ZodType, T>(
      path: string,
      {schema, items, total, pagesMost}: GithubPages<S, T>,
      query: Readonly<Record<string, string | number>> = {},
    ) {
      const found: T[] = []
      for (let page = 1; page <= pagesMost; page += 1) {
        const {data, link} = await ask(path, {...query, per_page: perPage, page})
        const answer = read(path, schema, data)
        const here = items(answer)
        found.push(...here)
        const missing = (total?.(answer) ?? 0) - found.length
        // A page can be short though others follow; where nothing is said of them, a full one is not the last.
        const follows = link === undefined ? here.length >= perPage : /rel="?next\b/.test(link)
        if (here.length > 0 && (follows || missing > 0)) continue
        if (missing > 0) throw silent(new Error(`${path}: ${missing} ?`), hasToken)
        return found
      }
      throw tooMany(path, pagesMost * perPage)
    },
    async post(path, schema, body) {
      try {
        return read(path, schema, (await request(`POST ${path}`, body)).data)
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

const asUnknown = (data: unknown): unknown => data

const tooMany = (path: string, most: number) =>
  problem({
    what: {
      fr: `GitHub en donne plus de ${most}, ce qui ne se lit pas en entier : ${path}.`,
      en: `GitHub gives more than ${most}, too many to read them all: ${path}.`,
    },
    exit: 3,
  })

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
