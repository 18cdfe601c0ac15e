// How a person calls the bundle's commands from the folder they stand in. What is shown to be pasted begins
// with this, so it is looked up and never assumed: npm links `postgate` only where `npm ci` has run, and in
// no folder above the bundle.

import {existsSync, realpathSync} from 'node:fs'
import {delimiter, dirname, join, relative} from 'node:path'
import {commandsWith, type Here, shellWord} from '../words/commands.ts'
import {bundleFolder} from './bundle.ts'
import {flagsOf} from './place-flags.ts'
import {pageOnScreen} from './screen.ts'

interface Standing {
  /** Where the person stands. */
  readonly folder?: string
  readonly bundle?: string
  readonly path?: string
}

/**
 * `postgate` where the PATH knows it, `npx postgate` where npx finds it, else the bundle's own file by its
 * path, which needs nothing but Node. Each only if it starts this very bundle.
 */
export function calledAs({
  folder = process.cwd(),
  bundle = bundleFolder(),
  path = process.env.PATH ?? '',
}: Standing = {}): string {
  const own = ['scripts/postgate.js', 'scripts/lib/loader/postgate.js'].map((file) =>
    real(join(bundle, file)),
  )
  const isOwn = (file: string) => existsSync(file) && own.includes(real(file))
  // npm puts the folders of its packages' programs on the PATH of what it starts; the person's has them not.
  const named = path
    .split(delimiter)
    .filter((each) => each !== '' && !/[\\/]node_modules[\\/]/.test(each))
    .map((each) => join(each, 'postgate'))
    .find((file) => existsSync(file))
  if (named !== undefined && isOwn(named)) return 'postgate'
  const linked = upwards(folder)
    .map((each) => join(each, 'node_modules/.bin/postgate'))
    .find((file) => existsSync(file))
  if (linked !== undefined && isOwn(linked)) return 'npx postgate'
  return `node ${shellWord(relative(real(folder), join(real(bundle), 'scripts/postgate.js')))}`
}

function upwards(folder: string): string[] {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...upwards(above)]
}

function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** A command's help, with its lines as they are typed from here. */
export function showHelp(text: string): void {
  process.stdout.write(pageOnScreen(pasting({flags: ''})(text)))
}

/** What a pasted command works on: the flags that name it, and its folder where that is known. */
export interface Pasting extends Pick<Here, 'flags'> {
  readonly project?: string
}

/** Makes the commands in a text such that they can be pasted from this folder, for that project. */
export function pasting({flags, project}: Pasting): (text: string) => string {
  const folder = project === undefined ? '' : relative(real(process.cwd()), real(project))
  const here = {call: calledAs(), flags, folder: folder === '' ? '' : shellWord(folder)}
  return (text) => commandsWith(text, here)
}

/** ` --project DIR` where the project is not around this folder, or nothing. */
export function sameProject(project: string, folder = process.cwd()): string {
  if (!relative(project, folder).startsWith('..')) return ''
  return flagsOf({sandbox: false, project: relative(folder, project)})
}
