// How a problem is told: what, why, next. A defect of ours shows its stack and says where to report it.

import type {JsonOutput} from '../domain/json-outputs.ts'
import type {Problem} from '../domain/problem.ts'
import {inLang, type Lang, spoken, type Text} from '../domain/text.ts'

/** `complete` makes the commands in it such that they can be pasted. */
export function problemWords(
  error: Problem,
  lang: Lang,
  complete: (text: string) => string = (text) => text,
): string {
  const {what, why, next, at} = error.parts
  const head = inLang(what, lang)
  const place =
    at === undefined ? '' : `${at.path}:${at.line}${at.column === undefined ? '' : `:${at.column}`}`
  const labels = lang === 'fr' ? {why: 'raison', next: 'suite '} : {why: 'why ', next: 'next'}
  return [
    place === '' || head.startsWith(place) ? head : `${place}: ${head}`,
    ...row(labels.why, why, lang),
    ...row(labels.next, next === undefined ? next : complete(inLang(next, lang)), lang),
    '',
  ].join('\n')
}

function row(label: string, text: Text | undefined, lang: Lang): string[] {
  if (text === undefined || text === '') return []
  const [first = '', ...rest] = inLang(text, lang).split('\n')
  return [`  ${label}  ${first}`, ...rest.map((line) => `  ${' '.repeat(label.length)}  ${line}`)]
}

/** The same for a machine: one JSON line, in one language. */
export function problemJson(
  error: Problem,
  lang: Lang,
  complete: (text: string) => string = (text) => text,
): string {
  const {what, why = '', next = '', exit, at = null} = error.parts
  const output: JsonOutput<'problem'> = {
    problem: {what, why, next: complete(inLang(next, lang)), exit, at},
  }
  return `${JSON.stringify(spoken(output, lang))}\n`
}

export function defect(error: unknown, lang: Lang): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return lang === 'fr'
    ? `Défaut de Postgate : ceci ne devait pas arriver. Rien n’est perdu : le journal est à jour.\n${stack}\n  suite   relancer la même commande ; signaler ce texte aux mainteneurs de Postgate\n`
    : `A defect of Postgate: this should not have happened. Nothing is lost: the journal is up to date.\n${stack}\n  next  run the same command again; report this text to the maintainers of Postgate\n`
}
