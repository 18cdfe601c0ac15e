// The packages of a repository for Node, and which of their scripts a command runs: npm, pnpm, yarn and bun,
// with workspaces and folders as their command lines name them.

import {dirname, normalize} from 'node:path'

export interface NodePackage {
  /** '' is the root. */
  readonly folder: string
  readonly name: string | null
  readonly scripts: Readonly<Record<string, string>>
  /** Those for development too. */
  readonly dependencies: readonly string[]
  /** Folders of its workspaces, as patterns. */
  readonly workspaces: readonly string[]
}

interface Files {
  readonly paths: readonly string[]
  readonly text: (path: string) => Promise<string | null>
}

/** Every one that can be read, by folder, without what lies in node_modules. */
export async function nodePackages({paths, text}: Files): Promise<readonly NodePackage[]> {
  const found: NodePackage[] = []
  for (const path of [...paths].sort()) {
    if (!/(^|\/)package\.json$/.test(path) || /(^|\/)node_modules\//.test(path)) continue
    const read = packageOf((await text(path)) ?? '', folderOf(path))
    if (read !== null) found.push(read)
  }
  return found
}

const folderOf = (path: string) => dirname(path).replace(/^\.$/, '')

function packageOf(source: string, folder: string): NodePackage | null {
  try {
    const read: unknown = JSON.parse(source)
    if (typeof read !== 'object' || read === null) return null
    const own = (key: string): unknown => Reflect.get(read, key)
    const texts = (value: unknown) =>
      Object.entries(typeof value === 'object' && value !== null ? value : {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      )
    const list = own('workspaces')
    const patterns = Array.isArray(list) ? list : texts(list).length === 0 ? packagesOf(list) : []
    const name = own('name')
    return {
      folder,
      name: typeof name === 'string' && name !== '' ? name : null,
      scripts: Object.fromEntries(texts(own('scripts'))),
      dependencies: ['dependencies', 'devDependencies'].flatMap((key) =>
        texts(own(key)).map(([each]) => each),
      ),
      workspaces: patterns.filter((each) => typeof each === 'string'),
    }
  } catch {
    return null
  }
}

/** `workspaces: {packages: [...]}`, as yarn also reads it. */
function packagesOf(value: unknown): readonly unknown[] {
  const packages: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'packages') : null
  return Array.isArray(packages) ? packages : []
}

export interface ScriptCall {
  readonly script: string
  /** Of the package at hand, of all its workspaces, or of those that are named, by name or folder. */
  readonly of: 'here' | 'all' | readonly string[]
}

export const isManager = (program: string): boolean => /^(?:npm|pnpm|yarn|bun)$/.test(program)

const withValue = /^(?:-w|-C|-F|--workspace|--prefix|--filter|--cwd|--dir)$/
const forAll = /^(?:-ws|-r|--workspaces|--recursive)$/
const noScript =
  /^(?:install|ci|add|exec|dlx|x|i|init|create|pack|publish|version|config|pkg|link|why|audit)$/

/** null for what runs no script. */
export function scriptCall(manager: string, words: readonly string[]): ScriptCall | null {
  const named: string[] = []
  let all = false
  const plain: string[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    const [, flag = word, value] = /^(--[a-z]+)=(.*)$/.exec(word) ?? []
    if (word === '--') break
    if (forAll.test(flag)) all = true
    else if (withValue.test(flag)) named.push(value ?? words[++index] ?? '')
    else if (!word.startsWith('-')) plain.push(word)
  }
  if (manager === 'yarn' && plain[0] === 'workspace') named.push(...plain.splice(0, 2).slice(1))
  if (manager === 'yarn' && plain[0] === 'workspaces') {
    all = true
    plain.splice(0, plain[1] === 'foreach' ? 2 : 1)
  }
  const [first = '', second] = plain
  const runs = first === 'run' || first === 'run-script'
  const bare = manager !== 'npm' || /^(?:test|start)$/.test(first) ? first : ''
  const script = runs ? (second ?? '') : noScript.test(bare) ? '' : bare
  if (script === '') return null
  return {script, of: all ? 'all' : named.length > 0 ? named : 'here'}
}

/** The packages whose script that is; those of a name or folder that nobody knows are none. */
export function calledPackages(
  {of, script}: ScriptCall,
  at: NodePackage,
  packages: readonly NodePackage[],
): readonly NodePackage[] {
  if (of === 'here') return [at]
  const below = (path: string) => normalize(`${at.folder || '.'}/${path}`).replace(/\/$/, '')
  if (of !== 'all')
    return packages.filter(({folder, name}) =>
      of.some((each) => each === name || below(each) === (folder || '.')),
    )
  const patterns = at.workspaces.map(below)
  return packages.filter(
    ({folder, scripts}) =>
      folder !== at.folder &&
      script in scripts &&
      (patterns.length === 0 || patterns.some((each) => matches(each, folder))),
  )
}

/** Whether another package has it for a workspace: they are installed together. */
export const isWorkspace = (folder: string, packages: readonly NodePackage[]): boolean =>
  packages.some((root) =>
    root.workspaces.some((each) => matches(normalize(`${root.folder || '.'}/${each}`), folder)),
  )

const matches = (pattern: string, folder: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/\*\*?/g, (stars) => (stars === '**' ? '.*' : '[^/]*'))}$`,
  ).test(folder)
