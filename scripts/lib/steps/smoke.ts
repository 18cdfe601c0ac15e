// The application tried as an ordinary user: sign-in, routes, modules, and a trace in the audit table.
// Neither the account nor its token is ever recorded.

import {z} from 'zod'
import type {Fact} from '../domain/facts.ts'
import {inLang} from '../domain/text.ts'
import {fail, type Judgement, pass, unknown, worst} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import type {AskedOf, Step} from '../kit/definition.ts'
import type {EnvFile} from '../policy/env-file.ts'
import {withoutDatabase} from '../proofs/database.ts'
import {counted, shortList, words} from '../words/observed.ts'
import {type SmokePage, visitByHttp} from './pages.ts'
import {request} from './request.ts'

/** The smoke tests, in the order in which every environment is tried. */
export const smokeSteps: readonly Step[] = [
  {id: 'smoke-sign-in', mayAsk: 'anybody', asks: (asked) => noSignIn(asked), read: signIn},
  {
    id: 'smoke-routes',
    mayAsk: 'anybody',
    asks: (asked) => noRoutes(asked) || unseen(asked),
    read: routes,
  },
  {
    id: 'smoke-modules',
    mayAsk: 'anybody',
    asks: (asked) => noModules(asked) || (unseen(asked) && hasModules(asked)),
    read: modules,
  },
  // Tried again it leaves one row more.
  {
    ...{id: 'smoke-audit-log', mayAsk: 'anybody', momentary: true},
    asks: (asked) => noAudit(asked),
    read: auditLog,
  },
]

/** Step `smoke-sign-in`: the test account opens a session. */
export async function signIn(context: Context): Promise<Judgement> {
  const session = await openSession(context)
  const judgement =
    'verdict' in session
      ? session
      : pass({fr: 'session ouverte par le compte de test', en: 'the test account opened a session'})
  return remember(context, [{title: 'Connexion', judgement}], judgement)
}

/** Step `smoke-routes`: each main route shows its content. */
export async function routes(context: Context): Promise<Judgement> {
  const pages = context.settings().smoke.routes
  return noRoutes({settings: context.settings()})
    ? nothingToTry
    : judged(context, await visit(context, pages))
}

/** Step `smoke-modules`: each critical module opens, and each table that it needs answers the user. */
export async function modules(context: Context): Promise<Judgement> {
  const {modules: pages, tables} = context.settings().smoke
  if (noModules({settings: context.settings()})) return nothingToTry
  const seen = pages.length === 0 ? [] : await visit(context, pages)
  const read = tables.length === 0 ? [] : await readTables(context, tables)
  return judged(context, [...seen, ...read])
}

/** Where nothing is named a person tries, whatever the machine could see. */
const noRoutes = ({settings}: Pick<AskedOf, 'settings'>): boolean =>
  (settings?.smoke.routes.length ?? 0) === 0
const noModules = ({settings}: Pick<AskedOf, 'settings'>): boolean =>
  (settings?.smoke.modules.length ?? 0) + (settings?.smoke.tables.length ?? 0) === 0
/** A Flutter page that no browser of this project's may look at. */
const unseen = ({settings}: AskedOf): boolean =>
  settings?.smoke.flutter === true && settings.smoke.browser === 'off'
const hasModules = ({settings}: AskedOf): boolean => (settings?.smoke.modules.length ?? 0) > 0
/** Without a database as well, one declaration says why there is nobody to sign in. */
const noSignIn = ({settings, project}: AskedOf): boolean =>
  settings?.smoke.auth === undefined && project.database !== undefined
const noAudit = ({settings, project}: AskedOf): boolean =>
  settings?.smoke.audit === undefined && project.database !== undefined

const nothingToTry: Judgement = unknown(
  {
    fr: 'rien n’est configuré sous smoke dans postgate.yaml',
    en: 'nothing is configured under smoke in postgate.yaml',
  },
  {
    attestable: {},
    next: {
      fr: 'une personne essaie et dit ce qu’elle a vu, ou complétez postgate.yaml',
      en: 'a person tries and says what they saw, or complete postgate.yaml',
    },
  },
)

interface Tried {
  readonly title: string
  readonly judgement: Judgement
  /** A path under the cache folder. */
  readonly screenshot?: string
}

