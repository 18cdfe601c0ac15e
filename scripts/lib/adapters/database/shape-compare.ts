// Two shapes side by side: every difference by the name of the thing. Pure.

import type {Text} from '../../domain/text.ts'
import type {Shape} from './shape.ts'

export interface Difference {
  /** `table log_actions policy "read own"`, for instance. */
  readonly name: string
  readonly kind: 'missing' | 'extra' | 'different'
}

export interface CompareOptions {
  /** Default privileges of these roles are the vendor's: no session of ours can set them. */
  readonly beyondReach?: readonly string[]
}

/** What `actual` lacks, has too much, or has otherwise, than `expected`. The order of columns and the source do not count. */
export function compareShapes(
  expected: Shape,
  actual: Shape,
  options: CompareOptions = {},
): readonly Difference[] {
  const reach = (shape: Shape) => {
    const kept = Object.entries(shape.defaults).filter(
      ([key]) => !(options.beyondReach ?? []).includes(key.split(' ')[0] ?? ''),
    )
    return flat({...shape, defaults: Object.fromEntries(kept)})
  }
  const [want, have] = [reach(expected), reach(actual)]
  const differences: Difference[] = []
  for (const [name, value] of want) {
    const other = have.get(name)
    if (other === undefined) differences.push({name, kind: 'missing'})
    else if (other !== value) differences.push({name, kind: 'different'})
  }
  for (const name of have.keys()) if (!want.has(name)) differences.push({name, kind: 'extra'})
  return withoutParts(differences)
}

/** A missing table is one difference, not one for each of its columns. */
function withoutParts(differences: readonly Difference[]): readonly Difference[] {
  const whole = differences.filter(({kind}) => kind !== 'different').map(({name}) => name)
  return differences.filter(({name}) => !whole.some((other) => name.startsWith(`${other} `)))
}

/** Every fact of a shape by its name. */
function flat(shape: Shape): Map<string, string> {
  const facts = new Map<string, string>()
  const add = (name: string, value: unknown) => facts.set(name, JSON.stringify(value) ?? '')
  const each = <T>(record: Readonly<Record<string, T>>, use: (name: string, value: T) => void) => {
    for (const [name, value] of Object.entries(record)) use(name, value)
  }
  add('schema public grants', shape.schema.acl)
  for (const name of shape.extensions) add(`extension ${name}`, true)
  for (const [kind, record] of [
    ['enum', shape.enums],
    ['type', shape.composites],
    ['domain', shape.domains],
    ['sequence', shape.sequences],
    ['function', shape.functions],
  ] as const) {
    each<{acl: Shape['schema']['acl']}>(record, (name, {acl, ...rest}) => {
      add(`${kind} ${name}`, rest)
      add(`${kind} ${name} grants`, acl)
    })
  }
  each(shape.tables, (name, table) => {
    const {columns, constraints, indexes, triggers, policies, acl, ...rest} = table
    add(`table ${name}`, rest)
    add(`table ${name} grants`, acl)
    for (const {name: column, ...facts} of columns) add(`table ${name} column ${column}`, facts)
    each(constraints, (key, value) => add(`table ${name} constraint ${key}`, value))
    each(indexes, (key, value) => add(`table ${name} index ${key}`, value))
    each(triggers, (key, value) => add(`table ${name} trigger ${key}`, value))
    each(policies, (key, value) => add(`table ${name} policy ${key}`, value))
  })
  each(shape.views, (name, {acl, indexes, triggers, ...rest}) => {
    add(`view ${name}`, rest)
    add(`view ${name} grants`, acl)
    each(indexes, (key, value) => add(`view ${name} index ${key}`, value))
    each(triggers, (key, value) => add(`view ${name} trigger ${key}`, value))
  })
  each(shape.defaults, (key, value) => add(`default privileges ${key}`, value))
  each(shape.foreignTriggers, (key, value) => add(`trigger ${key}`, value))
  each(shape.foreignPolicies, (key, value) => add(`policy ${key}`, value))
  each(shape.publications, (name, tables) => {
    for (const table of tables) add(`publication ${name} table ${table}`, true)
  })
  return facts
}

/** The first few differences, in words. */
export function describeDifferences(differences: readonly Difference[], most = 8): Text {
  const words = {
    fr: {missing: 'manque', extra: 'en trop', different: 'diffère'},
    en: {missing: 'missing', extra: 'extra', different: 'differs'},
  }
  const line = (lang: 'fr' | 'en') => {
    const shown = differences.slice(0, most).map(({name, kind}) => `${name} (${words[lang][kind]})`)
    const rest = differences.length - shown.length
    const more = lang === 'fr' ? `et ${rest} de plus` : `and ${rest} more`
    return [...shown, ...(rest > 0 ? [more] : [])].join(', ')
  }
  return {fr: line('fr'), en: line('en')}
}
