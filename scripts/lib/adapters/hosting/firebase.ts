// Firebase Hosting, by its CLI from PATH for what changes and by its REST API for what is live: the
// CLI prints neither the address nor the release it replaced.

import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {z} from 'zod'
import {findProgram} from '../../base/program.ts'
import type {ProjectEnvironment} from '../../domain/project.ts'
import {fail, type Judgement, pass} from '../../domain/verdict.ts'
import {effect} from '../../guard/effect.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Deployment, Hosting} from '../../kit/ports/hosting.ts'
import {settingsOf} from '../settings.ts'
import {ask, variable, variables, vendorRefusal} from './api.ts'
import {mayDeploy} from './firebase-rights.ts'
import {type GoogleAccount, googleAccount} from './google-token.ts'
import {edgeMs} from './propagation.ts'
import {cliMissing, signedOut} from './ready.ts'
import {asAnswer, askCli, type CliAnswer} from './session.ts'
import {jsonObject, readMessage, setStage, sourceFile, stageFolder, writeMessage} from './stage.ts'

const name = z.string().regex(/^[a-z0-9][a-z0-9-]*$/)
const schema = z.strictObject({
  adapter: z.literal('firebase'),
  project: name,
  /** The site, where the project has several. */
  site: name.optional(),
  /** Rewrites and headers are taken from here, at the checkpoint. */
  config: z.string().default('firebase.json'),
})

const passedOn = [
  'GOOGLE_APPLICATION_CREDENTIALS',
  'FIREBASE_TOKEN',
  'FIREBASE_HOSTING_API_URL',
  'FIREBASE_API_URL',
  'FIREBASE_TOKEN_URL',
  'FIREBASE_RESOURCEMANAGER_URL',
]

/** `hosting: {adapter: firebase, project: my-app-staging}`. */
export function firebase(tools: AdapterTools, settings: ProjectEnvironment): Hosting {
  const {project, config, ...given} = settingsOf('hosting', schema, settings.hosting)
  const site = given.site ?? project
  const url = settings.url.replace(/\/+$/, '')
  const stage = stageFolder(tools, 'firebase')
  const $ = tools.$.with({cwd: stage, env: variables(tools, passedOn)})
  return {
    product: 'firebase',
    propagationMs: edgeMs,
    url,
    // What the CLI leaves out of `public`, by its own rules and by those written into the stage below.
    ignored: ['**/.*', '**/firebase-debug.log', '**/firebase-debug.*.log', '.firebase/*'],
    describe: `Firebase Hosting, ${site}`,
    reads: [config],
    ready: () => ready(tools, {project, site}),
    live: () => live(tools, {project, site, url}),
    deploy: (artifact) => [
      effect(
        {
          fr: `préparer les octets prouvés et la configuration de ${config} pour Firebase`,
          en: `lay out the proven bytes and the configuration of ${config} for Firebase`,
        },
        async () => {
          await setStage({...artifact, stage, below: 'public'})
          const own = await sourceFile(artifact.source, config)
          const hosting = own === null ? {} : siteConfig(jsonObject(own, config).hosting, site)
          await writeFile(
            join(stage, 'firebase.json'),
            JSON.stringify({hosting: {...hosting, site, public: 'public', ignore: ['**/.*']}}),
          )
        },
      ),
      $`firebase deploy --only hosting --project ${project} --non-interactive --json -m ${writeMessage(artifact.message, artifact.manifest.digest)}`,
    ],
    restore: (id) => [
      // The CLI looks for a firebase.json upwards from where it stands.
      effect({fr: 'préparer un dossier neutre', en: 'lay out a neutral folder'}, async () => {
        await setStage({
          stage,
          below: 'public',
          folder: stage,
          manifest: {files: [], bytes: 0, digest: ''},
        })
        await writeFile(
          join(stage, 'firebase.json'),
          JSON.stringify({hosting: {site, public: 'public'}}),
        )
      }),
      $`firebase hosting:clone ${site}@${id} ${site}:live --project ${project} --json`,
    ],
    keeps: (id) => keeps(tools, site, id),
    restoreByHand: (id) => `firebase hosting:clone ${site}@${id} ${site}:live --project ${project}`,
  }
}

firebase.sample = {project: 'sample'}
firebase.program = {name: 'firebase', install: 'npm install --global firebase-tools'}

const entrySchema = z.looseObject({site: z.string().optional()})

/** The part of firebase.json for this site, without what would build, link or choose other files. */
function siteConfig(hosting: unknown, site: string): Record<string, unknown> {
  const entries = z.array(entrySchema).safeParse(Array.isArray(hosting) ? hosting : [hosting])
  if (!entries.success) return {}
  const [only] = entries.data
  const entry =
    entries.data.find((one) => one.site === site) ?? (entries.data.length === 1 ? only : undefined)
  const dropped = [
    'site',
    'target',
    'public',
    'ignore',
    'source',
    'predeploy',
    'postdeploy',
    'frameworksBackend',
  ]
  return Object.fromEntries(Object.entries(entry ?? {}).filter(([key]) => !dropped.includes(key)))
}

const channelSchema = z.object({
  release: z
    .object({
      /** SITE_DISABLE: nothing is served, until the next deployment. */
      type: z.string().optional(),
      message: z.string().optional(),
      releaseTime: z.string().optional(),
      version: z.object({name: z.string()}).optional(),
    })
    .optional(),
})

type Channel = z.output<typeof channelSchema>

