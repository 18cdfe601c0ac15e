// The help of status.ts.

import type {Lang} from '../domain/text.ts'

const help = {
  fr: `Où en est le projet

  npx zx scripts/status.ts [...]

  L’exécution en cours, ici ou sur une autre machine : phases, dernière étape, ce qu’elle attend ; puis
  les dernières exécutions, ce qui est en ligne, ce qui reste dû, le freeze actif. Ne change rien.

  --history            toutes les exécutions et leurs indicateurs (délai, fréquence, échecs, rétablissement)
  --history --markdown la même chose en Markdown
  --html FICHIER       la même chose en une page seule, lisible hors ligne et imprimable
  --watch              actualise toutes les 5 s le terminal, et la page de --html, jusqu’à Ctrl-C
  --json               la même chose pour une machine
  --project DOSSIER --sandbox --lang fr|en
`,
  en: `Where the project stands

  npx zx scripts/status.ts [...]

  The open run, here or on another machine: phases, last step, what it waits for; then the last runs,
  what is live, what is still owed, an active freeze. Changes nothing.

  --history            every run, and figures over them (lead time, frequency, failures, recovery)
  --history --markdown the same as Markdown
  --html FILE          the same as one page of its own, read without a network, printable
  --watch              renews the terminal, and the page of --html, every 5 s until Ctrl-C
  --json               the same for a machine
  --project DIR --sandbox --lang fr|en
`,
}

export const statusHelp = (lang: Lang): string => help[lang]
