// What a Flutter client and the smoke tests meet of Supabase: `/<ref>/auth/v1` and `/<ref>/rest/v1`, with a key
// and an account for each project. A row that is posted is written into the project's own database.

import {type LoopbackServer, loopbackServer} from '../helpers/server.ts'

export interface SupabaseProject {
  readonly ref: string
  readonly database: string
}

export interface Gateway extends LoopbackServer {
  readonly key: (ref: string) => string
  readonly user: string
  readonly password: string
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const keyOf = (ref: string) =>
  `${part({alg: 'HS256', typ: 'JWT'})}.${part({iss: 'supabase', ref, role: 'anon', iat: 1, exp: 4_102_444_800})}.c2lnbmF0dXJl`

export async function supabaseGateway(
  projects: readonly SupabaseProject[],
  query: (database: string, sql: string) => Promise<unknown>,
): Promise<Gateway> {
  const user = 'essais@caisse.example.org'
  const password = 'mot-de-passe-des-essais'
  const server = await loopbackServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://loopback')
    const [, ref = '', api = '', , what = ''] = url.pathname.split('/')
    const project = projects.find((each) => each.ref === ref)
    const answer = (status: number, body?: unknown) => {
      response.writeHead(status, {'content-type': 'application/json'})
      response.end(body === undefined ? '' : JSON.stringify(body))
    }
    if (project === undefined) return answer(404, {message: 'Not Found'})
    if (request.headers.apikey !== keyOf(ref)) return answer(401, {message: 'Invalid API key'})
    const sent = await text(request)
    if (api === 'auth' && what === 'health') return answer(200, {name: 'GoTrue'})
    if (api === 'auth' && what === 'token') {
      const given = JSON.parse(sent)
      const known = given.email === user && given.password === password
      return known
        ? answer(200, {access_token: `session-${ref}`, user: {id: 'ada'}})
        : answer(400, {error_code: 'invalid_credentials'})
    }
    if (request.headers.authorization !== `Bearer session-${ref}`) return answer(401, {})
    if (api !== 'rest' || !/^\w+$/.test(what)) return answer(404, {})
    if (request.method !== 'POST') return answer(200, [])
    const row: Record<string, unknown> = JSON.parse(sent)
    const names = Object.keys(row).join(', ')
    const values = Object.values(row).map((value) => `'${String(value).replaceAll("'", "''")}'`)
    try {
      await query(
        project.database,
        `insert into public.${what} (${names}) values (${values.join(', ')})`,
      )
      answer(201)
    } catch (error) {
      answer(400, {message: String(error)})
    }
  })
  return {...server, key: keyOf, user, password}
}

async function text(request: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
