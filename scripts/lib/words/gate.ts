// The help of gate.ts and of the one-shot validation.

import type {Lang} from '../domain/text.ts'

const gate = {
  fr: `La vie du Release Gate : l’ouvrir, dire ce qui tient, et préparer le post-mortem d’une nightly rouge.

  npx zx scripts/gate.ts open --tag TAG          écrit docs/RELEASE_GATE_AAAA_MM.md ; le committer reste à faire
  npx zx scripts/gate.ts check                   chaque ligne de la section 4, le tag, le commit (0 complet, 3 non)
  npx zx scripts/gate.ts nightly-post-mortem     docs/POST_MORTEM_NIGHTLY_AAAA_MM.md, d’après les exécutions de la CI

  --gate FICHIER --project DOSSIER --sandbox [--break NOM] [--advance DURÉE] --json --lang fr|en --help
`,
  en: `The life of the Release Gate: open it, say what of it holds, draft the post-mortem of a red nightly.

  npx zx scripts/gate.ts open --tag TAG          writes docs/RELEASE_GATE_YYYY_MM.md; committing it is yours
  npx zx scripts/gate.ts check                   each entry of section 4, the tag, the commit (0 complete, 3 not)
  npx zx scripts/gate.ts nightly-post-mortem     docs/POST_MORTEM_NIGHTLY_YYYY_MM.md, from the CI's runs

  --gate FILE --project DIR --sandbox [--break NAME] [--advance DURATION] --json --lang fr|en --help
`,
} as const

const oneShot = {
  fr: `La validation en une fois, pour la CI : les contrôles du projet (postgate.yaml, validation) dans le checkpoint,
puis gate, tag, nightly, dépôt, configuration, dérive et histoire interdite. Un tableau, un code de sortie.

  ./scripts/d1_one_shot.sh
  npx zx scripts/d1_one_shot.ts

  --gate FICHIER --project DOSSIER --sandbox [--break NOM] [--advance DURÉE] --json --lang fr|en --help
  Codes : 0 tout tient · 2 illisible · 3 faux ou inconnu
`,
  en: `The one-shot validation, for CI: the project's own checks (postgate.yaml, validation) in the checkpoint,
then gate, tag, nightly, repository, configuration, drift and forbidden history. One table, one exit code.

  ./scripts/d1_one_shot.sh
  npx zx scripts/d1_one_shot.ts

  --gate FILE --project DIR --sandbox [--break NAME] [--advance DURATION] --json --lang fr|en --help
  Codes: 0 everything holds · 2 unreadable · 3 false or unknown
`,
} as const

export const gateHelp = (lang: Lang): string => gate[lang]
export const oneShotHelp = (lang: Lang): string => oneShot[lang]
