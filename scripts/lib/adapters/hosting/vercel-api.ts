// What Vercel's REST API says about a project, its addresses and its deployments: asked with the token,
// else through the CLI that a person signed in with. Nothing here changes anything.

import {z} from 'zod'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import {type ApiAnswer, ask, variable, vendorRefusal} from './api.ts'
import {asAnswer, askCli} from './session.ts'

export const needed = ['VERCEL_ORG_ID', 'VERCEL_PROJECT_ID'] as const
export const passedOn = ['VERCEL_TOKEN', ...needed, 'VERCEL_API_URL']

/** By the token, else through the CLI, signed in by `vercel login`. */
export async function askVercel(
  tools: AdapterTools,
  path: string,
  inTeam = true,
): Promise<ApiAnswer> {
  const token = variable(tools, 'VERCEL_TOKEN')
  if (token !== null) {
    return ask(tools, `${api(tools)}${path}${inTeam ? team(tools, path) : ''}`, {
      headers: {authorization: `Bearer ${token}`},
    })
  }
  const scope = inTeam ? ['--scope', variable(tools, 'VERCEL_ORG_ID') ?? ''] : []
  const args = ['api', path, '--raw', ...scope]
  return asAnswer(await askCli(tools, {program: 'vercel', args, allow: passedOn}))
}

const aliasSchema = z.object({
  projectId: z.string().nullish(),
  deploymentId: z.string().nullish(),
  updatedAt: z.number().nullish(),
  /** Where the address sends its visitors instead of serving a deployment. */
  redirect: z.string().nullish(),
})

/** The alias of an address of the project; null where Vercel knows none. */
export async function aliasOf(tools: AdapterTools, host: string) {
  const answer = await askVercel(tools, `/v4/aliases/${encodeURIComponent(host)}`)
  if (answer.status === 404) return null
  const alias = aliasSchema.safeParse(answer.json)
  if (answer.status !== 200 || !alias.success) throw vendorRefusal('Vercel', answer)
  return alias.data
}

const deploymentSchema = z.object({
  meta: z.object({postgate: z.string()}).partial().nullish(),
  readyState: z.string().nullish(),
  readySubstate: z.string().nullish(),
  errorMessage: z.string().nullish(),
  aliasError: z.object({message: z.string().nullish()}).nullish(),
  plan: z.string().nullish(),
  softDeletedByRetention: z.boolean().nullish(),
})

export type VercelDeployment = z.output<typeof deploymentSchema>

/** A deployment by its id; null where it is gone. Throws a `Problem` (3) where Vercel does not say. */
export async function deploymentOf(
  tools: AdapterTools,
  id: string,
): Promise<VercelDeployment | null> {
  const answer = await askVercel(tools, `/v13/deployments/${encodeURIComponent(id)}`)
  if (answer.status === 404 || answer.status === 410) return null
  const found = deploymentSchema.safeParse(answer.json)
  if (answer.status !== 200 || !found.success) throw vendorRefusal('Vercel', answer)
  return found.data
}

const listedSchema = z.object({
  deployments: z.array(
    z.object({
      uid: z.string(),
      meta: z.object({postgate: z.string()}).partial().nullish(),
      isRollbackCandidate: z.boolean().nullish(),
    }),
  ),
})

export type ListedDeployment = z.output<typeof listedSchema>['deployments'][number]

/** The project's latest deployments to production, newest first, live or not; null where nobody says. */
export async function latestDeployments(
  tools: AdapterTools,
): Promise<readonly ListedDeployment[] | null> {
  const query = new URLSearchParams({
    projectId: variable(tools, 'VERCEL_PROJECT_ID') ?? '',
    target: 'production',
    limit: '100',
  })
  const answer = await askVercel(tools, `/v7/deployments?${query}`)
  const listed = listedSchema.safeParse(answer.json)
  return answer.status === 200 && listed.success ? listed.data.deployments : null
}

const projectSchema = z.object({
  /** VERCEL_PROJECT_ID takes either. */
  id: z.string().nullish(),
  name: z.string().nullish(),
  /** False from a rollback on until a deployment is promoted, or where a team turned it off. */
  autoAssignCustomDomains: z.boolean().nullish(),
  /** Set while a rollback is under way; it may be null again afterwards. */
  lastRollbackTarget: z.looseObject({}).nullish(),
  lastAliasRequest: z
    .object({jobStatus: z.string().nullish(), type: z.string().nullish()})
    .nullish(),
  rollingRelease: z.looseObject({}).nullish(),
  paused: z.boolean().nullish(),
})

export type VercelProject = z.output<typeof projectSchema>

/** The project that VERCEL_PROJECT_ID names, or the status with which Vercel refused to say. */
export async function projectOf(
  tools: AdapterTools,
): Promise<{project: VercelProject; status: 200} | {project: null; status: number}> {
  const id = variable(tools, 'VERCEL_PROJECT_ID') ?? ''
  const answer = await askVercel(tools, `/v9/projects/${encodeURIComponent(id)}`)
  const found = projectSchema.safeParse(answer.json)
  if (answer.status !== 200) return {project: null, status: answer.status}
  return found.success ? {project: found.data, status: 200} : {project: null, status: 0}
}

/** Whether a later deployment stays without the project's domains until it is promoted. */
export const isRolledBack = (project: VercelProject): boolean =>
  project.autoAssignCustomDomains === false || (project.lastRollbackTarget ?? null) !== null

/** A personal account is named by its user id, which the API does not take as a team. */
function team(tools: AdapterTools, path: string): string {
  const id = variable(tools, 'VERCEL_ORG_ID') ?? ''
  if (!id.startsWith('team_')) return ''
  return `${path.includes('?') ? '&' : '?'}teamId=${encodeURIComponent(id)}`
}

const api = (tools: AdapterTools) =>
  (variable(tools, 'VERCEL_API_URL') ?? 'https://api.vercel.com').replace(/\/+$/, '')
