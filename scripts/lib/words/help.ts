// The help of the three scenarios. By itself, so that `--help` loads nothing else.

import type {Text} from '../domain/text.ts'
import {breakNames} from './break-names.ts'
import {wrapped} from './wrap.ts'

const title: Readonly<Record<string, Text>> = {
  staging: {
    fr: 'Scénario A : déploiement STAGING contrôlé',
    en: 'Scenario A: a controlled STAGING deployment',
  },
  production: {
    fr: 'Scénario B : déploiement PRODUCTION contrôlé',
    en: 'Scenario B: a controlled PRODUCTION deployment',
  },
  freeze: {
    fr: 'Scénario C : gel de la release et backlog',
    en: 'Scenario C: a freeze of the release, with its backlog',
  },
}

const flags = {
  fr: `
  La même commande commence l’exécution, la reprend, et dit ce qu’elle attend.

  --plan               tout vérifier en lecture seule et montrer ce qui se passerait ; n’écrit rien
  --answers-template   un fichier de réponses à remplir, tiré du plan
  --answers FICHIER    réponses et confirmations en YAML, pour une exécution sans personne
  --gate FICHIER       la Release Gate, quand il y en a plusieurs
  --project DOSSIER    le projet ; sinon le dossier le plus proche qui contient postgate.yaml
  --status             où en est l’exécution, et ce qu’elle attend
  --abort RAISON       arrêter ; après un déploiement, revenir à la version précédente
  --rollback RAISON    revenir à la version précédente, maintenant ; « drill » pour un exercice
  --take-over RAISON   reprendre ici l’exécution d’une autre machine
  --json               la même chose pour une machine
  --lang fr|en         langue du terminal
  --sandbox            sur un projet d’essai complet, dans .sandbox/
  --help, --version    cette aide ; la version
`,
  en: `
  The same command starts the run, resumes it, and says what it waits for.

  --plan               check everything read-only and show what would happen; writes nothing
  --answers-template   an answers file to fill in, made from the plan
  --answers FILE       answers and confirmations in YAML, for a run without anybody
  --gate FILE          the Release Gate, where there are several
  --project DIR        the project; else the nearest folder that holds postgate.yaml
  --status             how far the run is, and what it waits for
  --abort WHY          stop; after a deployment, go back to the previous version
  --rollback WHY       go back to the previous version, now; “drill” for a rehearsal
  --take-over WHY      go on here with another machine’s run
  --json               the same for a machine
  --lang fr|en         language of the terminal
  --sandbox            on a complete project of its own, in .sandbox/
  --help, --version    this help; the version
`,
}

const exitFlag = {
  fr: '  --exit               mettre fin au gel\n',
  en: '  --exit               end the freeze\n',
}

const rehearseFlag = {
  fr: '  --plan --rehearse    aussi répéter le reset sur STAGING, dans une transaction annulée : verrous, durée, refus\n',
  en: '  --plan --rehearse    also rehearse the reset on STAGING, in a transaction that is rolled back: locks, duration, refusals\n',
}

const sandboxFlags = {
  fr: '  --sandbox --break NOM     montrer ce qui se passe quand quelque chose échoue :\n',
  en: '  --sandbox --break NAME    show what happens when something fails:\n',
}

const advanceFlag = {
  fr: '  --sandbox --advance 48h   avancer l’horloge de l’essai\n',
  en: '  --sandbox --advance 48h   move the sandbox’s clock\n',
}

const listed = `${wrapped(breakNames.join(', '), 68)
  .split('\n')
  .map((line) => `      ${line}`)
  .join('\n')}\n`

const codes = {
  fr: '\n  Codes : 0 réussi · 1 abandonné ou revenu en arrière · 2 illisible · 3 bloqué · 4 en attente · 70 défaut de Postgate\n',
  en: '\n  Exit codes: 0 succeeded · 1 aborted or rolled back · 2 unreadable · 3 blocked · 4 paused · 70 a defect of ours\n',
}

export function help(scenario: string, lang: 'fr' | 'en'): string {
  const heading = title[scenario] ?? scenario
  const words = typeof heading === 'string' ? heading : heading[lang]
  const exit =
    scenario === 'freeze' ? exitFlag[lang] : scenario === 'staging' ? rehearseFlag[lang] : ''
  return `${words}\n\n  npx zx scripts/${scenario}.ts [...]\n${flags[lang]}${exit}${sandboxFlags[lang]}${listed}${advanceFlag[lang]}${codes[lang]}`
}
