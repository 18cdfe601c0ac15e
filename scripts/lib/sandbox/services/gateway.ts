// Supabase's gateway as a client meets it: sign-in, tables, the vendor's list of backups. Tables are
// read and written on the real PostgreSQL as the signed-in role, so that row security decides.

import {randomUUID} from 'node:crypto'
import type {IncomingMessage, ServerResponse} from 'node:http'
import type {Pool} from 'pg'
import {z} from 'zod'
import type {Environment} from '../../domain/event.ts'
import {parsedJson} from '../../domain/json.ts'
import {databaseUrl, passwordMatches} from '../database.ts'
import type {SandboxState} from '../state.ts'
import {type Claims, readToken, signToken} from '../tokens.ts'
import type {Faults} from './faults.ts'
import {answer, bodyOf} from './http.ts'
import {begin, postgrestError, query} from './tables.ts'

export interface GatewayOptions {
  readonly state: SandboxState
  readonly superuserUrl: string
  readonly now: () => Date
  readonly faults: Faults
}

export interface Gateway {
  /** Answers what stands below `/<ref>`. False where the path is not the gateway's. */
  readonly handle: (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ) => Promise<boolean>
  readonly close: () => Promise<void>
}

export function createGateway(options: GatewayOptions): Gateway {
  const pools = new Map<string, Promise<Pool>>()
  const poolOf = (environment: Environment): Promise<Pool> => {
    const found = pools.get(environment) ?? openPool(options, environment)
    pools.set(environment, found)
    return found
  }
  return {
    handle: async (request, response, url) => {
      const [, first = '', ...rest] = url.pathname.split('/')
      if (first === 'v1') return managed(options, request, response, rest)
      const environment = environmentOf(options.state, first)
      if (environment === null) return false
      if (request.method === 'OPTIONS') answer(response, 204, undefined)
      else
        await new Api(options, environment, poolOf).answer(request, response, rest.join('/'), url)
      return true
    },
    close: async () => {
      for (const pool of pools.values()) await (await pool).end()
    },
  }
}

async function openPool({superuserUrl, state}: GatewayOptions, environment: Environment) {
  const {default: pg} = await import('pg')
  const url = new URL(databaseUrl(superuserUrl, environment))
  url.username = 'authenticator'
  url.password = state.gatewayPassword
  const pool = new pg.Pool({connectionString: url.href, max: 3, allowExitOnIdle: true})
  pool.on('error', () => {})
  return pool
}

const environmentOf = ({environments}: SandboxState, ref: string): Environment | null =>
  (['staging', 'production'] as const).find((name) => environments[name].ref === ref) ?? null

/** The vendor's management API: a backup each night at 01:30. */
function managed(
  {state, now}: GatewayOptions,
  request: IncomingMessage,
  response: ServerResponse,
  path: readonly string[],
): boolean {
  const [, ref = '', ...rest] = path
  if (path[0] !== 'projects' || environmentOf(state, ref) === null) return false
  if (!(request.headers.authorization ?? '').startsWith('Bearer ')) {
    answer(response, 401, {message: 'Unauthorized'})
  } else if (rest.join('/') === 'database/backups') {
    answer(response, 200, backupsOf(now()))
  } else answer(response, 404, {message: 'Not Found'})
  return true
}

/** A week of them. */
export function backupsOf(now: Date) {
  const day = 86_400_000
  const newest = Math.floor((now.getTime() - 90 * 60_000) / day)
  return {
    region: 'sandbox',
    walg_enabled: true,
    pitr_enabled: false,
    backups: Array.from({length: 7}, (_, age) => ({
      is_physical_backup: true,
      status: 'COMPLETED' as const,
      inserted_at: new Date((newest - age) * day + 90 * 60_000).toISOString(),
    })),
    physical_backup_data: {},
  }
}

const credentials = z.object({email: z.string(), password: z.string()})

class Api {
  readonly #options: GatewayOptions
  readonly #environment: Environment
  readonly #pool: (environment: Environment) => Promise<Pool>

