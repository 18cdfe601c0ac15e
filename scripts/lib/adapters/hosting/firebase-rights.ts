// Whether an account may deploy, asked of Google before anything starts: firebase-tools asks the same, does not
// stop where the answer is no, and fails at the upload, when STAGING has been reset.

import {z} from 'zod'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import {ask, variable} from './api.ts'
import type {GoogleAccount} from './google-token.ts'

/** What `firebase deploy --only hosting` and `firebase hosting:clone` need. */
const permissions = ['firebase.projects.get', 'firebasehosting.sites.update']

/** Absent where the account has none of those that were asked. */
const answerSchema = z.object({permissions: z.array(z.string()).default([])})
const errorSchema = z.object({error: z.object({message: z.string()})})

/** Cloud Resource Manager, `projects.testIamPermissions`: no permission is needed to ask it. */
export async function mayDeploy(
  tools: AdapterTools,
  project: string,
  {who, member, token}: GoogleAccount,
): Promise<Judgement> {
  const origin =
    variable(tools, 'FIREBASE_RESOURCEMANAGER_URL') ?? 'https://cloudresourcemanager.googleapis.com'
  const path = `/v1/projects/${project}:testIamPermissions`
  const {status, json} = await ask(tools, `${origin.replace(/\/+$/, '')}${path}`, {
    method: 'POST',
    headers: {authorization: `Bearer ${token}`, 'content-type': 'application/json'},
    body: JSON.stringify({permissions}),
  })
  const answer = answerSchema.safeParse(json)
  if (status !== 200 || !answer.success) {
    const error = errorSchema.safeParse(json)
    const words = error.success ? `, ${error.data.error.message}` : ''
    return unknown(
      {
        fr: `les droits de ${who} sur ${project} ne se lisent pas (HTTP ${status}${words})`,
        en: `the rights of ${who} on ${project} cannot be read (HTTP ${status}${words})`,
      },
      {
        next: {
          fr: `vérifier le nom du projet, et que l’API répond : gcloud services enable cloudresourcemanager.googleapis.com --project ${project}`,
          en: `check the project’s name, and let the API answer: gcloud services enable cloudresourcemanager.googleapis.com --project ${project}`,
        },
      },
    )
  }
  const missing = permissions.filter((each) => !answer.data.permissions.includes(each))
  if (missing.length === 0) return pass(who)
  return fail(
    {
      fr: `${who} ne peut pas déployer sur ${project} : il manque ${missing.join(', ')}`,
      en: `${who} may not deploy to ${project}: ${missing.join(', ')} missing`,
    },
    {
      next: `gcloud projects add-iam-policy-binding ${project} --member ${member} --role roles/firebasehosting.admin`,
    },
  )
}