async function visit(context: Context, pages: readonly SmokePage[]): Promise<readonly Tried[]> {
  const {flutter, browser} = context.settings().smoke
  if (browser !== 'off') {
    const {visitByBrowser, findBrowser} = await import('./browser.ts')
    const program = await findBrowser(context.world.environment)
    if (program !== null) return visitByBrowser(context, {program, pages, flutter})
  }
  // A Flutter page is the same few bytes on every route: without a browser nothing was seen.
  if (flutter) return pages.map(({title}) => ({title, judgement: noBrowser}))
  return visitByHttp(context, pages)
}

const noBrowser = unknown(
  {
    fr: 'aucun navigateur (Chromium) pour voir cette page Flutter',
    en: 'no browser (Chromium) to see this Flutter page',
  },
  {
    attestable: {},
    next: {
      fr: 'installez Chromium (apt-get install chromium), ou une personne parcourt ces pages',
      en: 'install Chromium (apt-get install chromium), or a person walks through these pages',
    },
  },
)

/** One judgement of all that was tried: what is wrong is named; a person can stand in only where nothing failed. */
function judged(context: Context, tried: readonly Tried[]): Judgement {
  const wrong = tried.filter(({judgement}) => judgement.verdict !== 'pass')
  if (wrong.length === 0) {
    const titles = tried.map(({title}) => title).join(', ')
    return remember(
      context,
      tried,
      pass(
        words`${counted(tried.length, ['essai réussi', 'essais réussis'], ['try passed', 'tries passed'])} : ${titles}`,
      ),
    )
  }
  const next = wrong.find(({judgement}) => judgement.next !== undefined)?.judgement.next
  const attestable = wrong.every(({judgement}) => judgement.attestable !== undefined)
  return remember(context, tried, {
    verdict: worst(tried.map(({judgement}) => judgement.verdict)),
    observed: shortList(
      wrong.map(({title, judgement}) => words`${title} : ${judgement.observed}`),
      3,
    ),
    ...(next === undefined ? {} : {next}),
    ...(attestable ? {attestable: {}} : {}),
  })
}

/** The judgement with what was tried added to the run's smoke facts; the last try of a title counts. */
function remember(context: Context, tried: readonly Tried[], judgement: Judgement): Judgement {
  const now: Fact<'smoke'>['checks'] = tried.map((one) => ({
    title: one.title,
    verdict: one.judgement.verdict,
    observed: inLang(one.judgement.observed, 'fr'),
    ...(one.screenshot === undefined ? {} : {screenshot: one.screenshot}),
  }))
  const before = (context.fact('smoke')?.checks ?? []).filter(
    ({title}) => !now.some((one) => one.title === title),
  )
  return {...judgement, facts: {...judgement.facts, smoke: {checks: [...before, ...now]}}}
}

interface Session {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly user: string | null
}

const sessionSchema = z.object({
  access_token: z.string().min(1),
  user: z.object({id: z.string()}).optional(),
})

