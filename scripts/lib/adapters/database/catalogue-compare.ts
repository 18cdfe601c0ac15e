// Two readings of catalogues side by side: every difference by the name of the thing, and of its column
// where both have it. Pure.

import type {Text} from '../../domain/text.ts'
import {type CatalogueRow, type DatabaseCatalogue, digestLength, valuesOf} from './catalogue.ts'

export interface CatalogueDifference {
  /** As in the catalogue: `policy "read own" on public.log_actions`, for instance. */
  readonly name: string
  readonly kind: 'missing' | 'extra' | 'different'
  /** What differs, by the catalogue's own column: `relowner`, with both values. */
  readonly columns: readonly {
    readonly column: string
    readonly expected: unknown
    readonly actual: unknown
  }[]
}

export interface CatalogueComparisonOptions {
  /** Partitions with these names are made by the application itself, in PROD as on STAGING. */
  readonly ownPartitions?: readonly string[]
  /** False where PROD's server is older than 18 and keeps no names of NOT NULL constraints. */
  readonly notNullNames?: boolean
}

/** What `actual` lacks, has too much, or has otherwise, than `expected`. The order of columns does not count. */
export function compareCatalogues(
  expected: DatabaseCatalogue,
  actual: DatabaseCatalogue,
  options: CatalogueComparisonOptions = {},
): readonly CatalogueDifference[] {
  const [want, have] = [compared(expected, options), compared(actual, options)]
  const differences: CatalogueDifference[] = []
  want.forEach((fact, name) => {
    const other = have.get(name)
    if (other === undefined) differences.push({name, kind: 'missing', columns: []})
    else if (other.digest !== fact.digest)
      differences.push({name, kind: 'different', columns: columnsThatDiffer(fact, other)})
  })
  for (const name of have.keys())
    if (!want.has(name)) differences.push({name, kind: 'extra', columns: []})
  return withoutParts(differences, want, have)
}

const columnOrder = 'order of columns of '

/** Relations whose columns stand in another order: no difference, and worth a word. */
export function otherOrder(
  expected: DatabaseCatalogue,
  actual: DatabaseCatalogue,
): readonly string[] {
  return [...expected].flatMap(([name, {digest}]) => {
    const other = actual.get(name)
    return name.startsWith(columnOrder) && other !== undefined && other.digest !== digest
      ? [name.slice(columnOrder.length)]
      : []
  })
}

function compared(
  catalogue: DatabaseCatalogue,
  options: CatalogueComparisonOptions,
): DatabaseCatalogue {
  const own = (options.ownPartitions ?? []).map(globOf)
  const partitions = new Set(own.length === 0 ? [] : [...catalogue.keys()].filter(isPartition))
  function isPartition(name: string) {
    const relation = /^(?:foreign )?table (\S.*)$/.exec(name)?.[1]
    return (
      relation !== undefined &&
      catalogue.has(`inheritance of ${name}.1`) &&
      own.some((glob) => glob.test(relation.replace(/^public\./, '')))
    )
  }
  const belongs = (name: string, {of}: CatalogueRow): boolean =>
    partitions.has(name) ||
    (of !== null && (partitions.has(of) || partitions.has(catalogue.get(of)?.of ?? '')))
  const facts = new Map<string, CatalogueRow>()
  catalogue.forEach((fact, name) => {
    if (name.startsWith(columnOrder) || (partitions.size > 0 && belongs(name, fact))) return
    const {unnamed} = fact
    if (unnamed === undefined || options.notNullNames !== false) facts.set(name, fact)
    else facts.set(unnamed.name, {...fact, ...unnamed})
  })
  return facts
}

/** `logs_*`, of a name without its schema. */
export const globOf = (pattern: string) =>
  new RegExp(
    `^${pattern
      .replace(/^public\./, '')
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  )

function columnsThatDiffer(
  expected: CatalogueRow,
  actual: CatalogueRow,
): CatalogueDifference['columns'] {
  const [want, have] = [valuesOf(expected), valuesOf(actual)]
  if (want.size === 0 || have.size === 0) return []
  return [...want].flatMap(([column, one]) => {
    const other = have.get(column)
    return JSON.stringify(one) === JSON.stringify(other)
      ? []
      : [{column, expected: one, actual: other}]
  })
}

/** A missing table is one difference, not one for each of its columns. */
function withoutParts(
  differences: readonly CatalogueDifference[],
  want: DatabaseCatalogue,
  have: DatabaseCatalogue,
): readonly CatalogueDifference[] {
  const whole = new Set(differences.filter(({kind}) => kind !== 'different').map(({name}) => name))
  const ownerOf = (name: string) => (want.get(name) ?? have.get(name))?.of ?? null
  const isPart = (name: string, depth = 0): boolean => {
    const of = ownerOf(name)
    return of !== null && of !== name && depth < 5 && (whole.has(of) || isPart(of, depth + 1))
  }
  return differences.filter(({name}) => !isPart(name))
}

/** The first few differences, in words. */
export function describeDifferences(differences: readonly CatalogueDifference[], most = 8): Text {
  const words = {
    fr: {missing: 'manque', extra: 'en trop', different: 'diffère'},
    en: {missing: 'missing', extra: 'extra', different: 'differs'},
  }
  const line = (lang: 'fr' | 'en') => {
    const shown = differences
      .slice(0, most)
      .map(({name, kind, columns}) => `${name} (${words[lang][kind]}${detail(columns)})`)
    const rest = differences.length - shown.length
    const more = lang === 'fr' ? `et ${rest} de plus` : `and ${rest} more`
    return [...shown, ...(rest > 0 ? [more] : [])].join(', ')
  }
  return {fr: line('fr'), en: line('en')}
}

function detail(columns: CatalogueDifference['columns']): string {
  if (columns.length === 0) return ''
  const value = (given: unknown) => {
    const text = typeof given === 'string' ? given : JSON.stringify(given ?? null)
    return text.length > 60 ? `${text.slice(0, 57)}…` : text
  }
  const told = columns
    .slice(0, 2)
    .map(({column, expected, actual}) => `${column}: ${value(expected)} ≠ ${value(actual)}`)
  return ` : ${told.join('; ')}`
}

/** A reading, or these names of it, as it is kept in a database: a few bytes for each name. */
export function fingerprints(
  catalogue: DatabaseCatalogue,
  names: readonly string[] = [...catalogue.keys()],
): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {}
  for (const name of names) {
    const {digest = '', of = null} = catalogue.get(name) ?? {}
    kept[name] = `${digest}${of ?? ''}`
  }
  return kept
}

/** A kept reading, to be compared with a new one: no column is named. */
export const fromFingerprints = (kept: Readonly<Record<string, string>>): DatabaseCatalogue =>
  new Map(
    Object.entries(kept).map(([name, value]) => [
      name,
      {
        ...{digest: value.slice(0, digestLength), of: value.slice(digestLength) || null},
        ...{columns: [], kept: null, place: 0},
      },
    ]),
  )
