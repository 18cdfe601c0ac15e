// The values of a YAML document that a person wrote by hand, and where each stands, for errors that say their
// line. What YAML reads as something else than the text that was meant (emphasis as an alias, a list of aliases
// that grows without end) is told at its line.

import {type Document, isMap, isScalar, type LineCounter, visit, type YAMLError} from 'yaml'
import type {Text} from '../domain/text.ts'

/** Aliases stand for what is written elsewhere: as many as anybody needs, and no bomb. */
const aliasesMost = 100

export type YamlValues =
  | {readonly value: unknown}
  | {readonly at: LineAndColumn; readonly why: Text}

/** Never throws: what cannot be read is told with its place. */
export function yamlValues(document: Document, lines: LineCounter): YamlValues {
  const [error] = document.errors
  if (error !== undefined) return {at: placeAt(lines, error.pos[0]), why: wordsOf(error)}
  let wrong: YamlValues | null = null
  let aliases = 0
  visit(document, {
    Alias(_key, node) {
      aliases += 1
      const at = placeAt(lines, node.range?.[0] ?? 0)
      if (node.resolve(document) === undefined) wrong = {at, why: noAlias(node.source)}
      else if (aliases > aliasesMost) wrong = {at, why: tooMany}
      return wrong === null ? undefined : visit.BREAK
    },
  })
  if (wrong !== null) return wrong
  try {
    return {value: document.toJS({maxAliasCount: aliasesMost})}
  } catch (thrown) {
    const why = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown)
    return {at: {line: 1, column: 1}, why: /alias/i.test(why) ? tooMany : why}
  }
}

function placeAt(lines: LineCounter, offset: number): LineAndColumn {
  const {line, col} = lines.linePos(offset)
  return {line, column: col}
}

/** `*OK*` was meant as emphasis. */
const noAlias = (name: string): Text => ({
  fr: `*${name} se lit comme un renvoi YAML à « ${name} », qui n’existe pas ; un texte qui commence par * s’écrit entre guillemets : "*${name}"`,
  en: `*${name} reads as a YAML alias of “${name}”, which does not exist; a text that begins with * is written in quotes: "*${name}"`,
})

const tooMany: Text = {
  fr: `plus de ${aliasesMost} renvois YAML (*nom) : écrire les valeurs elles-mêmes`,
  en: `more than ${aliasesMost} YAML aliases (*name): write the values themselves`,
}

function wordsOf({message}: YAMLError): Text {
  const said = message.split('\n')[0] ?? ''
  return {
    fr: `${said} (un texte qui contient « : » ou qui commence par * & ! @ % \` | > # - ? { [ s’écrit entre guillemets)`,
    en: `${said} (a text that holds ": " or begins with * & ! @ % \` | > # - ? { [ is written in quotes)`,
  }
}

export interface LineAndColumn {
  readonly line: number
  readonly column: number
}

/** The place of `path`, or of the nearest that is there on the way to it; the first line where nothing is. */
export function placeIn(
  document: Pick<Document, 'getIn'>,
  lines: LineCounter,
  path: readonly (string | number)[],
  key?: string,
): LineAndColumn {
  const unknown = key === undefined ? null : keyIn(document.getIn(path, true), key)
  if (unknown !== null) {
    const {line, col} = lines.linePos(unknown)
    return {line, column: col}
  }
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      const {line, col} = lines.linePos(Number(node.range[0]))
      return {line, column: col}
    }
  }
  return {line: 1, column: 1}
}

/** Where a key begins in a map, from the document's first character on. */
function keyIn(map: unknown, key: string): number | null {
  if (!isMap(map)) return null
  const pair = map.items.find((each) => isScalar(each.key) && each.key.value === key)
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? null) : null
}
