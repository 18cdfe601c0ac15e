// What people said beforehand, item by item, and typed to confirm.

export interface DeclaredPerson {
  readonly name: string
  readonly role: string
}

export interface Answer {
  readonly by: DeclaredPerson
  readonly answer: 'yes' | 'no' | 'not-applicable'
  /** What was observed, or why it does not apply. */
  readonly observed: string
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
