// The documents that people edit: runbooks and templates. The project's own come first, then the
// bundle's. Each is read and parsed once.

import {readFile} from 'node:fs/promises'
import {join, relative} from 'node:path'
import {problem} from '../domain/problem.ts'
import {type AsCommitted, asItIs} from './as-committed.ts'
import {type Runbook, readRunbook} from './runbook.ts'

export interface PolicyFile {
  /** As people know it: relative to the project, or to the bundle. */
  readonly path: string
  readonly absolute: string
  readonly source: string
  readonly from: 'project' | 'bundle'
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
}

export function openPolicy({root, bundle, pending, asCommitted = asItIs}: PolicyPlaces): Policy {
  const files = new Map<string, Promise<PolicyFile>>()
  const runbooks = new Map<string, Promise<Runbook>>()
  let asked: ReturnType<NonNullable<PolicyPlaces['pending']>> | undefined
  const ahead = () => {
    asked ??= pending?.()
    return asked
  }
  const file = (path: string) =>
    once(files, path, async () =>
      find(path, {root, bundle, asCommitted, coming: (await ahead())?.get(path)}),
    )
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

async function find(
  path: string,
  {
    root,
    bundle,
    asCommitted,
    coming,
  }: {root: string; bundle: string; asCommitted: AsCommitted; coming: string | null | undefined},
): Promise<PolicyFile> {
  if (typeof coming === 'string')
    return {path, absolute: join(root, path), source: coming, from: 'project'}
  for (const [from, folder] of [
    ['project', root],
    ['bundle', bundle],
  ] as const) {
    const absolute = join(folder, path)
    if (coming === null && from === 'project') continue
    try {
      const source = await asCommitted(absolute, await readFile(absolute, 'utf8'))
      // A bundle inside the project: its policy files are the project's too.
      const inside = relative(root, absolute)
      const own = !inside.startsWith('..')
      return {
        path: own ? inside.split('\\').join('/') : path,
        absolute,
        source,
        from: own ? 'project' : from,
      }
    } catch {
      // not here: the bundle's
    }
  }
  throw problem({
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
