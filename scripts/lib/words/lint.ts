// The help of lint.ts.

import type {Lang} from '../domain/text.ts'

const help = {
  fr: `Vérifier runbooks, modèles et scripts, dans les deux sens

  npx zx scripts/lint.ts [...]

  Chaque contrôle, étape et déclencheur nommé existe, chaque étape d’un script a son point, chaque commande
  qu’un script peut lancer est permise, chaque commande permise sert ou est marquée manuelle ; seuils, liens,
  modèles et actes interdits. Sans projet : les documents de Postgate lui-même.

  --format github      en annotations pour une forge ; text ou json sinon
  --json               comme --format json
  --project DOSSIER --sandbox --lang fr|en

  Codes : 0 rien à redire · 2 des constats, chacun avec chemin, ligne et colonne
`,
  en: `Check runbooks, templates and scripts, both ways

  npx zx scripts/lint.ts [...]

  Each named check, step and trigger exists, each step of a script has its item, each command that a script
  can run is authorised, each authorised command is used or marked manual; thresholds, links, templates and
  forbidden acts. Without a project: Postgate’s own documents.

  --format github      as annotations for a forge; else text or json
  --json               like --format json
  --project DIR --sandbox --lang fr|en

  Exit codes: 0 nothing to mend · 2 findings, each with path, line and column
`,
}

export const lintHelp = (lang: Lang): string => help[lang]
