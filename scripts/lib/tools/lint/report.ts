// How lint tells what it found: one line a finding for people, annotations for a forge, or JSON.

import type {DocumentError, DocumentMessage} from '../../documents/document.ts'
import type {JsonOutput} from '../../domain/json-outputs.ts'
import {inLang, type Lang, type Text} from '../../domain/text.ts'
import {counted, words} from '../../words/observed.ts'

export const formats = ['text', 'github', 'json'] as const
export type Format = (typeof formats)[number]

export type PolicyDocument = JsonOutput<'lint'>['documents'][number]

interface LintWords {
  readonly format: Format
  readonly lang: Lang
  /** How many documents were looked at. */
  readonly files: number
  /** Told beside the findings. */
  readonly notes?: readonly Text[]
  /** The texts that were read. */
  readonly documents?: readonly PolicyDocument[]
}

/** Sorted by file and place; ends with a newline. */
export function lintReport(
  found: readonly DocumentError[],
  {format, lang, files, notes = [], documents = []}: LintWords,
): string {
  const findings = found
    .map((each) => each.in(lang))
    .sort((a, b) => a.path.localeCompare(b.path) || a.line - b.line || a.column - b.column)
  const said = notes.map((each) => inLang(each, lang))
  switch (format) {
    case 'json':
      return published({files, documents, findings: findings.map(asData), notes: said})
    case 'github':
      return findings.map(annotation).join('')
    case 'text':
      return `${findings.map((each) => line(each, lang)).join('')}${[...said, ...documents.map((each) => readLine(each, lang)), total(findings.length, files, lang)].join('\n')}\n`
  }
}

function readLine({path, origin, sha256}: PolicyDocument, lang: Lang): string {
  const whose = {
    project: {fr: 'du projet', en: 'the project’s'},
    bundle: {fr: 'de Postgate', en: 'Postgate’s'},
  }[origin][lang]
  return lang === 'fr'
    ? `lu : ${path} (${whose}, SHA-256 ${sha256.slice(0, 16)})`
    : `read: ${path} (${whose}, SHA-256 ${sha256.slice(0, 16)})`
}

const published = (output: JsonOutput<'lint'>) => `${JSON.stringify(output, null, 2)}\n`

const asData = ({path, line, column, reason, ruleId, expected, note}: DocumentMessage) => ({
  ...{path, line, column, rule: ruleId, reason, expected},
  note: note ?? null,
})

function line({message, ruleId, note}: DocumentMessage, lang: Lang): string {
  const mend = lang === 'fr' ? 'remède :' : 'mend:'
  return `${message} [${ruleId}]\n${note === undefined ? '' : `    ${mend} ${note}\n`}`
}

/** A workflow command: GitHub shows it beside the line. */
function annotation({path, line: row, column, reason, ruleId, note}: DocumentMessage): string {
  const words = note === undefined ? reason : `${reason}\n${note}`
  const place = `file=${property(path)},line=${row},col=${column},title=${property(ruleId)}`
  return `::error ${place}::${data(words)}\n`
}

const data = (text: string) =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

function total(count: number, files: number, lang: Lang): string {
  const documents = counted(files, ['document', 'documents'], ['document', 'documents'])
  const findings = counted(count, ['constat', 'constats'], ['finding', 'findings'])
  return inLang(
    count === 0
      ? words`${documents}, ${{fr: 'rien à redire', en: 'nothing to mend'}}`
      : words`${findings} ${{fr: 'dans', en: 'in'}} ${documents}`,
    lang,
  )
}
