// Netlify, by its CLI from PATH for what changes and by its REST API for what is live: a deploy that
// failed, or that became a draft, shows there and not in an exit code.

import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import {findProgram} from '../../base/program.ts'
import type {ProjectEnvironment} from '../../domain/project.ts'
import {fail, type Judgement, pass} from '../../domain/verdict.ts'
import {effect} from '../../guard/effect.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Deployment, Hosting} from '../../kit/ports/hosting.ts'
import {shellWord} from '../../words/commands.ts'
import {settingsOf} from '../settings.ts'
import {type ApiAnswer, ask, variable, variables, vendorRefusal} from './api.ts'
import {namedByTheOther, otherSettings} from './other-settings.ts'
import {edgeMs} from './propagation.ts'
import {cliMissing, signedOut} from './ready.ts'
import {asAnswer, askCli} from './session.ts'
import {readMessage, setStage, sourceFile, stageFolder, writeMessage} from './stage.ts'
import {switchLimitMs, within} from './switching.ts'

const schema = z.strictObject({
  adapter: z.literal('netlify'),
  /** The site's name: the first part of `<name>.netlify.app`. */
  site: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  /** Its id, which `netlify api` takes; else NETLIFY_SITE_ID, else its address. */
  id: z.string().optional(),
})

const passedOn = ['NETLIFY_AUTH_TOKEN', 'NETLIFY_API_URL']

/** `hosting: {adapter: netlify, site: my-app-staging}`. */
export function netlify(tools: AdapterTools, settings: ProjectEnvironment): Hosting {
  const given = settingsOf('hosting', schema, settings.hosting)
  const site = given.site
  const siteId = given.id ?? variable(tools, 'NETLIFY_SITE_ID') ?? `${site}.netlify.app`
  const url = settings.url.replace(/\/+$/, '')
  const stage = stageFolder(tools, 'netlify')
  const public_ = join(stage, 'public')
  const $ = tools.$.with({cwd: stage, env: variables(tools, passedOn)})
  const data = (id: string) => JSON.stringify({site_id: siteId, deploy_id: id})
  return {
    product: 'netlify',
    propagationMs: edgeMs,
    url,
    describe: `Netlify, ${site}`,
    ignored: ['.*', '**/_redirects', '**/_headers', 'netlify.toml'],
    ready: () => ready(tools, site, siteId),
    live: () => live(tools, siteId, url),
    settled: ({message, manifest}) => settled(tools, siteId, writeMessage(message, manifest)),
    deploy: (artifact) => [
      effect(
        {
          fr: 'préparer les octets prouvés et netlify.toml pour Netlify',
          en: 'lay out the proven bytes and netlify.toml for Netlify',
        },
        async () => {
          await setStage({...artifact, stage, below: 'public'})
          const own = await sourceFile(artifact.source, 'netlify.toml')
          if (own !== null) await writeFile(join(stage, 'netlify.toml'), own)
        },
      ),
      $`netlify deploy --prod --no-build --dir ${public_} --site ${site} --message ${writeMessage(artifact.message, artifact.manifest.digest)} --json`,
    ],
    restore: (id) => [
      effect({fr: 'préparer un dossier neutre', en: 'lay out a neutral folder'}, () =>
        setStage({
          stage,
          below: 'public',
          folder: stage,
          manifest: {files: [], bytes: 0, digest: ''},
        }),
      ),
      $`netlify api restoreSiteDeploy --data ${data(id)}`,
    ],
    keeps: (id) => keeps(tools, siteId, id),
    restoreByHand: (id) => `netlify api restoreSiteDeploy --data ${shellWord(data(id))}`,
  }
}

netlify.sample = {site: 'sample'}
netlify.program = {name: 'netlify', install: 'npm install --global netlify-cli'}

const siteSchema = z.object({
  id: z.string().nullish(),
  /** The first part of its netlify.app address, by which it is deployed to. */
  name: z.string().nullish(),
  /** Set where production takes nothing but what Netlify itself builds from git. */
  prevent_non_git_prod_deploys: z.boolean().nullish(),
  published_deploy: z
    .object({
      id: z.string(),
      title: z.string().nullish(),
      published_at: z.string().nullish(),
      /** Whether somebody stopped publishing: then a deploy to production is refused. */
      locked: z.boolean().nullish(),
    })
    .nullish(),
})

const siteOf = (tools: AdapterTools, siteId: string): Promise<ApiAnswer> =>
  token(tools) === null
    ? session(tools, ['getSite', '--data', JSON.stringify({site_id: siteId})])
    : ask(tools, `${api(tools)}/sites/${encodeURIComponent(siteId)}`, {headers: headers(tools)})

/** A deploy that Netlify removed is not found; what a session is not asked counts as kept. */
async function keeps(tools: AdapterTools, siteId: string, id: string): Promise<boolean> {
  if (token(tools) === null) return true
  const path = `/sites/${encodeURIComponent(siteId)}/deploys/${encodeURIComponent(id)}`
  return (await ask(tools, `${api(tools)}${path}`, {headers: headers(tools)})).status !== 404
}

const userOf = (tools: AdapterTools): Promise<ApiAnswer> =>
  token(tools) === null
    ? session(tools, ['getCurrentUser'])
    : ask(tools, `${api(tools)}/user`, {headers: headers(tools)})

const token = (tools: AdapterTools) => variable(tools, 'NETLIFY_AUTH_TOKEN')

/** Through the CLI, signed in by `netlify login`. */
const session = async (tools: AdapterTools, words: readonly string[]): Promise<ApiAnswer> =>
  asAnswer(await askCli(tools, {program: 'netlify', args: ['api', ...words], allow: passedOn}))

