// The flags of lint.ts.

import {langOf, toolArguments, usage} from '../lib/base/tool-arguments.ts'
import type {Lang} from '../lib/domain/text.ts'
import {type Format, formats} from '../lib/tools/lint/report.ts'

export interface LintArguments {
  readonly help: boolean
  readonly lang: Lang
  readonly format: Format
  readonly sandbox: boolean
  readonly project?: string
}

/** Throws a `Problem` (2) for what is no flag of lint. */
export function lintArguments(words: readonly string[]): LintArguments {
  const {values, positionals} = toolArguments(words, {format: {type: 'string'}})
  const lang = langOf(values.lang)
  if (positionals.length > 0)
    throw usage(positionals.join(' '), {fr: 'aucun mot n’est attendu', en: 'no word is expected'})
  const wanted = values.format ?? (values.json ? 'json' : 'text')
  const format = formats.find((each) => each === wanted)
  if (format === undefined) throw usage(`--format ${wanted}`, formats.join(', '))
  return {
    ...{help: values.help ?? false, lang, format, sandbox: values.sandbox ?? false},
    ...(values.project !== undefined && {project: values.project}),
  }
}
