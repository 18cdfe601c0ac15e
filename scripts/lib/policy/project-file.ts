// Finds the project (nearest folder upwards with `postgate.yaml`) and reads that file by its schema.

import {lstatSync} from 'node:fs'
import {realpath} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import {readText} from '../base/read-text.ts'
import {problem} from '../domain/problem.ts'
import type {Project} from '../domain/project.ts'
import {join as joined, type Text} from '../domain/text.ts'

const fileName = 'postgate.yaml'
/** A description of a project is short; what is longer is none. */
const largestBytes = 64 * 1024

/** The project's root: `folder` itself when given, else the nearest upwards. Throws a `Problem` (2). */
export async function findProject(from: string, given?: string): Promise<string> {
  const start = resolve(from, given ?? '.')
  if (given !== undefined) {
    if (stands(join(start, fileName))) return realpath(start)
    throw missing(start)
  }
  for (let folder = start; ; folder = dirname(folder)) {
    if (stands(join(folder, fileName))) return realpath(folder)
    if (dirname(folder) === folder) throw missing(start)
  }
}

/** A link that leads nowhere stands there too: it is told, and no other project is taken for this one. */
function stands(path: string): boolean {
  return lstatSync(path, {throwIfNoEntry: false}) !== undefined
}

function missing(start: string) {
  return problem({
    what: {
      fr: `Aucun projet ici : ${fileName} est introuvable.`,
      en: `No project here: there is no ${fileName}.`,
    },
    why: start,
    next: {
      fr: 'le décrire avec `npx zx scripts/init.ts`, ou essayer d’abord avec `--sandbox`',
      en: 'describe it with `npx zx scripts/init.ts`, or try with `--sandbox` first',
    },
    exit: 2,
  })
}

/** Reads and validates `<root>/postgate.yaml`. Throws a `Problem` (2) with `path:line:column`. */
export async function loadProject(root: string): Promise<Project> {
  const source = await readText(join(root, fileName), fileName, largestBytes)
  if (source === null) throw missing(root)
  return parseProject(source)
}

export async function parseProject(source: string): Promise<Project> {
  const [{LineCounter, parseDocument}, {projectSchema}, {named, readAs}, {placeIn, yamlValues}] =
    await Promise.all([
      import('yaml'),
      import('../domain/project.ts'),
      import('../domain/issues.ts'),
      import('../base/yaml-values.ts'),
    ])
  const lines = new LineCounter()
  const document = within(() => parseDocument(source, {lineCounter: lines}))
  const found = yamlValues(document, lines)
  if ('why' in found) throw unreadable(found.at.line, found.at.column, found.why)
  const read = readAs(projectSchema, found.value)
  if ('value' in read) return read.value
  const {issues} = read
  const {line, column} = placeIn(document, lines, issues[0]?.path ?? [], issues[0]?.key)
  throw unreadable(line, column, joined(issues.map(named), '\n'))
}

/** Aliases that unfold without end, and what nests too deep: the parser throws. */
function within<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw unreadable(1, 1, error instanceof Error ? error.message : String(error))
  }
}

function unreadable(line: number, column: number, why: Text) {
  return problem({
    what: {
      fr: `${fileName}:${line}:${column} ne se lit pas.`,
      en: `${fileName}:${line}:${column} cannot be read.`,
    },
    why,
    next: {
      fr: `corriger ${fileName} ; ce qui y est permis : docs/postgate.schema.json`,
      en: `correct ${fileName}; what is legal in it: docs/postgate.schema.json`,
    },
    exit: 2,
    at: {path: fileName, line, column},
  })
}
