// The bundle's commands, in the order in which a release needs them: what `postgate --help` lists.

import type {Lang, Text} from '../domain/text.ts'

export const commandList = {
  init: {
    fr: 'préparer un projet ; --check : ce qui manque encore sur cette machine',
    en: 'set a project up; --check: what this machine still lacks',
  },
  lint: {
    fr: 'vérifier runbooks, modèles et scripts',
    en: 'check runbooks, templates and scripts',
  },
  snapshot: {
    fr: 'prendre le schéma de PROD, en lecture seule',
    en: 'take PROD’s shape, read-only',
  },
  gate: {
    fr: 'ouvrir le Release Gate, dire ce qui en tient',
    en: 'open the Release Gate, say what of it holds',
  },
  d1_one_shot: {
    fr: 'la validation en une fois, pour la CI',
    en: 'the one-shot validation, for CI',
  },
  decide: {
    fr: 'lequel des trois scénarios peut partir, et qui décide',
    en: 'which of the three scenarios may run, and who decides',
  },
  staging: {
    fr: 'scénario A : déploiement STAGING contrôlé',
    en: 'scenario A: a controlled STAGING deployment',
  },
  approve: {fr: 'signer une approbation', en: 'sign an approval'},
  production: {
    fr: 'scénario B : déploiement PRODUCTION contrôlé',
    en: 'scenario B: a controlled PRODUCTION deployment',
  },
  freeze: {
    fr: 'scénario C : gel de la release et backlog',
    en: 'scenario C: a freeze of the release, with its backlog',
  },
  incident: {fr: 'déclarer un incident', en: 'declare an incident'},
  status: {fr: 'où en est le projet', en: 'where the project stands'},
  audit: {fr: 'vérifier ce qui fut enregistré', en: 'verify what was recorded'},
} as const satisfies Readonly<Record<string, Text>>

const told = {
  fr: {
    head: 'Postgate : ce qui vient après un Release Gate',
    use: 'COMMANDE [...]',
    rest: 'COMMANDE --help montre ses options ; --lang en parle anglais ; --version dit la version ; completion bash|zsh|fish s’ajoute au shell.',
  },
  en: {
    head: 'Postgate: what comes after a Release Gate',
    use: 'COMMAND [...]',
    rest: 'COMMAND --help shows its flags; --lang fr speaks French; --version says the version; completion bash|zsh|fish is for the shell.',
  },
} as const

/** `call`: what starts a command from here. */
export function overview(call: string, lang: Lang): string {
  const {head, use, rest} = told[lang]
  const lines = Object.entries(commandList).map(
    ([name, summary]) => `  ${name.padEnd(12)} ${summary[lang]}`,
  )
  return `${head}\n\n  ${call} ${use}\n\n${lines.join('\n')}\n\n  ${rest}\n`
}