/** Signs the test user in; a judgement where that is not possible. */
async function openSession(context: Context): Promise<Session | Judgement> {
  const auth = context.settings().smoke.auth
  if (auth === undefined) return withoutDatabase(context) ?? nothingToTry
  const env = await context.env(context.environment ?? 'staging')
  const given = valuesOf(env, auth)
  if ('missing' in given) {
    return fail(
      words`${given.missing.join(', ')} ${{fr: 'sans valeur dans', en: 'without a value in'}} ${env.path}`,
    )
  }
  const url = given.url.replace(/\/+$/, '')
  const answer = await request(context, `${url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: {apikey: given.key, 'content-type': 'application/json'},
    body: JSON.stringify({email: given.user, password: given.password}),
  })
  if ('verdict' in answer) return answer
  if (answer.status !== 200)
    return fail({fr: `refusée (HTTP ${answer.status})`, en: `refused (HTTP ${answer.status})`})
  const session = sessionSchema.safeParse(answer.json)
  if (!session.success) return fail({fr: 'réponse sans session', en: 'an answer without a session'})
  return {
    url,
    headers: {apikey: given.key, authorization: `Bearer ${session.data.access_token}`},
    user: session.data.user?.id ?? null,
  }
}

type AuthKeys = {url: string; key: string; user: string; password: string}

function valuesOf(env: EnvFile, keys: AuthKeys): AuthKeys | {missing: readonly string[]} {
  const [url, key, user, password] = [keys.url, keys.key, keys.user, keys.password].map(env.get)
  return url && key && user && password
    ? {url, key, user, password}
    : {missing: Object.values(keys).filter((name) => env.get(name) === undefined)}
}

async function readTables(context: Context, tables: readonly string[]): Promise<readonly Tried[]> {
  const session = await openSession(context)
  if ('verdict' in session) return tables.map((title) => ({title, judgement: session}))
  const tried: Tried[] = []
  for (const table of tables) {
    const path = `/rest/v1/${encodeURIComponent(table)}?select=*&limit=1`
    const answer = await request(context, `${session.url}${path}`, {headers: session.headers})
    const judgement =
      'verdict' in answer
        ? answer
        : answer.status < 300
          ? pass({fr: 'lue par l’utilisateur d’essai', en: 'read by the test user'})
          : fail(`HTTP ${answer.status}`)
    tried.push({title: table, judgement})
  }
  return tried
}

/** Step `smoke-audit-log`: an action of the test user leaves a row in the audit table. */
export async function auditLog(context: Context): Promise<Judgement> {
  const audit = context.settings().smoke.audit
  if (audit === undefined) return withoutDatabase(context) ?? nothingToTry
  const session = await openSession(context)
  if ('verdict' in session) return session
  const count = counter(context, session, audit.table)
  const before = await count()
  if (typeof before !== 'number') return before
  // Cut off between the row and the step's outcome: the row is there, and no second one is written.
  const noted = context.fact('audit-log')
  if (noted?.table === audit.table && noted.after > noted.before && noted.after === before)
    return told(context, noted)
  const answer = await request(
    context,
    `${session.url}/rest/v1/${encodeURIComponent(audit.table)}`,
    {
      method: 'POST',
      headers: {...session.headers, 'content-type': 'application/json', prefer: 'return=minimal'},
      body: JSON.stringify(filled(audit.insert, session.user)),
    },
  )
  if ('verdict' in answer) return answer
  if (answer.status >= 300) {
    return fail({
      fr: `${audit.table} refuse l’écriture de l’utilisateur (HTTP ${answer.status})`,
      en: `${audit.table} refuses the user’s row (HTTP ${answer.status})`,
    })
  }
  const after = await count()
  if (typeof after !== 'number') return after
  return told(context, {table: audit.table, before, after})
}

function told(context: Context, found: Fact<'audit-log'>): Judgement {
  const {table, before, after} = found
  const observed = words`${table} : ${before} → ${after}`
  const facts = {'audit-log': found}
  const judgement = after > before ? pass(observed, {facts}) : fail(observed, {facts})
  return remember(context, [{title: table, judgement}], judgement)
}

/** Counts rows through the read-only database session where there is one, else as the user. */
function counter(context: Context, session: Session, table: string) {
  return async (): Promise<number | Judgement> => {
    if (context.project.database !== undefined) {
      try {
        return await (await context.adapters.database()).countRows(table)
      } catch (error) {
        context.signal.throwIfAborted()
        return unknown({
          fr: `${table} ne se compte pas : ${error instanceof Error ? error.message : ''}`,
          en: `${table} cannot be counted: ${error instanceof Error ? error.message : ''}`,
        })
      }
    }
    const answer = await request(
      context,
      `${session.url}/rest/v1/${encodeURIComponent(table)}?select=*&limit=1`,
      {headers: {...session.headers, prefer: 'count=exact'}},
    )
    if ('verdict' in answer) return answer
    const total = /\/(\d+)$/.exec(answer.range ?? '')?.[1]
    return total === undefined
      ? unknown({
          fr: `${table} ne dit pas son nombre de lignes`,
          en: `${table} does not say how many rows it has`,
        })
      : Number(total)
  }
}

/** `{user}` in a value stands for the signed-in user's id. */
function filled(insert: Readonly<Record<string, unknown>>, user: string | null) {
  return Object.fromEntries(
    Object.entries(insert).map(([key, value]) => [key, value === '{user}' ? user : value]),
  )
}
