// Vercel, by its CLI from PATH for what changes and by its REST API for what the address really
// points at: `vercel rollback` without an id changes nothing and still exits 0.

import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import {findProgram} from '../../base/program.ts'
import {problem} from '../../domain/problem.ts'
import type {ProjectEnvironment} from '../../domain/project.ts'
import {fail, type Judgement, pass} from '../../domain/verdict.ts'
import {effect} from '../../guard/effect.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Deployment, Hosting} from '../../kit/ports/hosting.ts'
import {type ApiAnswer, ask, refusal, variable, variables} from './api.ts'
import {shellWord} from './by-hand.ts'
import {missingProgram, signedOut} from './ready.ts'
import {asAnswer, askCli} from './session.ts'
import {hostingSettings} from './settings.ts'
import {readMessage, setStage, stageFolder, writeMessage} from './stage.ts'

const schema = z.strictObject({
  adapter: z.literal('vercel'),
  /** Whether an unknown path answers with index.html. */
  spa: z.boolean().default(true),
  /** Routes of the Build Output API, in place of what `spa` writes. */
  routes: z.array(z.record(z.string(), z.unknown())).optional(),
})

const needed = ['VERCEL_ORG_ID', 'VERCEL_PROJECT_ID'] as const
const passedOn = ['VERCEL_TOKEN', ...needed, 'VERCEL_API_URL']
const switchMs = 120_000

/** `hosting: {adapter: vercel}`; which project is said by VERCEL_ORG_ID and VERCEL_PROJECT_ID. */
export function vercel(tools: AdapterTools, settings: ProjectEnvironment): Hosting {
  const given = hostingSettings(schema, settings.hosting)
  const url = settings.url.replace(/\/+$/, '')
  const host = new URL(url).host
  const stage = stageFolder(tools, 'vercel')
  const $ = tools.$.with({cwd: stage, env: variables(tools, passedOn)})
  const liveNow = () => live(tools, host, url)
  // `vercel deploy` finds the team in VERCEL_ORG_ID, `vercel rollback` does not.
  const scope = variable(tools, 'VERCEL_ORG_ID') ?? 'team'
  return {
    product: 'vercel',
    url,
    describe: `Vercel, ${host}`,
    ready: () => ready(tools, host),
    live: liveNow,
    deploy: (artifact) => {
      let before: string | null = null
      return [
        effect(
          {
            fr: 'préparer les octets prouvés au format prébâti de Vercel',
            en: 'lay out the proven bytes as a prebuilt output for Vercel',
          },
          async () => {
            before = (await liveNow())?.id ?? null
            await setStage({...artifact, stage, below: join('.vercel', 'output', 'static')})
            await writeFile(
              join(stage, '.vercel', 'output', 'config.json'),
              JSON.stringify({version: 3, routes: given.routes ?? routes(given.spa)}),
            )
          },
        ),
        $`vercel deploy --prebuilt --prod --yes --meta ${`postgate=${writeMessage(artifact.message, artifact.manifest)}`}`,
        effect({fr: `attendre que ${host} bascule`, en: `wait until ${host} has switched`}, () =>
          switched(tools, liveNow, before),
        ),
      ]
    },
    restore: (id) => {
      assertId(id)
      return [
        effect({fr: 'préparer un dossier neutre', en: 'lay out a neutral folder'}, () =>
          setStage({
            stage,
            below: 'public',
            folder: stage,
            manifest: {files: [], bytes: 0, digest: ''},
          }),
        ),
        $`vercel rollback ${id} --yes --timeout 3m --scope ${scope}`,
      ]
    },
    keeps: async (id) =>
      (await look(tools, `/v13/deployments/${encodeURIComponent(id)}`)).status !== 404,
    restoreByHand: (id) =>
      `vercel rollback ${shellWord(id)} --yes --timeout 3m --scope ${shellWord(scope)}`,
  }
}

const routes = (spa: boolean) => [
  {handle: 'filesystem'},
  ...(spa ? [{src: '/.*', dest: '/index.html'}] : []),
]

/** An empty id would print a status and exit 0: nothing rolled back, and nobody told. */
function assertId(id: string): void {
  if (/^[A-Za-z0-9][\w.-]*$/.test(id)) return
  throw problem({
    what: {
      fr: 'Vercel demande l’identifiant du déploiement à remettre en ligne.',
      en: 'Vercel needs the id of the deployment to return to.',
    },
    exit: 3,
  })
}

