// What every host has behind its API: deployments with ids, one of them live. Each vendor's own file
// says how its CLI puts them there.

export interface Stored {
  /** Base64 by path. */
  readonly files: Readonly<Record<string, string>>
  readonly message: string
}

export interface Store {
  readonly get: (id: string) => Stored | undefined
  readonly live: () => string | null
  /** A new deployment with the next id, not yet live; null where the host is out of order. */
  readonly add: (stored: Stored) => string | null
  /** False where there is none with this id. */
  readonly release: (id: string) => boolean
}

/** Ids are `<stem>1dep`, `<stem>2dep`, ... */
export function createStore(stem: string): Store {
  const all = new Map<string, Stored>()
  let live: string | null = null
  return {
    get: (id) => all.get(id),
    live: () => live,
    add: (stored) => {
      const id = `${stem}${all.size + 1}dep`
      all.set(id, stored)
      return id
    },
    release: (id) => {
      if (!all.has(id)) return false
      live = id
      return true
    },
  }
}

export interface ApiRequest {
  readonly method: string
  /** Without the query, percent-encoding kept. */
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Buffer
  readonly header: (name: string) => string
}

export interface ApiAnswer {
  readonly status: number
  readonly body: unknown
}

/** null: this API does not know the path. */
export type VendorApi = (request: ApiRequest) => ApiAnswer | null

export interface Vendor {
  readonly answer: VendorApi
  /** What happens when a deployment to production is there; false where it is refused. */
  readonly deployed: (id: string) => boolean
  /** Told of a version that was there before. */
  readonly born?: () => void
}

export const ok = (body: unknown): ApiAnswer => ({status: 200, body})
/** What a host answers that is out of order. */
export const unavailable: ApiAnswer = {
  status: 503,
  body: {error: {code: 503, message: 'try later'}},
}

export const missing = (body: unknown = {error: {code: 404, message: 'not found'}}): ApiAnswer => ({
  status: 404,
  body,
})

/** The first route whose method and path fit; its groups go to the handler. */
export function routes(
  table: readonly (readonly [
    RegExp,
    (match: readonly string[], request: ApiRequest) => ApiAnswer | null,
  ])[],
): VendorApi {
  return (request) => {
    for (const [pattern, handle] of table) {
      const match = pattern.exec(`${request.method} ${request.path}`)
      if (match !== null) return handle(match.slice(1), request)
    }
    return null
  }
}

/** The fields of a JSON body; empty where it is none. */
export function fields({body}: ApiRequest): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return typeof value === 'object' && value !== null ? {...value} : {}
  } catch {
    return {}
  }
}

/** The values of a JSON object that are strings. */
export const strings = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typeof value === 'object' && value !== null ? value : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )
