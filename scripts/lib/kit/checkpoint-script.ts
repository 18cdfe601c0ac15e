// What is told alike of every script that a project names and a run starts in the checkpoint's folder: the
// builder's, and that of the reset.

import {envReferences} from '../domain/env-references.ts'
import {inLang, type Text} from '../domain/text.ts'
import {fail, type Judgement} from '../domain/verdict.ts'
import type {CommittedFiles} from './ports/committed-files.ts'

export const notExecutable = (path: string): Judgement =>
  fail(
    {
      fr: `${path} n’est pas exécutable dans le checkpoint`,
      en: `${path} is not executable in the checkpoint`,
    },
    {next: `git update-index --chmod=+x ${path}`},
  )

/** The env files that `text` reads by their own path, of those that are `known`: the checkpoint has none of them. */
export async function missingEnvFiles(
  text: string,
  known: readonly string[],
  files: CommittedFiles,
): Promise<string[]> {
  const missing: string[] = []
  for (const path of envReferences(text, known))
    if ((await files.executable(path)) === null) missing.push(path)
  return missing
}

/** `script`: its path or its name; `next`: where it finds the values instead. */
export const readsMissing = (script: Text, missing: readonly string[], next: Text): Judgement =>
  fail(
    {
      fr: `${inLang(script, 'fr')} lit ${missing.join(', ')}, que le dossier du checkpoint n’a pas`,
      en: `${inLang(script, 'en')} reads ${missing.join(', ')}, which the checkpoint’s folder does not have`,
    },
    {next},
  )
