// What the sandbox's people answer when nobody is at the terminal: one answer for each attested item of
// the runbooks as the bundle ships them. An item that somebody adds has none, and so it blocks.

import {stringify} from 'yaml'
import {director, pca, qaLead, releaseManager, type SandboxPerson} from './people.ts'

interface Answer {
  readonly by: SandboxPerson
  readonly observed: string | ((now: Date) => string)
}

const says = (by: SandboxPerson, observed: Answer['observed']): Answer => ({by, observed})

/** By the item's title, in the order of the runbooks. */
export const answers: Readonly<Record<string, Answer>> = {
  'Autorisation explicite': says(
    releaseManager,
    'accord donné en réunion de mise en production du jour (SANDBOX)',
  ),
  'Validation métier': says(
    qaLead,
    'parcours commande, préparation et réception déroulés par trois utilisateurs, sans écart (SANDBOX)',
  ),
  'Aucun incident vu sur STAGING': says(
    qaLead,
    'aucun incident : canal des testeurs et journaux de STAGING relus (SANDBOX)',
  ),
  'Fenêtre de maintenance': says(pca, (now) => windowAround(now)),
  'Utilisateurs notifiés': says(pca, 'courriel aux 42 utilisateurs, la veille à 16:00 (SANDBOX)'),
  "Logs d'erreur à 30 minutes": says(
    qaLead,
    'aucune erreur nouvelle dans les journaux du client et de l’API (SANDBOX)',
  ),
  'Alertes utilisateurs à 30 minutes': says(
    qaLead,
    'aucune alerte : support et canal d’exploitation (SANDBOX)',
  ),
  "Logs d'erreur à 2 heures": says(qaLead, 'comme à 30 minutes, aucune erreur nouvelle (SANDBOX)'),
  'Alertes utilisateurs à 2 heures': says(qaLead, 'aucune alerte ouverte (SANDBOX)'),
  'Décision sur les données': says(
    director,
    'non : la version n’a modifié ni le schéma ni les données (SANDBOX)',
  ),
  'Décision de freeze': says(
    releaseManager,
    'décidé avec le PCA : pas de déploiement cette semaine (SANDBOX)',
  ),
  'Raison documentée': says(
    releaseManager,
    'inventaire annuel : le dépôt ne peut pas changer de version avant sa clôture (SANDBOX)',
  ),
  Périmètre: says(releaseManager, 'tout le code ; exception : correctifs de sécurité (SANDBOX)'),
  Responsable: says(releaseManager, 'Claire Moreau, Release Manager (SANDBOX)'),
  'Déploiement prévu': says(releaseManager, (now) => `A, ${day(now, 11)}`),
  'Date de revue': says(releaseManager, (now) => day(now, 7)),
  'Critères de sortie examinés': says(
    releaseManager,
    'inventaire clos hier, nightly verte, code inchangé : les trois critères tiennent (SANDBOX)',
  ),
  'Sortie décidée': says(pca, 'sortie décidée au point release de ce matin (SANDBOX)'),
  'Critères de sortie': says(
    releaseManager,
    'inventaire clos, nightly verte, code inchangé (SANDBOX)',
  ),
}

/** The answers file of the sandbox at `now`, for the gate's tag. */
export function answersFile(tag: string, now: Date): string {
  const given = Object.entries(answers).map(([title, {by, observed}]) => [
    title,
    {
      by: {role: by.role, name: by.name},
      answer: 'yes',
      observed: typeof observed === 'string' ? observed : observed(now),
    },
  ])
  const content = {
    tag,
    date: now.toISOString(),
    operator: {role: releaseManager.role, name: releaseManager.name},
    answers: Object.fromEntries(given),
    // By phase, else by environment: PRODUCTION's build is confirmed by its name, its deployment by the tag.
    confirmations: {staging: 'STAGING', build: 'PRODUCTION', production: tag},
  }
  const head =
    '# SANDBOX : les réponses des personnes du bac à sable, pour un lancement sans personne.\n'
  return (
    head +
    stringify(content, {
      defaultKeyType: 'PLAIN',
      defaultStringType: 'QUOTE_DOUBLE',
      lineWidth: 0,
    })
  )
}

/** From the present hour on, for six hours: time enough to watch and to go back. */
function windowAround(now: Date): string {
  const from = Math.floor(now.getTime() / 3_600_000) * 3_600_000
  const minute = (ms: number) => `${new Date(ms).toISOString().slice(0, 16)}Z`
  return `${minute(from)}/${minute(from + 6 * 3_600_000)}`
}

const day = (now: Date, later: number) =>
  new Date(now.getTime() + later * 86_400_000).toISOString().slice(0, 10)
