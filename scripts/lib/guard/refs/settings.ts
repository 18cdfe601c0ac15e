// What else decides where a push goes, which hooks run, and which history git shows: remotes' addresses,
// the project's own hooks, grafts, borrowed objects, a history that is cut off. A step changes none of it.

import {createHash} from 'node:crypto'
import {readdirSync, readFileSync, statSync} from 'node:fs'
import {isAbsolute, join, relative, resolve} from 'node:path'
import type {Git} from '../../store/git/run.ts'
import {linesOf} from './git.ts'

/** A name to a digest of what it held, so that no address with a password in it is kept. `paths` as they are. */
export interface Settings {
  /** Of the configuration, by its key. */
  readonly configuration: Readonly<Record<string, string>>
  /** Where the project's own hooks lie, relative to the top folder where they lie in it; null: in the git directory. */
  readonly hooksPath: string | null
  /** The project's own hooks that git would run, by name. */
  readonly hooks: Readonly<Record<string, string>>
  /** Files of the git directory, by name; absent where there is none. */
  readonly files: Readonly<Record<string, string>>
  /** Commits whose parents are cut off, sorted. */
  readonly shallow: readonly string[]
}

const keys =
  '^(remote\\..*\\.(url|pushurl|push|mirror|proxy|vcs|receivepack|uploadpack)|url\\..*|core\\.(hookspath|worktree|sshcommand|gitproxy)|branch\\..*\\.pushremote|remote\\.pushdefault|extensions\\..*)$'
const watched = ['info/grafts', 'objects/info/alternates', 'objects/info/http-alternates']

/** Where a repository lies. */
export interface RepositoryFolders {
  readonly common: string
  readonly top: string
}

export async function foldersOf(git: Git): Promise<RepositoryFolders> {
  const [common = '', top = ''] = await linesOf(git, [
    ...['rev-parse', '--path-format=absolute', '--git-common-dir', '--show-toplevel'],
  ])
  return {common, top}
}

/** Reads them as they are now. `home`: what `~` stands for. */
export function readSettings(
  values: Configured,
  {common, top}: RepositoryFolders,
  home = '',
): Settings {
  const own =
    values
      .get('core.hookspath')
      ?.at(-1)
      ?.replace(/^~(?=\/)/, home) ?? null
  const folder = own === null ? join(common, 'hooks') : resolve(top, own)
  const inside = relative(top, folder)
  return {
    configuration: Object.fromEntries([...values].map(([key, all]) => [key, sha(all.join('\0'))])),
    hooksPath: own === null ? null : inside.startsWith('..') ? folder : inside,
    hooks: hooksIn(folder),
    files: Object.fromEntries(
      watched.flatMap((name) => {
        const digest = digestOf(join(common, name))
        return digest === null ? [] : [[name, digest]]
      }),
    ),
    shallow: shallowOf(join(common, 'shallow')),
  }
}

export type Configured = ReadonlyMap<string, readonly string[]>

/** Of every scope but the command's own, which is ours. */
export async function configured(git: Git): Promise<Configured> {
  const listed = await git.attempt(['config', '--show-scope', '-z', '--get-regexp', keys])
  const values = new Map<string, string[]>()
  const parts = listed.stdout.toString('utf8').split('\0')
  for (let index = 0; index + 1 < parts.length; index += 2) {
    if (parts[index] === 'command') continue
    const [key = '', ...value] = (parts[index + 1] ?? '').split('\n')
    values.set(key, [...(values.get(key) ?? []), value.join('\n')])
  }
  return values
}

function hooksIn(folder: string): Record<string, string> {
  const found: Record<string, string> = {}
  try {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name)
      const stat = statSync(path)
      if (name.endsWith('.sample') || !stat.isFile() || (stat.mode & 0o111) === 0) continue
      const digest = digestOf(path)
      if (digest !== null) found[name] = digest
    }
  } catch {
    // no folder: no hook
  }
  return found
}

function shallowOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean).sort()
  } catch {
    return []
  }
}

function digestOf(path: string): string | null {
  try {
    return sha(readFileSync(path))
  } catch {
    return null
  }
}

const sha = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

export interface SettingChange {
  readonly name: string
  /** False: more than there was, nothing taken away (a remote of another name, hooks where none were). */
  readonly violation: boolean
}

/** What changed between two looks. `remote`: the one that the run pushes to. */
export function settingChanges(
  before: Settings,
  after: Settings,
  remote: string | null,
): SettingChange[] {
  const found: SettingChange[] = []
  const add = (name: string, violation: boolean) => found.push({name, violation})
  const [was, is] = [before.configuration, after.configuration]
  for (const key of union(was, is)) {
    if (was[key] === is[key] || key === 'core.hookspath') continue
    const others = key.startsWith('remote.') && !key.startsWith(`remote.${remote}.`)
    const harmless = was[key] === undefined && (others || key.startsWith('extensions.'))
    add(key, !harmless)
  }
  if (before.hooksPath !== after.hooksPath) {
    // What a package's own installation does in a fresh clone: hooks inside the project, where none were.
    const installed =
      before.hooksPath === null &&
      Object.keys(before.hooks).length === 0 &&
      !isAbsolute(after.hooksPath ?? '/')
    add('core.hooksPath', !installed)
  } else {
    for (const name of union(before.hooks, after.hooks)) {
      if (before.hooks[name] !== after.hooks[name])
        add(`hooks/${name}`, before.hooks[name] !== undefined)
    }
  }
  for (const name of union(before.files, after.files))
    if (before.files[name] !== after.files[name]) add(name, true)
  if (before.shallow.join() !== after.shallow.join())
    add(
      'shallow',
      after.shallow.some((commit) => !before.shallow.includes(commit)),
    )
  return found
}

const union = (a: object, b: object) => [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()
