// The statements that build `public` from a committed shape: for projects that have no SQL migrations,
// and at the head of a backup that pg_dump did not write. Pure; the order is tried out by `runInAnyOrder`.

import {policyStatement} from './grants.ts'
import {identifier} from './session.ts'
import type {Shape, Table} from './shape.ts'

const inPublic = (name: string) => `public.${identifier(name)}`

/** Statements, in an order that mostly holds: some functions need tables, some tables functions. */
export function ddlStatements(shape: Shape): readonly string[] {
  const each = <T>(
    record: Readonly<Record<string, T>>,
    use: (name: string, value: T) => string[],
  ) => Object.entries(record).flatMap(([name, value]) => use(name, value))
  return [
    ...shape.extensions.map(
      (name) => `create extension if not exists ${identifier(name)} with schema public`,
    ),
    ...each(shape.enums, (name, {labels}) => [
      `create type ${inPublic(name)} as enum (${labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(', ')})`,
    ]),
    ...each(shape.domains, (name, {definition}) => [
      `create domain ${inPublic(name)} as ${definition}`,
    ]),
    ...each(shape.composites, (name, {definition}) => [
      `create type ${inPublic(name)} as (${definition})`,
    ]),
    ...each(shape.sequences, (name, {definition, identity}) =>
      identity ? [] : [`create sequence ${inPublic(name)} ${definition}`],
    ),
    ...each(shape.functions, (_, {definition}) => (definition === '' ? [] : [definition])),
    ...each(shape.tables, (name, table) => [tableStatement(name, table, shape)]),
    ...constraints(shape, (definition) => !definition.startsWith('FOREIGN KEY')),
    ...constraints(shape, (definition) => definition.startsWith('FOREIGN KEY')),
    ...each(shape.sequences, (name, {ownedBy, identity}) =>
      identity || ownedBy === null
        ? []
        : [`alter sequence ${inPublic(name)} owned by public.${ownedBy}`],
    ),
    ...each(shape.views, (name, view) => {
      const options = view.options.length > 0 ? ` with (${view.options.join(', ')})` : ''
      const kind = view.materialized ? 'materialized view' : 'view'
      return [
        `create ${kind} ${inPublic(name)}${options} as ${view.definition.replace(/;\s*$/, '')}`,
      ]
    }),
    ...each({...shape.tables, ...shape.views}, (_, {indexes}) =>
      // The index of a partitioned table makes those of its partitions again.
      Object.values(indexes).map((definition) => definition.replace(/ ON ONLY /, ' ON ')),
    ),
    ...each({...shape.tables, ...shape.views}, (name, {triggers}) =>
      Object.entries(triggers).flatMap(([trigger, definition]) =>
        triggerStatements(name, trigger, definition),
      ),
    ),
    ...each(shape.tables, (name, table) => security(name, table)),
  ]
}

function tableStatement(name: string, table: Table, shape: Shape): string {
  const key = table.partitionKey === null ? '' : ` partition by ${table.partitionKey}`
  if (table.partitionOf !== null) {
    const {parent, bound} = table.partitionOf
    return `create table ${inPublic(name)} partition of ${inPublic(parent)} ${bound}${key}`
  }
  const columns = table.columns.map((column) => {
    const words = [identifier(column.name), column.type]
    if (column.collation !== null) words.push(`collate ${column.collation}`)
    if (column.generated) words.push(`generated always as (${column.default}) stored`)
    else if (column.identity !== null) words.push(identityOf(name, column, shape))
    else if (column.default !== null) words.push(`default ${column.default}`)
    if (column.notNull) words.push('not null')
    return words.join(' ')
  })
  return `create table ${inPublic(name)} (${columns.join(', ')})${key}`
}

function identityOf(table: string, column: Table['columns'][number], shape: Shape): string {
  const entry = Object.entries(shape.sequences).find(
    ([, {identity, ownedBy}]) =>
      identity &&
      [`${table}.${column.name}`, `${identifier(table)}.${identifier(column.name)}`].includes(
        ownedBy ?? '',
      ),
  )
  // The type is the column's.
  const options = entry?.[1].definition.replace(/^as \S+ /, '') ?? ''
  const named = entry === undefined ? '' : ` (sequence name ${inPublic(entry[0])} ${options})`
  return `generated ${column.identity} as identity${named}`
}

function constraints(shape: Shape, wanted: (definition: string) => boolean): string[] {
  return Object.entries(shape.tables).flatMap(([name, table]) =>
    Object.entries(table.constraints)
      .filter(([, definition]) => wanted(definition))
      .map(
        ([key, definition]) =>
          `alter table ${inPublic(name)} add constraint ${identifier(key)} ${definition}`,
      ),
  )
}

/** A trigger that is not simply on carries its state behind ` -- `. */
function triggerStatements(table: string, trigger: string, definition: string): string[] {
  const [, sql = definition, state = ''] = /^([\s\S]*) -- ([DRA])$/.exec(definition) ?? []
  const verbs: Readonly<Record<string, string>> = {
    D: 'disable',
    R: 'enable replica',
    A: 'enable always',
  }
  const verb = verbs[state]
  const change = `alter table ${inPublic(table)} ${verb} trigger ${identifier(trigger)}`
  return verb === undefined ? [sql] : [sql, change]
}

function security(name: string, table: Table): string[] {
  return [
    ...(table.rowSecurity ? [`alter table ${inPublic(name)} enable row level security`] : []),
    ...(table.forceRowSecurity ? [`alter table ${inPublic(name)} force row level security`] : []),
    ...Object.entries(table.policies).map(([policy, value]) =>
      policyStatement(identifier(policy), inPublic(name), value),
    ),
  ]
}
