// The documents that people edit: runbooks and templates. A project that has its own is never read with the
// bundle's in their place: one that is missing or cannot be read is an error. Each is read and parsed once.

import {readdirSync} from 'node:fs'
import {basename, join, relative} from 'node:path'
import {readText} from '../base/read-text.ts'
import {refuseTooLarge} from '../documents/limits.ts'
import {nearest} from '../documents/nearest.ts'
import type {Origin} from '../domain/event.ts'
import {problem} from '../domain/problem.ts'
import {type Runbook, readRunbook} from './runbook.ts'

export interface PolicyFile {
  /** As people know it: relative to the project, or to the bundle. */
  readonly path: string
  readonly absolute: string
  readonly source: string
  /** Where git keeps it: a bundle inside the project is the project's too. */
  readonly from: Origin
  /** Whose text it is. */
  readonly origin: Origin
}

export interface Policy {
  /** `runbooks/staging.md`, `templates/freeze.md`, …: throws a `Problem` (2) where neither has it. */
  readonly file: (path: string) => Promise<PolicyFile>
  readonly runbook: (name: string) => Promise<Runbook>
  /** Every template by its file name, the project's before the bundle's. */
  readonly templates: () => Promise<ReadonlyMap<string, PolicyFile>>
}

export interface PolicyPlaces {
  readonly root: string
  readonly bundle: string
  /** Files of the project that a run would write first (null: remove), for what only looks. */
  readonly pending?: () => Promise<ReadonlyMap<string, string | null>>
  readonly asCommitted?: AsCommitted
  /** What `postgate.yaml` says: these are the project's own, whatever stands there. */
  readonly own?: {
    readonly runbooks?: 'project' | undefined
    readonly templates?: 'project' | undefined
  }
}

