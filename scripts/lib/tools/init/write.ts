// Writes what is not there yet, and never touches what is: a file is made only where none stands, and
// ignore rules are added behind those that a person wrote.

import {appendFile, mkdir, readFile, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import type {Repository} from '../../store/git/repository.ts'

export interface Written {
  readonly path: string
  readonly what: 'written' | 'kept' | 'extended'
}

/** `dry`: says what would happen. `mode`: who may read what is new. */
export async function writeMissing(
  root: string,
  files: ReadonlyMap<string, string>,
  {dry, mode = 0o666}: {readonly dry: boolean; readonly mode?: number},
): Promise<Written[]> {
  const written: Written[] = []
  for (const [path, text] of files) {
    const absolute = join(root, path)
    const there = await readFile(absolute).then(
      () => true,
      () => false,
    )
    written.push({path, what: there ? 'kept' : 'written'})
    if (there || dry) continue
    await mkdir(dirname(absolute), {recursive: true})
    await writeFile(absolute, text, {flag: 'wx', mode})
  }
  return written
}

/** Rules for the env files that git does not ignore yet, at the end of `.gitignore`. */
export async function ignoreEnvFiles(
  repository: Repository,
  paths: readonly string[],
  dry: boolean,
): Promise<Written[]> {
  const open: string[] = []
  for (const path of paths) if (!(await repository.isIgnored(path))) open.push(path)
  if (open.length === 0) return []
  const file = join(repository.root, '.gitignore')
  const before = await readFile(file, 'utf8').catch(() => null)
  const gap = before === null || before === '' ? '' : before.endsWith('\n') ? '\n' : '\n\n'
  const rules = open.map((path) => `/${path}\n`).join('')
  if (!dry) await appendFile(file, `${gap}# Secrets: never committed.\n${rules}`)
  return [{path: '.gitignore', what: before === null ? 'written' : 'extended'}]
}
