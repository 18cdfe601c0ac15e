// Vercel, by its CLI from PATH for what changes and by its REST API for what the address really
// points at: `vercel rollback` without an id changes nothing and still exits 0. After a rollback Vercel
// assigns its domains to no later deployment until one is promoted.

import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import {problem} from '../../domain/problem.ts'
import type {ProjectEnvironment} from '../../domain/project.ts'
import {effect} from '../../guard/effect.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Deployment, Hosting} from '../../kit/ports/hosting.ts'
import {shellWord} from '../../words/commands.ts'
import {settingsOf} from '../settings.ts'
import {variable, variables} from './api.ts'
import {edgeMs} from './propagation.ts'
import {readMessage, setStage, stageFolder, writeMessage} from './stage.ts'
import {aliasOf, deploymentOf, latestDeployments, passedOn} from './vercel-api.ts'
import {beforeDeploy, goLive, type Switch, settled, untilLive} from './vercel-live.ts'
import {ready} from './vercel-ready.ts'

const schema = z.strictObject({
  adapter: z.literal('vercel'),
  /** Whether an unknown path answers with index.html. */
  spa: z.boolean().default(true),
  /** Routes of the Build Output API, in place of what `spa` writes. */
  routes: z.array(z.record(z.string(), z.unknown())).optional(),
})

/** `hosting: {adapter: vercel}`; which project is said by VERCEL_ORG_ID and VERCEL_PROJECT_ID. */
export function vercel(tools: AdapterTools, settings: ProjectEnvironment): Hosting {
  const given = settingsOf('hosting', schema, settings.hosting)
  const url = settings.url.replace(/\/+$/, '')
  const host = new URL(url).host
  const stage = stageFolder(tools, 'vercel')
  const $ = tools.$.with({cwd: stage, env: variables(tools, passedOn)})
  const place: Switch = {
    tools,
    host,
    liveId: async () => (await aliasOf(tools, host))?.deploymentId ?? null,
  }
  // `vercel deploy` finds the team in VERCEL_ORG_ID, `vercel rollback` and `promote` do not.
  const scope = variable(tools, 'VERCEL_ORG_ID') ?? 'team'
  const promote = (id: string) => $`vercel promote ${id} --yes --timeout 3m --scope ${scope}`
  const neutral = effect({fr: 'préparer un dossier neutre', en: 'lay out a neutral folder'}, () =>
    setStage({stage, below: 'public', folder: stage, manifest: {files: [], bytes: 0, digest: ''}}),
  )
  const switched = (id: string) =>
    effect({fr: `attendre que ${host} bascule`, en: `wait until ${host} has switched`}, () =>
      untilLive(place, id),
    )
  return {
    product: 'vercel',
    propagationMs: edgeMs,
    url,
    withholds: true,
    describe: `Vercel, ${host}`,
    ready: () => ready(tools, host),
    live: () => live(tools, host, url),
    settled: ({message, manifest}) => settled(place, writeMessage(message, manifest)),
    deploy: (artifact) => {
      const label = writeMessage(artifact.message, artifact.manifest.digest)
      let before: Awaited<ReturnType<typeof beforeDeploy>> | undefined
      return [
        effect(
          {
            fr: 'préparer les octets prouvés au format prébâti de Vercel',
            en: 'lay out the proven bytes as a prebuilt output for Vercel',
          },
          async () => {
            before = await beforeDeploy(place)
            await setStage({...artifact, stage, below: join('.vercel', 'output', 'static')})
            await writeFile(
              join(stage, '.vercel', 'output', 'config.json'),
              JSON.stringify({version: 3, routes: given.routes ?? routes(given.spa)}),
            )
          },
        ),
        $`vercel deploy --prebuilt --prod --yes --meta ${`postgate=${label}`}`,
        effect({
          fr: `attendre que ${host} bascule ; après un retour arrière, promouvoir le déploiement (vercel promote)`,
          en: `wait until ${host} has switched; after a rollback, promote the deployment (vercel promote)`,
        }, async () => {
          if (before !== undefined) await goLive(place, {before, label, promote})
        }, [promote('id')]),
      ]
    },
    restore: (id) => {
      assertId(id)
      return [neutral, $`vercel rollback ${id} --yes --timeout 3m --scope ${scope}`, switched(id)]
    },
    // A second rollback would leave the project rolled back: the next release would not go live.
    returnTo: (id) => {
      assertId(id)
      return [neutral, promote(id), switched(id)]
    },
    keeps: (id) => keeps(tools, host, id),
    restoreByHand: (id) =>
      `vercel rollback ${shellWord(id)} --yes --timeout 3m --scope ${shellWord(scope)}`,
  }
}

vercel.sample = {}
vercel.program = {name: 'vercel', install: 'npm install --global vercel'}

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

async function live(tools: AdapterTools, host: string, url: string): Promise<Deployment | null> {
  const alias = await aliasOf(tools, host)
  const id = alias?.deploymentId ?? null
  if (alias === null || id === null) return null
  const updatedAt = alias.updatedAt ?? null
  const at = updatedAt === null ? null : new Date(updatedAt).toISOString()
  return {id, url, ...readMessage(await messageOf(tools, id)), at}
}

/** What the deployment was labelled with; null where it carries no label, or nobody answers. */
async function messageOf(tools: AdapterTools, id: string): Promise<string | null> {
  try {
    return (await deploymentOf(tools, id))?.meta?.postgate ?? null
  } catch {
    tools.signal.throwIfAborted()
    return null
  }
}

/** A deployment that is gone, or that the plan does not let roll back to, is deployed again instead. */
async function keeps(tools: AdapterTools, host: string, id: string): Promise<boolean> {
  const deployment = await deploymentOf(tools, id)
  if (deployment === null || deployment.softDeletedByRetention === true) return false
  if ((await aliasOf(tools, host))?.deploymentId === id) return true
  const listed = (await latestDeployments(tools))?.find(({uid}) => uid === id)
  return listed?.isRollbackCandidate !== false
}
