// Whether a folder of migrations tells the whole story of a schema: a table that is changed and that no file
// makes was made elsewhere (in a dashboard, by an older tool). Found in the files alone, before any database is asked.

import type {Text} from '../../domain/text.ts'
import {fail, type Judgement} from '../../domain/verdict.ts'
import type {SqlFile} from './migrations.ts'

export interface Unmade {
  readonly table: string
  /** Where it is first needed; null where only PROD's shape has it. */
  readonly at: {readonly path: string; readonly line: number} | null
}

type Files = readonly Pick<SqlFile, 'path' | 'statements'>[]

const identifier = String.raw`"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*`
/** A table of `public`, or without a schema: its name, quoted or not, is the group. */
export const publicTable = String.raw`(?:"?public"?\s*\.\s*)?(${identifier})(?!\s*\.|[\w$])`
const needs = [
  String.raw`^alter\s+table\s+(?:only\s+)?${publicTable}`,
  String.raw`^create\s+(?:unique\s+)?index\b[^(]*?\son\s+(?:only\s+)?${publicTable}`,
  String.raw`^create\s+policy\s+(?:${identifier})\s+on\s+${publicTable}`,
  String.raw`^create\s+(?:or\s+replace\s+)?(?:constraint\s+)?trigger\s+(?:${identifier})\s.*?\son\s+${publicTable}`,
  String.raw`^(?:insert\s+into|update|truncate(?:\s+table)?)\s+${publicTable}`,
  String.raw`^comment\s+on\s+table\s+${publicTable}`,
  String.raw`\breferences\s+${publicTable}`,
].map((pattern) => new RegExp(pattern, 'gis'))
const makes =
  /\bcreate\s+(?:(?:or\s+replace|global|local|temp|temporary|unlogged|foreign|recursive|materialized)\s+)*(?:table|view)\s+(?:if\s+not\s+exists\s+)?/gi
const named = new RegExp(publicTable, 'y')
const becomes = new RegExp(
  String.raw`\brename\s+to\s+${publicTable}|^select\b.*?\binto\s+${publicTable}`,
  'gis',
)

/**
 * The tables that the files need, or PROD's shape has, and that no file makes. `shape`: the tables of PROD's
 * shape, where it is known: what it does not have comes from an extension. What a block might make under a
 * name that it puts together counts as made.
 */
export function unmadeTables(files: Files, shape: readonly string[] | null): readonly Unmade[] {
  const made = new Set<string>()
  const mentioned = new Set<string>()
  const needed = new Map<string, Unmade>()
  for (const {path, statements} of files) {
    for (const {sql, line} of statements) {
      const text = bareText(sql)
      for (const name of madeIn(text)) made.add(name)
      if (/^(?:do|create\s+(?:or\s+replace\s+)?(?:function|procedure))\b/i.test(text)) {
        for (const [word] of sql.matchAll(/[\w$\u0080-\uffff]+/g)) mentioned.add(word)
        continue
      }
      for (const name of neededIn(text))
        if (!made.has(name) && !needed.has(name)) needed.set(name, {table: name, at: {path, line}})
    }
  }
  const missing = [...needed.values()].filter(
    ({table}) => !mentioned.has(table) && (shape === null || shape.includes(table)),
  )
  const others = (shape ?? []).filter(
    (name) => !made.has(name) && !mentioned.has(name) && !needed.has(name),
  )
  return [...missing, ...others.map((name) => ({table: name, at: null}))]
}

/** Without comments and the contents of strings: what they say is no statement. */
export const bareText = (sql: string) =>
  sql.replace(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, (found) =>
    found.startsWith("'") ? "''" : '',
  )

function madeIn(sql: string): string[] {
  const names: string[] = []
  for (const match of sql.matchAll(makes)) {
    named.lastIndex = match.index + match[0].length
    const found = named.exec(sql)?.[1]
    if (found !== undefined) names.push(catalogueName(found))
  }
  for (const [, renamed, filled] of sql.matchAll(becomes))
    names.push(
      ...[renamed, filled].flatMap((name) => (name === undefined ? [] : [catalogueName(name)])),
    )
  return names
}

function neededIn(sql: string): string[] {
  // `if exists` asks for nothing; neither does what the statement itself makes.
  if (/\bif\s+exists\b/i.test(sql)) return []
  const names: string[] = []
  for (const pattern of needs) {
    // Of most statements most ask in vain: no pattern is copied for them.
    pattern.lastIndex = 0
    for (let match = pattern.exec(sql); match !== null; match = pattern.exec(sql))
      names.push(catalogueName(match[1] ?? ''))
  }
  return names
}

/** As the catalogue has it. */
export const catalogueName = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()

/** Null where nothing is missing. `folder`: as postgate.yaml names it. */
export function judgeHistory(folder: string, unmade: readonly Unmade[]): Judgement | null {
  const [first] = unmade
  if (first === undefined) return null
  return fail(partialHistory(folder, unmade), {next: leaveOut(folder)})
}

export function partialHistory(folder: string, unmade: readonly Unmade[]): Text {
  const names = unmade.slice(0, 6).map(({table}) => table)
  const listed = `${names.join(', ')}${unmade.length > names.length ? ', …' : ''}`
  const place = unmade.find(({at}) => at !== null)?.at
  const where = place ? ` (${place.path}:${place.line})` : ''
  return {
    fr: `${folder} n’est pas une histoire complète : aucun fichier ne crée ${listed}${where}`,
    en: `${folder} is no full history: no file makes ${listed}${where}`,
  }
}

export const leaveOut = (folder: string): Text => ({
  fr: `retirer database.migrations (${folder}) de postgate.yaml : le reset reconstruit alors le schéma de PROD seul ; ou ajouter le fichier de départ (pg_dump --schema-only)`,
  en: `take database.migrations (${folder}) out of postgate.yaml: the reset then rebuilds PROD’s shape alone; or add the first file (pg_dump --schema-only)`,
})
