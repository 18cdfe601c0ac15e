// What a person can say once for a whole run, instead of once for each item that asks it.

import type {Text} from '../../domain/text.ts'
import type {Declaration} from '../../domain/verdict.ts'

const titles: Readonly<Record<Declaration, string>> = {'no-database': 'Sans base de données'}

/** As an answers file names it. */
export const declaration = (declares: Declaration) => ({id: declares, title: titles[declares]})

export const declaredTitles: readonly string[] = Object.values(titles)

/** Told where one is asked for. */
export const standsForAll: Text = {
  fr: 'Cette réponse vaut pour tout ce qui demande une base, jusqu’à la fin de cette exécution.',
  en: 'This answer stands for all that asks for a database, until this run ends.',
}