/** The address is switched shortly after the CLI ends: asking too early would look like no effect. */
async function switched(
  tools: AdapterTools,
  live: () => Promise<Deployment | null>,
  before: string | null,
): Promise<void> {
  const end = performance.now() + switchMs
  while (((await live())?.id ?? null) === before && performance.now() < end) {
    tools.signal.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

const aliasSchema = z.object({
  deploymentId: z.string().nullish(),
  updatedAt: z.number().nullish(),
})

/** By the token, else through the CLI, signed in by `vercel login`. */
async function look(tools: AdapterTools, path: string, inTeam = true): Promise<ApiAnswer> {
  const token = variable(tools, 'VERCEL_TOKEN')
  if (token !== null) {
    return ask(tools, `${api(tools)}${path}${inTeam ? team(tools) : ''}`, {
      headers: {authorization: `Bearer ${token}`},
    })
  }
  const scope = inTeam ? ['--scope', variable(tools, 'VERCEL_ORG_ID') ?? ''] : []
  const args = ['api', path, '--raw', ...scope]
  return asAnswer(await askCli(tools, {program: 'vercel', args, allow: passedOn}))
}

async function live(tools: AdapterTools, host: string, url: string): Promise<Deployment | null> {
  const answer = await look(tools, `/v4/aliases/${encodeURIComponent(host)}`)
  if (answer.status === 404) return null
  const alias = aliasSchema.safeParse(answer.json)
  if (answer.status !== 200 || !alias.success) throw refusal('Vercel', answer.status)
  const {deploymentId: id, updatedAt} = alias.data
  if (id === null || id === undefined) return null
  const at =
    updatedAt === null || updatedAt === undefined ? null : new Date(updatedAt).toISOString()
  return {id, url, ...readMessage(await messageOf(tools, id)), at}
}

const deploymentSchema = z.object({meta: z.object({postgate: z.string()}).partial().nullish()})

/** What the deployment was labelled with; null where it carries no label, or nobody answers. */
async function messageOf(tools: AdapterTools, id: string): Promise<string | null> {
  const answer = await look(tools, `/v13/deployments/${encodeURIComponent(id)}`)
  const found = deploymentSchema.safeParse(answer.json)
  return answer.status === 200 && found.success ? (found.data.meta?.postgate ?? null) : null
}

const userSchema = z.object({user: z.object({username: z.string()})})

async function ready(tools: AdapterTools, host: string): Promise<Judgement> {
  if ((await findProgram('vercel', tools.world.environment)) === null) {
    return missingProgram('vercel', 'npm install --global vercel')
  }
  // With one of the two ids alone the CLI asks, or deploys into another project.
  const missing = needed.filter((name) => variable(tools, name) === null)
  if (missing.length > 0) {
    const exports = missing.map((name) => `${name}=<…>`).join(' ')
    return signedOut(`vercel (${missing.join(', ')})`, `export ${exports}`)
  }
  const next = 'vercel login ; export VERCEL_TOKEN=<…>'
  const user = await look(tools, '/v2/user', false)
  const who = userSchema.safeParse(user.json)
  if (user.status !== 200 || !who.success) return signedOut('vercel', next, user.status)
  const project = variable(tools, 'VERCEL_PROJECT_ID') ?? ''
  const found = await look(tools, `/v9/projects/${encodeURIComponent(project)}`)
  if (found.status !== 200) {
    return fail({
      fr: `le projet ${project} ne répond pas à ${who.data.user.username} (HTTP ${found.status})`,
      en: `the project ${project} does not answer ${who.data.user.username} (HTTP ${found.status})`,
    })
  }
  return pass(`${who.data.user.username} → ${host}`)
}

/** A personal account is named by its user id, which the API does not take as a team. */
function team(tools: AdapterTools): string {
  const id = variable(tools, 'VERCEL_ORG_ID') ?? ''
  return id.startsWith('team_') ? `?teamId=${encodeURIComponent(id)}` : ''
}

const api = (tools: AdapterTools) =>
  (variable(tools, 'VERCEL_API_URL') ?? 'https://api.vercel.com').replace(/\/+$/, '')
