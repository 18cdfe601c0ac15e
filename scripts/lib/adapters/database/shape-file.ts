// The committed shape: PROD's schema as SQL that PostgreSQL's own pg_dump wrote, under a head that says
// where it comes from. Readable in a diff; run as it stands.

import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {type Problem, problem} from '../../domain/problem.ts'
import type {Text} from '../../domain/text.ts'
import type {Shape, ShapeSection} from './shape.ts'

const firstLine = '-- postgate shape 2'

/** Reads the shape of the project at `root`, in its old form where that is what lies there; null where there is none. Throws a `Problem` (2) where it is broken. */
export async function readShape(root: string, path: string): Promise<Shape | null> {
  const read = (file: string) => readFile(join(root, file), 'utf8').catch(() => null)
  const source = (await read(path)) ?? (await read(path.replace(/\.sql$/, '.json')))
  if (source === null) return null
  if (source.trimStart().startsWith('{')) {
    const {readOldShape} = await import('./old-shape.ts')
    const shape = readOldShape(source)
    if ('sections' in shape) return shape
    throw unreadable(path, shape.why)
  }
  return parseShape(source, path)
}

/** Throws a `Problem` (2) that names `path`. */
export function parseShape(source: string, path: string): Shape {
  const text = source.replaceAll('\r\n', '\n')
  if (!text.startsWith(`${firstLine}\n`))
    throw unreadable(path, {
      fr: `la première ligne n’est pas « ${firstLine} »`,
      en: `the first line is not "${firstLine}"`,
    })
  const head = new Map<string, string>()
  let at = firstLine.length + 1
  for (const line of text.slice(at).split('\n')) {
    const [, key, value] = /^-- ([a-z]+): ?(.*)$/.exec(line) ?? []
    if (key === undefined || value === undefined) break
    head.set(key, value)
    at += line.length + 1
  }
  const [environment, ref, server, takenAt] = ['environment', 'ref', 'server', 'taken'].map(
    (key) => head.get(key) ?? '',
  )
  if (!environment || !ref || !server || !takenAt || Number.isNaN(Date.parse(takenAt)))
    throw unreadable(path, {
      fr: 'environment, ref, server et taken doivent être dans l’en-tête',
      en: 'environment, ref, server and taken must stand in the head',
    })
  const migrations = head.get('migrations')
  return {
    source: {environment, ref, server, takenAt},
    migrations: migrations === undefined ? null : list(migrations),
    unpopulated: list(head.get('unpopulated') ?? ''),
    sections: sectionsOf(text.slice(at)),
    old: false,
  }
}

const list = (value: string): string[] => value.split(/,\s*/).filter((item) => item !== '')

const heading =
  /^--\n-- Name: (.*); Type: ([A-Z ]+); Schema: (.*?); Owner: (.*?)(?:; Tablespace: .*)?\n--\n/gm

/** The entries of a dump; joined they are the whole of it. */
export function sectionsOf(sql: string): ShapeSection[] {
  const sections: ShapeSection[] = []
  let before = {name: '', type: '', schema: '-', owner: ''}
  let at = 0
  const end = (until: number) => {
    const text = sql.slice(at, until).trim()
    if (text !== '') sections.push({...before, sql: `${text}\n`})
  }
  for (const match of sql.matchAll(heading)) {
    end(match.index)
    const [whole, name = '', type = '', schema = '', owner = ''] = match
    before = {name, type, schema, owner}
    at = match.index + whole.length
  }
  end(sql.length)
  return sections
}

/** The file's text. Old shapes are not written again. */
export function shapeText({source, migrations, unpopulated, sections}: Shape): string {
  const head = [
    firstLine,
    `-- environment: ${source.environment}`,
    `-- ref: ${source.ref}`,
    `-- server: ${source.server}`,
    `-- taken: ${source.takenAt}`,
    ...(migrations === null ? [] : [`-- migrations: ${migrations.join(', ')}`]),
    ...(unpopulated.length === 0 ? [] : [`-- unpopulated: ${unpopulated.join(', ')}`]),
  ]
  return `${head.join('\n')}\n\n${sections.map(sectionText).join('\n')}`
}

const sectionText = ({name, type, schema, owner, sql}: ShapeSection): string =>
  type === ''
    ? sql
    : `--\n-- Name: ${name}; Type: ${type}; Schema: ${schema}; Owner: ${owner}\n--\n\n${sql}`

/** What the project should know about the file's form. */
export const renewal = ({old}: Shape, path: string): Text | null =>
  old
    ? {
        fr: `${path} est d’une forme ancienne, qui ne connaît ni propriétaires, ni commentaires : la reprendre par npx zx scripts/snapshot.ts`,
        en: `${path} is of an old form that knows neither owners nor comments: take it again with npx zx scripts/snapshot.ts`,
      }
    : null

function unreadable(path: string, why: Text): Problem {
  return problem({
    what: {fr: `${path} n’est pas un schéma lisible.`, en: `${path} is no readable shape.`},
    why,
    next: {
      fr: 'le reprendre de PROD : npx zx scripts/snapshot.ts',
      en: 'take it again from PROD: npx zx scripts/snapshot.ts',
    },
    exit: 2,
  })
}
