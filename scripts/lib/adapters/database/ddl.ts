// The statements that build `public` from a committed shape: for projects that have no SQL migrations,
// and at the head of a backup that pg_dump did not write. Pure; the order is tried out by `runInAnyOrder`.

import type {Definitions, OldPolicy, OldTable} from './old-form.ts'
import {identifier, literal} from './session.ts'

const inPublic = (name: string) => `public.${identifier(name)}`

/** Statements, in an order that holds but for functions and tables that need each other in a circle. */
export const ddlStatements = (shape: Definitions): readonly string[] => {
  const {before, after} = ddlParts(shape)
  return [...before, ...after]
}

/** `before` makes the tables; `after` what rows are better in place for: keys, triggers, policies. */
export function ddlParts(shape: Definitions): {
  before: readonly string[]
  after: readonly string[]
} {
  const {early, late} = functionsOf(shape)
  const before = [
    ...shape.extensions.map(
      (name) => `create extension if not exists ${identifier(name)} with schema public`,
    ),
    ...each(shape.enums, (name, {labels}) => [
      `create type ${inPublic(name)} as enum (${labels.map(literal).join(', ')})`,
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
    ...early,
    ...inOrderOfParents(shape).map(([name, table]) => tableStatement(name, table, shape)),
    ...each(shape.sequences, (name, {ownedBy, identity}) =>
      identity || ownedBy === null
        ? []
        : [`alter sequence ${inPublic(name)} owned by public.${ownedBy}`],
    ),
  ]
  const relations = {...shape.tables, ...shape.views}
  const after = [
    ...late,
    ...constraints(shape, (definition) => !definition.startsWith('FOREIGN KEY')),
    ...constraints(shape, (definition) => definition.startsWith('FOREIGN KEY')),
    ...inOrderOfMention(shape.views).map(([name, view]) => viewStatement(name, view)),
    ...each(relations, (_, {indexes}) =>
      // The index of a partitioned table makes those of its partitions again.
      Object.values(indexes).map((definition) => definition.replace(/ ON ONLY /, ' ON ')),
    ),
    ...each(relations, (name, {triggers}) =>
      Object.entries(triggers).flatMap(([trigger, definition]) =>
        triggerStatements(name, trigger, definition),
      ),
    ),
    ...each(shape.tables, (name, table) => security(name, table)),
  ]
  return {before, after}
}

const each = <T>(
  record: Readonly<Record<string, T>>,
  use: (name: string, value: T) => readonly string[],
): string[] => Object.entries(record).flatMap(([name, value]) => use(name, value))

/** Early are those that a table's default or check calls; the others may name tables as types. */
function functionsOf(shape: Definitions): {early: string[]; late: string[]} {
  const texts = [
    ...Object.values(shape.tables).flatMap(({columns}) => columns.map((c) => c.default ?? '')),
    ...Object.values(shape.domains).map(({definition}) => definition),
  ].join(' ')
  const all = Object.entries(shape.functions).filter(([, {definition}]) => definition !== '')
  const isEarly = (signature: string) =>
    texts.includes(signature.slice(0, signature.indexOf('(') + 1))
  return {
    early: all.flatMap(([name, {definition}]) => (isEarly(name) ? [definition] : [])),
    late: all.flatMap(([name, {definition}]) => (isEarly(name) ? [] : [definition])),
  }
}

/** A partition comes after its parent. */
function inOrderOfParents({tables}: Definitions): [string, OldTable][] {
  const depth = (table: OldTable): number => {
    const parent = table.partitionOf === null ? undefined : tables[table.partitionOf.parent]
    return parent === undefined ? 0 : depth(parent) + 1
  }
  return Object.entries(tables).sort(([, one], [, other]) => depth(one) - depth(other))
}

/** A view comes after the views that it reads. */
function inOrderOfMention(views: Definitions['views']): [string, Definitions['views'][string]][] {
  const order = new Map<string, Definitions['views'][string]>()
  const visit = (name: string, path: readonly string[]) => {
    const view = views[name]
    if (view === undefined || order.has(name) || path.includes(name)) return
    for (const other of Object.keys(views)) {
      if (
        view.definition.includes(`public.${other}`) ||
        view.definition.includes(inPublic(other))
      ) {
        visit(other, [...path, name])
      }
    }
    order.set(name, view)
  }
  for (const name of Object.keys(views)) visit(name, [])
  return [...order]
}

function viewStatement(name: string, view: Definitions['views'][string]): string {
  const options = view.options.length > 0 ? ` with (${view.options.join(', ')})` : ''
  const kind = view.materialized ? 'materialized view' : 'view'
  return `create ${kind} ${inPublic(name)}${options} as ${view.definition.replace(/;\s*$/, '')}`
}

function tableStatement(name: string, table: OldTable, shape: Definitions): string {
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

function identityOf(
  table: string,
  column: OldTable['columns'][number],
  shape: Definitions,
): string {
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

function constraints(shape: Definitions, wanted: (definition: string) => boolean): string[] {
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

function security(name: string, table: OldTable): string[] {
  return [
    ...(table.rowSecurity ? [`alter table ${inPublic(name)} enable row level security`] : []),
    ...(table.forceRowSecurity ? [`alter table ${inPublic(name)} force row level security`] : []),
    ...Object.entries(table.policies).map(([policy, value]) =>
      policyStatement(identifier(policy), inPublic(name), value),
    ),
  ]
}

/** `name` and `table` quoted where they need it. */
export function policyStatement(name: string, table: string, policy: OldPolicy): string {
  const roles = policy.roles.map(grantee).join(', ')
  const using = policy.using === null ? '' : ` using (${policy.using})`
  const check = policy.check === null ? '' : ` with check (${policy.check})`
  const kind = policy.permissive ? '' : ' as restrictive'
  return `create policy ${name} on ${table}${kind} for ${policy.command} to ${roles}${using}${check}`
}

const grantee = (name: string): string => (name === 'public' ? 'public' : identifier(name))
