// What people said beforehand, item by item, and typed to confirm.

import type {Text} from '../../domain/text.ts'
import type {Declaration} from '../../domain/verdict.ts'

export interface DeclaredPerson {
  readonly name: string
  readonly role: string
}

export interface Answer {
  readonly by: DeclaredPerson
  readonly answer: 'yes' | 'no' | 'not-applicable'
  /** What was observed, or why it does not apply. */
  readonly observed: string
  /** Where it was written down, as `NAME:LINE`. */
  readonly at?: string
}

export interface Answers {
  readonly operator: DeclaredPerson
  /** By an item's title or id. */
  readonly of: (item: {id: string; title: string}) => Answer | undefined
  /** What was typed to confirm: by phase id, else by the environment. */
  readonly confirmation: (...names: readonly string[]) => string | undefined
  /** The keys of an answers file, with the place of each, as `FILE:LINE`. */
  readonly keys: readonly {readonly key: string; readonly at: string}[]
}

export const noAnswers: Answers = {
  operator: {role: '', name: ''},
  of: () => undefined,
  confirmation: () => undefined,
  keys: [],
}

/** What a person can say once for a whole run, instead of once for each item that asks it. */
const titles: Readonly<Record<Declaration, string>> = {'no-database': 'Sans base de données'}

/** As an answers file names it. */
export const declaration = (declares: Declaration) => ({id: declares, title: titles[declares]})

export const declaredTitles: readonly string[] = Object.values(titles)

/** Told where one is asked for. */
export const standsForAll: Text = {
  fr: 'Cette réponse vaut pour tout ce qui demande une base, jusqu’à la fin de cette exécution.',
  en: 'This answer stands for all that asks for a database, until this run ends.',
}
