// PROD's own backup, as Supabase's Management API tells of it: the newest complete one, and its age.

import {z} from 'zod'
import {httpAnswer} from '../../base/http-answer.ts'
import type {Text} from '../../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'

const answerSchema = z.object({
  pitr_enabled: z.boolean().optional(),
  backups: z
    .array(z.object({id: z.unknown().optional(), status: z.string(), inserted_at: z.string()}))
    .default([]),
  physical_backup_data: z
    .object({latest_physical_backup_date_unix: z.number().optional()})
    .nullish(),
})

/** Never throws: without token, network or a known answer it is unknown, and a person may attest it. */
export async function vendorBackup(input: {
  readonly fetch: typeof globalThis.fetch
  readonly base: string
  readonly token: string | undefined
  readonly ref: string
  readonly now: Date
  readonly maxAgeMs: number
  readonly signal?: AbortSignal
}): Promise<Judgement> {
  if (input.token === undefined || input.token === '') {
    return unsure({
      fr: 'SUPABASE_ACCESS_TOKEN n’est pas défini',
      en: 'SUPABASE_ACCESS_TOKEN is not set',
    })
  }
  let body: unknown
  try {
    const address = `${input.base}/v1/projects/${input.ref}/database/backups`
    const response = await httpAnswer(input.fetch, address, {
      headers: {authorization: `Bearer ${input.token}`, accept: 'application/json'},
      timeoutMs: 15_000,
      ...(input.signal !== undefined && {signal: input.signal}),
    })
    if (!response.ok)
      return unsure({
        fr: `l’API répond ${response.status}`,
        en: `the API answers ${response.status}`,
      })
    body = JSON.parse(response.text)
  } catch {
    return unsure({fr: 'l’API ne répond pas', en: 'the API does not answer'})
  }
  const parsed = answerSchema.safeParse(body)
  if (!parsed.success)
    return unsure({fr: 'réponse inconnue de l’API', en: 'unknown answer of the API'})
  const {backups, physical_backup_data: physical, pitr_enabled: continuous} = parsed.data
  const times = [
    ...backups
      .filter(({status}) => status === 'COMPLETED')
      .map((backup) => Date.parse(backup.inserted_at)),
    ...(physical?.latest_physical_backup_date_unix === undefined
      ? []
      : [physical.latest_physical_backup_date_unix * 1000]),
  ].filter((time) => Number.isFinite(time))
  if (times.length === 0) {
    return fail(
      {fr: 'aucune sauvegarde complète', en: 'no complete backup'},
      {
        next: {
          fr: 'activer les sauvegardes du projet PROD',
          en: 'enable backups of the PROD project',
        },
      },
    )
  }
  const newest = Math.max(...times)
  const hours = Math.round((input.now.getTime() - newest) / 360_000) / 10
  const at = new Date(newest).toISOString().slice(0, 16).replace('T', ' ')
  const observed: Text = {
    fr: `sauvegarde du ${at} UTC, il y a ${String(hours).replace('.', ',')} h${continuous ? ', restauration continue active' : ''}`,
    en: `backup of ${at} UTC, ${hours} h ago${continuous ? ', point-in-time recovery on' : ''}`,
  }
  // A date in the future says that one of two clocks is wrong.
  if (newest > input.now.getTime() + 300_000) return unsure(observed)
  if (input.now.getTime() - newest <= input.maxAgeMs) return pass(observed)
  return fail(observed, {next: {fr: 'lancer une sauvegarde de PROD', en: 'start a backup of PROD'}})
}

const unsure = (observed: Text): Judgement =>
  unknown(observed, {
    attestable: {},
    next: {
      fr: 'regarder la page des sauvegardes du projet et attester ce qu’elle montre',
      en: 'look at the backups page of the project and attest what it shows',
    },
  })