  constructor(
    options: GatewayOptions,
    environment: Environment,
    pool: (environment: Environment) => Promise<Pool>,
  ) {
    this.#options = options
    this.#environment = environment
    this.#pool = pool
  }

  async answer(request: IncomingMessage, response: ServerResponse, path: string, url: URL) {
    const key = this.#claims(String(request.headers.apikey ?? url.searchParams.get('apikey') ?? ''))
    if (key === null) {
      return answer(response, 401, {message: 'No API key found in request', hint: 'SANDBOX'})
    }
    if (path === 'auth/v1/health')
      return answer(response, 200, {version: 'SANDBOX', name: 'GoTrue'})
    if (path === 'auth/v1/token') return this.#signIn(request, response, url)
    const table = /^rest\/v1\/(\w+)$/.exec(path)?.[1]
    if (table === undefined) return answer(response, 404, {message: 'Not Found'})
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    const claims = bearer === undefined ? key : this.#claims(bearer)
    if (claims === null)
      return answer(response, 401, {code: 'PGRST301', message: 'JWT expired or invalid'})
    await this.#table({request, response, url, table, claims})
  }

  /** The claims of a token of this project; null for any other. */
  #claims(token: string): Claims | null {
    const {state, now} = this.#options
    const found = readToken(token, state.jwtSecret, now())
    return found?.ref === state.environments[this.#environment].ref ? found : null
  }

  async #signIn(request: IncomingMessage, response: ServerResponse, url: URL) {
    const {faults} = this.#options
    if (faults.name === 'smoke' && faults.newIsLive(this.#environment)) {
      return answer(response, 500, {code: 500, msg: 'SANDBOX: --break smoke'})
    }
    const given = credentials.safeParse(parsedJson(await bodyOf(request)))
    if (url.searchParams.get('grant_type') !== 'password' || !given.success) {
      return answer(response, 400, {error: 'invalid_request'})
    }
    const user = await this.#user(given.data.email)
    if (user === null || !passwordMatches(given.data.password, user.hash)) {
      return answer(response, 400, {
        code: 400,
        error_code: 'invalid_credentials',
        msg: 'Invalid login credentials',
      })
    }
    const {state, now} = this.#options
    const iat = Math.floor(now().getTime() / 1000)
    const {ref} = state.environments[this.#environment]
    const session = {
      sub: user.id,
      role: 'authenticated',
      aud: 'authenticated',
      ref,
      email: given.data.email,
    }
    return answer(response, 200, {
      access_token: signToken({...session, iat, exp: iat + 3600}, state.jwtSecret),
      token_type: 'bearer',
      expires_in: 3600,
      expires_at: iat + 3600,
      refresh_token: randomUUID(),
      user: {id: user.id, aud: 'authenticated', role: 'authenticated', email: given.data.email},
    })
  }

  // The only look past row security: users are the auth service's own.
  async #user(email: string): Promise<{id: string; hash: string} | null> {
    const {withClient} = await import('../database.ts')
    return withClient(
      databaseUrl(this.#options.superuserUrl, this.#environment),
      async (client) => {
        const {rows} = await client.query<{id: string; hash: string}>(
          'select id, encrypted_password as hash from auth.users where email = $1',
          [email],
        )
        return rows[0] ?? null
      },
    )
  }

  async #table(input: {
    request: IncomingMessage
    response: ServerResponse
    url: URL
    table: string
    claims: Claims
  }) {
    const {request, response, url, table, claims} = input
    const body = request.method === 'POST' ? await bodyOf(request) : ''
    const prefer = String(request.headers.prefer ?? '')
    const client = await (await this.#pool(this.#environment)).connect()
    try {
      await begin(client, claims)
      const result = await query(client, {
        method: request.method ?? '',
        url,
        table,
        body,
        prefer,
      })
      // Answered only once it is true: whoever reads the answer may look into the database next.
      await client.query('commit')
      answer(response, result.status, result.rows, result.headers)
    } catch (error) {
      await client.query('rollback').catch(() => {})
      const {status, rows} = postgrestError(error, claims)
      if (response.headersSent) response.destroy()
      else answer(response, status, rows)
    } finally {
      client.release()
    }
  }
}