async function live(tools: AdapterTools, siteId: string, url: string): Promise<Deployment | null> {
  const answer = await siteOf(tools, siteId)
  const parsed = siteSchema.safeParse(answer.json)
  if (answer.status !== 200 || !parsed.success) throw vendorRefusal('Netlify', answer)
  const deploy = parsed.data.published_deploy
  if (deploy === null || deploy === undefined) return null
  return {id: deploy.id, url, ...readMessage(deploy.title), at: deploy.published_at ?? null}
}

const deploysSchema = z.array(z.object({title: z.string().nullish(), state: z.string().nullish()}))

/**
 * `state` of a deploy that needs nothing more of its client, and is published when it is `ready`. While it is
 * `uploading` it waits for a client, which is dead. The published schema (@netlify/open-api 2.60.0) names no
 * values; one that is not known counts as settled.
 */
const unfinished: ReadonlySet<string> = new Set([
  ...['uploaded', 'processing', 'processed', 'enqueued', 'building', 'retrying'],
])

const deploysOf = (tools: AdapterTools, siteId: string): Promise<ApiAnswer> =>
  token(tools) === null
    ? session(tools, ['listSiteDeploys', '--data', JSON.stringify({site_id: siteId})])
    : ask(tools, `${api(tools)}/sites/${encodeURIComponent(siteId)}/deploys?per_page=20`, {
        headers: headers(tools),
      })

/** Waits while Netlify processes the newest deploy with this title. False where it still does at the limit. */
function settled(
  tools: AdapterTools,
  siteId: string,
  title: string,
  limitMs = switchLimitMs,
): Promise<boolean> {
  return within({tools, limitMs}, async () => {
    const answer = await deploysOf(tools, siteId)
    const deploys = deploysSchema.safeParse(answer.json)
    if (answer.status !== 200 || !deploys.success) throw vendorRefusal('Netlify', answer)
    const state = deploys.data.find((deploy) => deploy.title === title)?.state
    return state == null || !unfinished.has(state)
  })
}

const userSchema = z.object({email: z.string().nullish(), full_name: z.string().nullish()})

async function ready(tools: AdapterTools, name: string, siteId: string): Promise<Judgement> {
  if ((await findProgram('netlify', tools.world.environment)) === null) {
    return cliMissing('netlify', 'npm install --global netlify-cli')
  }
  const next = 'netlify login ; export NETLIFY_AUTH_TOKEN=<token>'
  const user = await userOf(tools)
  if (user.status !== 200) return signedOut('netlify', next, user)
  const answer = await siteOf(tools, siteId)
  if (answer.status === 404) {
    return fail({fr: `le site ${siteId} n’existe pas`, en: `the site ${siteId} does not exist`})
  }
  const site = siteSchema.safeParse(answer.json)
  if (answer.status !== 200 || !site.success) return signedOut('netlify', next, answer)
  const refused = another(name, siteId, site.data) ?? meets(tools, site.data) ?? refuses(site.data)
  if (refused !== null) return refused
  const who = userSchema.safeParse(user.json)
  const person = who.success ? (who.data.email ?? who.data.full_name) : null
  return pass(`${person ?? 'Netlify'} → ${siteId}`)
}

type Site = z.output<typeof siteSchema>

/** A deployment goes to the name, a rollback to the id: they have to be one site. */
function another(name: string, siteId: string, site: Site): Judgement | null {
  if (site.name == null || site.name === name) return null
  return fail(
    {
      fr: `${siteId} est le site ${site.name}, et non ${name}`,
      en: `${siteId} is the site ${site.name}, not ${name}`,
    },
    {
      next: {
        fr: `dans postgate.yaml, site: ${site.name}, ou l’id de ${name} (aussi NETLIFY_SITE_ID)`,
        en: `in postgate.yaml, site: ${site.name}, or the id of ${name} (NETLIFY_SITE_ID, too)`,
      },
    },
  )
}

function meets(tools: AdapterTools, {id, name}: Site): Judgement | null {
  const other = otherSettings(tools)?.hosting
  if (other?.adapter !== 'netlify') return null
  return namedByTheOther(
    [id, name],
    [other.site, other.id ?? tools.otherEnv?.get('NETLIFY_SITE_ID')],
  )
}

/** What would keep a deploy to production from being published. */
function refuses(site: Site): Judgement | null {
  if (site.prevent_non_git_prod_deploys === true) {
    return fail(
      {
        fr: 'ce site n’accepte en production que ce que Netlify construit depuis git',
        en: 'this site takes to production only what Netlify builds from git',
      },
      {
        next: {
          fr: 'lever ce réglage dans Netlify : Project configuration, Build & deploy',
          en: 'turn that setting off in Netlify: Project configuration, Build & deploy',
        },
      },
    )
  }
  const deploy = site.published_deploy
  if (deploy?.locked !== true) return null
  return fail(
    {
      fr: 'la publication est verrouillée : un nouveau déploiement ne serait pas mis en ligne',
      en: 'publishing is locked: a new deploy would not go live',
    },
    {next: `netlify api unlockDeploy --data ${shellWord(JSON.stringify({deploy_id: deploy.id}))}`},
  )
}

const headers = (tools: AdapterTools) => ({
  authorization: `Bearer ${variable(tools, 'NETLIFY_AUTH_TOKEN') ?? ''}`,
})

// The CLI takes the address without `/api/v1`; so do we.
const api = (tools: AdapterTools) =>
  `${(variable(tools, 'NETLIFY_API_URL') ?? 'https://api.netlify.com').replace(/\/+$/, '').replace(/\/api\/v1$/, '')}/api/v1`