/** The answer about the channel `live`, as whom it was given, and what the CLI said where it failed. */
interface Answered {
  readonly status: number
  readonly channel: Channel | null
  readonly who: string
  readonly words?: string | undefined
  /** undefined: the CLI answered, for its own session. */
  readonly account?: GoogleAccount
}

async function channelOf(
  tools: AdapterTools,
  {project, site}: {project: string; site: string},
): Promise<Answered> {
  const account = await googleAccount(tools)
  if (account !== null && 'status' in account) return {...account, channel: null, who: ''}
  if (account === null || 'byCli' in account) {
    return bySession(tools, {project, site}, account?.byCli)
  }
  const answer = await ask(tools, `${api(tools)}/v1beta1/sites/${site}/channels/live`, {
    headers: {authorization: `Bearer ${account.token}`},
  })
  const channel = channelSchema.safeParse(answer.json)
  return {
    ...{status: answer.status, channel: channel.success ? channel.data : null},
    ...{who: account.who, account},
  }
}

const accountsSchema = z.object({
  result: z.array(z.object({user: z.object({email: z.string()})})).min(1),
})
const channelsSchema = z.object({
  result: z.object({channels: z.array(channelSchema.extend({name: z.string()}))}),
})

/** Through the CLI: signed in by `firebase login`, by FIREBASE_TOKEN, or as `given` by credentials that it alone can use. */
async function bySession(
  tools: AdapterTools,
  {project, site}: {project: string; site: string},
  given?: string,
): Promise<Answered> {
  const who = given ?? (await signedInAs(tools))
  if (who === undefined && variable(tools, 'FIREBASE_TOKEN') === null) {
    return {status: 401, channel: null, who: ''}
  }
  const words = ['hosting:channel:list', '--site', site, '--project', project, '--json']
  const answer = asAnswer(await askFirebase(tools, words))
  const listed = channelsSchema.safeParse(answer.json)
  const channel = listed.success
    ? (listed.data.result.channels.find(({name}) => name.endsWith('/live')) ?? {})
    : null
  return {status: answer.status, words: answer.words, channel, who: who ?? 'FIREBASE_TOKEN'}
}

async function signedInAs(tools: AdapterTools): Promise<string | undefined> {
  const answer = asAnswer(await askFirebase(tools, ['login:list', '--json']))
  const accounts = accountsSchema.safeParse(answer.json)
  return accounts.success ? accounts.data.result[0]?.user.email : undefined
}

/** The CLI answers only where a firebase.json lies. */
async function askFirebase(tools: AdapterTools, args: readonly string[]): Promise<CliAnswer> {
  const folder = await mkdtemp(join(tmpdir(), 'postgate-firebase-'))
  try {
    await writeFile(join(folder, 'firebase.json'), '{"hosting":{}}')
    return await askCli(tools, {program: 'firebase', args, allow: passedOn, cwd: folder})
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

const versionSchema = z.object({status: z.string()})

/** A version that Firebase removed, or never finished, says so; what a session is not asked counts as kept. */
async function keeps(tools: AdapterTools, site: string, id: string): Promise<boolean> {
  const account = await googleAccount(tools)
  if (account === null || !('token' in account)) return true
  const path = `/v1beta1/sites/${site}/versions/${encodeURIComponent(id)}`
  const answer = await ask(tools, `${api(tools)}${path}`, {
    headers: {authorization: `Bearer ${account.token}`},
  })
  const version = versionSchema.safeParse(answer.json)
  const gone =
    version.success && /^(CREATED|CLONING|DELETED|EXPIRED|ABANDONED)$/.test(version.data.status)
  return answer.status !== 404 && !gone
}

async function live(
  tools: AdapterTools,
  {project, site, url}: {project: string; site: string; url: string},
): Promise<Deployment | null> {
  const {status, channel, words} = await channelOf(tools, {project, site})
  if (status !== 200 || channel === null) throw vendorRefusal('Firebase', {status, words})
  const {release} = channel
  const id = release?.version?.name.split('/').at(-1)
  if (release === undefined || id === undefined || release.type === 'SITE_DISABLE') return null
  return {id, url, ...readMessage(release.message), at: release.releaseTime ?? null}
}

async function ready(
  tools: AdapterTools,
  {project, site}: {project: string; site: string},
): Promise<Judgement> {
  if ((await findProgram('firebase', tools.world.environment)) === null) {
    return cliMissing('firebase', 'npm install --global firebase-tools')
  }
  const {status, channel, who, words, account} = await channelOf(tools, {project, site})
  if (status === 200 && channel !== null) {
    if (account === undefined)
      return pass({
        fr: `${who} → ${site} (session du CLI : le droit de déployer ne s’y lit pas)`,
        en: `${who} → ${site} (a session of the CLI: it does not tell the right to deploy)`,
      })
    const right = await mayDeploy(tools, project, account)
    return right.verdict === 'pass' ? pass(`${who} → ${site}`) : right
  }
  if (status === 404) {
    return fail({fr: `le site ${site} n’existe pas`, en: `the site ${site} does not exist`})
  }
  const next = 'firebase login ; export GOOGLE_APPLICATION_CREDENTIALS=<service-account.json>'
  return signedOut('firebase', next, {status, words})
}

const api = (tools: AdapterTools) =>
  (variable(tools, 'FIREBASE_HOSTING_API_URL') ?? 'https://firebasehosting.googleapis.com').replace(
    /\/+$/,
    '',
  )