export function openPolicy(places: PolicyPlaces): Policy {
  const {root, bundle, pending, asCommitted = asItIs, own = {}} = places
  const files = new Map<string, Promise<PolicyFile>>()
  const runbooks = new Map<string, Promise<Runbook>>()
  let asked: ReturnType<NonNullable<PolicyPlaces['pending']>> | undefined
  const ahead = () => {
    asked ??= pending?.()
    return asked
  }
  const ownNames = new Map<string, readonly string[] | null>()
  const ownsOf = (folder: string, coming: ReadonlyMap<string, string | null> | undefined) => {
    const known = ownNames.get(folder)
    if (known !== undefined) return known
    const names = root === bundle ? null : namesOf(folder, {root, coming})
    const said = folder === 'runbooks' ? own.runbooks : own.templates
    const found =
      said === undefined && (names === null || names.length === 0) ? null : (names ?? [])
    ownNames.set(folder, found)
    return found
  }
  const file = (path: string) =>
    once(files, path, async () => {
      const coming = await ahead()
      const owns = ownsOf(path.split('/')[0] ?? '', coming)
      return find(path, {root, bundle, asCommitted, coming: coming?.get(path), owns})
    })
  return {
    file,
    runbook: (name) =>
      once(runbooks, name, async () => {
        const {path, source} = await file(`runbooks/${name}.md`)
        return readRunbook(source, path)
      }),
    templates: async () => {
      const {globby} = await import('globby')
      const names = new Set<string>()
      for (const folder of [root, bundle]) {
        for (const name of await globby('templates/*.md', {cwd: folder})) names.add(name)
      }
      for (const [name, text] of (await ahead()) ?? []) {
        if (text === null) names.delete(name)
        else if (/^templates\/[^/]+\.md$/.test(name)) names.add(name)
      }
      const found = await Promise.all([...names].sort().map((name) => file(name)))
      return new Map(found.map((each) => [each.path.replace(/^.*templates\//, ''), each]))
    },
  }
}

interface Search {
  readonly root: string
  readonly bundle: string
  readonly asCommitted: AsCommitted
  readonly coming: string | null | undefined
  /** The project's own files beside it; null where it uses the bundle's. */
  readonly owns: readonly string[] | null
}

async function find(path: string, search: Search): Promise<PolicyFile> {
  const {root, bundle, asCommitted, coming, owns} = search
  const origin = root === bundle ? 'bundle' : 'project'
  if (typeof coming === 'string')
    return {path, absolute: join(root, path), source: coming, from: 'project', origin}
  const mine = coming === null ? null : await readText(join(root, path), path)
  if (mine !== null) {
    refuseTooLarge(mine, path)
    const absolute = join(root, path)
    const source = await asCommitted(absolute, mine)
    return {path, absolute, source, from: 'project', origin}
  }
  if (owns !== null) throw notThere(path, owns, search)
  const absolute = join(bundle, path)
  // A bundle inside the project: its policy files are the project's too.
  const inside = relative(root, absolute)
  const within = !inside.startsWith('..')
  const shown = within ? inside.split('\\').join('/') : path
  const text = await readText(absolute, shown)
  if (text === null) throw nowhere(path)
  refuseTooLarge(text, shown)
  return {
    path: shown,
    absolute,
    source: await asCommitted(absolute, text),
    from: within ? 'project' : 'bundle',
    origin: 'bundle',
  }
}

/**
 * The project's own documents in a folder. Who may decide is the project's in any case: `decision.md` alone
 * says nothing about the procedures.
 */
function namesOf(
  folder: string,
  {root, coming}: {root: string; coming: ReadonlyMap<string, string | null> | undefined},
): readonly string[] | null {
  const names = new Set<string>()
  try {
    for (const name of readdirSync(join(root, folder))) names.add(name)
  } catch {
    // None, or one that the reading of its files will tell.
  }
  for (const [path, text] of coming ?? []) {
    if (!path.startsWith(`${folder}/`)) continue
    if (text === null) names.delete(basename(path))
    else names.add(basename(path))
  }
  const documents = [...names].filter((name) => /\.(md|markdown)$/i.test(name))
  return documents.some((name) => name !== 'decision.md') ? documents : null
}

function notThere(path: string, owns: readonly string[], {root, bundle}: Search) {
  const folder = path.split('/')[0] ?? ''
  const near = nearest(
    basename(path).toLowerCase(),
    owns.map((name) => name.toLowerCase()),
    6,
  )
  const meant = owns.find((name) => name.toLowerCase() === near)
  const copy = `cp ${relative(root, join(bundle, path)) || path} ${path}`
  const next = meant === undefined ? copy : `git mv ${folder}/${meant} ${path}`
  return problem({
    what: {
      fr: `${path}:1:1 : ce document du projet manque.`,
      en: `${path}:1:1: this document of the project is missing.`,
    },
    why: {
      fr: `le projet a les siens (${owns.join(', ') || 'postgate.yaml le dit'}) : celui de Postgate n’est pas pris à sa place`,
      en: `the project has its own (${owns.join(', ') || 'postgate.yaml says so'}): Postgate’s is not taken in its place`,
    },
    next,
    exit: 2,
    at: {path, line: 1, column: 1},
  })
}

function nowhere(path: string) {
  return problem({
    what: {fr: `${path} est introuvable.`, en: `There is no ${path}.`},
    why: {fr: 'ni dans le projet, ni dans Postgate', en: 'neither in the project nor in Postgate'},
    next: {
      fr: 'le copier depuis Postgate : npx zx scripts/init.ts',
      en: 'copy it from Postgate: npx zx scripts/init.ts',
    },
    exit: 2,
  })
}

function once<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const found = known.get(key)
  if (found !== undefined) return found
  const made = make()
  known.set(key, made)
  return made
}

/**
 * The committed text of the file at this path, where git says that only a filter made the difference: a
 * file on disk may have other line endings (`core.autocrlf`), and what counts is what is committed.
 */
export type AsCommitted = (absolute: string, text: string) => Promise<string>

/** Where there is no repository to ask. */
export const asItIs: AsCommitted = async (_absolute, text) => text
