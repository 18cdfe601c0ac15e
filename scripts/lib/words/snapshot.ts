// What `snapshot.ts` says of itself.

import type {Lang} from '../domain/text.ts'

const help = {
  fr: `Prendre le schéma de PROD, en lecture seule, dans le fichier que le projet commite

  npx zx scripts/snapshot.ts [options]

  --environment NOM   production (par défaut) ou staging
  --out FICHIER       écrire ici plutôt que dans le fichier de postgate.yaml (database.shape)
  --check             comparer seulement : 0 égal, 3 différent ; rien n’est écrit
  --project DOSSIER   le projet, sinon le plus proche vers le haut
  --sandbox           dans le bac à sable
  --lang fr|en        langue des messages
  --help              cette aide

Codes de sortie : 0 écrit ou égal, 2 illisible, 3 refusé ou différent
`,
  en: `Take PROD’s shape, read-only, into the file that the project commits

  npx zx scripts/snapshot.ts [options]

  --environment NAME  production (default) or staging
  --out FILE          write here instead of the file in postgate.yaml (database.shape)
  --check             compare only: 0 equal, 3 different; nothing is written
  --project DIR       the project, else the nearest upwards
  --sandbox           in the sandbox
  --lang fr|en        language of the messages
  --help              this help

Exit codes: 0 written or equal, 2 unreadable, 3 refused or different
`,
} as const

export const snapshotHelp = (lang: Lang): string => help[lang]
