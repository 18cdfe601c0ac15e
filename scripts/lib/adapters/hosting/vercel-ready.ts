// Whether Vercel would take a deployment and serve it to everybody, found before anything starts.

import {z} from 'zod'
import {findProgram} from '../../base/program.ts'
import type {Text} from '../../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import {variable} from './api.ts'
import {namedByTheOther, otherSettings} from './other-settings.ts'
import {cliMissing, signedOut} from './ready.ts'
import {
  aliasOf,
  askVercel,
  deploymentOf,
  isRolledBack,
  needed,
  projectOf,
  type VercelProject,
} from './vercel-api.ts'

const userSchema = z.object({user: z.object({username: z.string()})})

export async function ready(tools: AdapterTools, host: string): Promise<Judgement> {
  if ((await findProgram('vercel', tools.world.environment)) === null) {
    return cliMissing('vercel', 'npm install --global vercel')
  }
  // With one of the two ids alone the CLI asks, or deploys into another project.
  const missing = needed.filter((name) => variable(tools, name) === null)
  if (missing.length > 0) {
    const exports = missing.map((name) => `${name}=<…>`).join(' ')
    return signedOut(`vercel (${missing.join(', ')})`, `export ${exports}`)
  }
  const next = 'vercel login ; export VERCEL_TOKEN=<…>'
  const user = await askVercel(tools, '/v2/user', false)
  const who = userSchema.safeParse(user.json)
  if (user.status !== 200 || !who.success) return signedOut('vercel', next, user)
  const {username} = who.data.user
  const {project, status} = await projectOf(tools)
  if (project === null) {
    const id = variable(tools, 'VERCEL_PROJECT_ID') ?? ''
    return fail({
      fr: `le projet ${id} ne répond pas à ${username} (HTTP ${status})`,
      en: `the project ${id} does not answer ${username} (HTTP ${status})`,
    })
  }
  const refused = meets(tools, project) ?? refuses(tools, project)
  if (refused !== null) return refused
  return judgedByAddress(tools, host, {project, username})
}

function meets(tools: AdapterTools, {id, name}: VercelProject): Judgement | null {
  return otherSettings(tools)?.hosting.adapter === 'vercel'
    ? namedByTheOther([id, name], [tools.otherEnv?.get('VERCEL_PROJECT_ID')])
    : null
}

/** What would keep a deployment from everybody, or from being served at all. */
function refuses(tools: AdapterTools, project: VercelProject): Judgement | null {
  const place = `--project ${variable(tools, 'VERCEL_PROJECT_ID')} --scope ${variable(tools, 'VERCEL_ORG_ID')}`
  if (project.paused === true) {
    return fail(
      {
        fr: 'le projet est en pause : rien n’y est servi',
        en: 'the project is paused: it serves nothing',
      },
      {next: {fr: 'le reprendre dans la console de Vercel', en: 'resume it in Vercel’s dashboard'}},
    )
  }
  if ((project.rollingRelease ?? null) !== null) {
    return fail(
      {
        fr: 'Rolling Releases actif : une partie des visiteurs garderait l’ancienne version, les octets servis ne prouveraient rien',
        en: 'Rolling Releases is on: some visitors would keep the old version, the bytes served would prove nothing',
      },
      {next: `vercel rolling-release configure --disable ${place}`},
    )
  }
  const job = project.lastAliasRequest?.jobStatus
  if (job === 'pending' || job === 'in-progress') {
    return unknown(
      {
        fr: `une bascule est en cours chez Vercel (${project.lastAliasRequest?.type ?? '—'})`,
        en: `Vercel is switching right now (${project.lastAliasRequest?.type ?? '—'})`,
      },
      {next: 'vercel promote status'},
    )
  }
  return null
}

async function judgedByAddress(
  tools: AdapterTools,
  host: string,
  {project, username}: {project: VercelProject; username: string},
): Promise<Judgement> {
  const alias = await aliasOf(tools, host)
  if (alias?.projectId != null && project.id != null && alias.projectId !== project.id) {
    return fail(
      {
        fr: `${host} est l’adresse d’un autre projet (${alias.projectId}), et non de ${project.name ?? project.id}`,
        en: `${host} is the address of another project (${alias.projectId}), not of ${project.name ?? project.id}`,
      },
      {
        next: {
          fr: 'corriger url dans postgate.yaml, ou VERCEL_PROJECT_ID dans le fichier d’environnement',
          en: 'correct url in postgate.yaml, or VERCEL_PROJECT_ID in the env file',
        },
      },
    )
  }
  if (alias?.redirect) {
    return fail(
      {
        fr: `${host} renvoie vers ${alias.redirect} : aucun déploiement n’y est servi`,
        en: `${host} redirects to ${alias.redirect}: no deployment is served there`,
      },
      {
        next: {
          fr: `écrire l’adresse ${alias.redirect} comme url dans postgate.yaml`,
          en: `write the address ${alias.redirect} as url in postgate.yaml`,
        },
      },
    )
  }
  const id = alias?.deploymentId ?? null
  const live = id === null ? null : await deploymentOf(tools, id)
  if (live?.readySubstate === 'ROLLING') {
    return unknown(
      {fr: 'une mise en ligne progressive est en cours', en: 'a rolling release is under way'},
      {next: 'vercel rolling-release fetch'},
    )
  }
  const notes = [
    ...(isRolledBack(project) ? [staysStaged] : []),
    ...(live?.plan === 'hobby' ? [oneStep] : []),
  ]
  const said = (lang: 'fr' | 'en') =>
    [`${username} → ${host}`, ...notes.map((note) => note[lang])].join(' ; ')
  return pass({fr: said('fr'), en: said('en').replaceAll(' ; ', '; ')})
}

const staysStaged: Exclude<Text, string> = {
  fr: 'projet revenu en arrière, ou domaines non attribués d’eux-mêmes : le déploiement sera promu',
  en: 'project rolled back, or domains not assigned by themselves: the deployment will be promoted',
}

const oneStep: Exclude<Text, string> = {
  fr: 'plan Hobby : retour d’un seul déploiement ; au-delà, les octets gardés sont redéployés',
  en: 'Hobby plan: back by one deployment only; beyond it the kept bytes are deployed again',
}
