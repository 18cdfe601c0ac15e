// What tests of a freeze read and write in a copy of the bundle: documents, and answers that people gave.

import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {parse, stringify} from 'yaml'
import type {Bundle} from './bundle.ts'

/** The last document of that name in the sandbox's `docs/`; '' where there is none. */
export function document({project}: Bundle, name: RegExp): string {
  const folder = join(project, 'docs')
  const found = readdirSync(folder)
    .filter((each) => name.test(each))
    .sort()
    .at(-1)
  return found === undefined ? '' : readFileSync(join(folder, found), 'utf8')
}

/** The sandbox's own answers with some changed, as a file for `--answers`. */
export function answersFile(
  {path}: Pick<Bundle, 'path'>,
  changes: Readonly<Record<string, {answer?: string; observed: string}>>,
): string {
  const given = parse(readFileSync(join(path, '.sandbox/answers.yaml'), 'utf8'))
  for (const [title, change] of Object.entries(changes))
    given.answers[title] = {...given.answers[title], ...change}
  const file = join(path, 'answers.yaml')
  writeFileSync(file, stringify(given))
  return file
}
