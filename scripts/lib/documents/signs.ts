// What a person takes for an item when they look at the bare lines of a document: boxes, status marks, bullets, bold
// leads, annotations. Seen without Markdown's tree, so that the two readings can be held against each other.

import {folded} from './folded.ts'
import {markAhead} from './status.ts'

export type Sign = {
  readonly type: 'box' | 'mark' | 'cell' | 'bullet' | 'lead' | 'control' | 'annotation'
  /** Where it begins in the source. */
  readonly offset: number
  /** As the eye takes it. */
  readonly text: string
  /** Columns before it in its line, marks of quotes not counted. */
  readonly indent: number
  /** Whether it opens its line, after a bullet or without one. */
  readonly leads: boolean
  readonly bulleted: boolean
  readonly quoted: boolean
}

/** The signs of a whole source, in its order. */
export function signs(source: string): readonly Sign[] {
  const seen = folded(source)
  const found: Sign[] = []
  let before = ''
  for (const {0: whole, index: start} of seen.text.matchAll(/[^\r\n]*(?:\r\n|\n|\r|$)/g)) {
    const line = whole.replace(/[\r\n]+$/, '')
    if (line.trim() !== '') {
      const at = (index: number) => seen.at(start + index)
      for (const sign of lineSigns(line, before, (index) => source.charAt(at(index)))) {
        found.push({...sign, offset: at(sign.offset)})
      }
    }
    before = line
  }
  for (const {offset, text} of annotations(seen.text)) {
    found.push({...elsewhere, type: 'annotation', offset: seen.at(offset), text})
  }
  return found.sort((a, b) => a.offset - b.offset)
}

const elsewhere = {indent: 0, leads: false, bulleted: false, quoted: false}

// Bullets of keyboards and of word processors, numbers and letters; `**` begins bold words and is none.
const bullet = String.raw`(?:[-+*](?=[ \t]|$|[[({]|\p{So})|[•‣⁃◦∙●○▪▸►➔➜➤→❖✦·]|-(?=\*\*|__|\p{Lu})|(?:\d{1,3}[.)°]|[a-z][.)])(?=[ \t]|$|\*\*|__|[[({]|\p{So}|\p{Lu}))`
const bullets = new RegExp(`^(?:${bullet}[ \\t]*)+`, 'u')
const containers = /^[ \t]*(?:>[ \t]*)*(?:(?:#{1,6}|\/\/|-->|<!-+)[ \t]*)?/
const dressing = /^(?:<\/?[a-z][^>]*>|[*_~`"'«|]|[ \t])*/i

/** `inSource`: the character of the source that stands at an index of the line. */
function lineSigns(line: string, before: string, inSource: (index: number) => string): Sign[] {
  const prefix = containers.exec(line)?.[0] ?? ''
  const bulletText = bullets.exec(line.slice(prefix.length))?.[0] ?? ''
  const dressed = line.slice(prefix.length + bulletText.length)
  const dress = dressing.exec(dressed)?.[0] ?? ''
  const rest = dressed.slice(dress.length)
  const start = line.length - rest.length
  const place = {
    indent: prefix.replace(/.*>[ \t]?/, '').replaceAll('\t', '    ').length,
    ...{leads: true, bulleted: bulletText !== '', quoted: prefix.includes('>')},
  }
  const found: Sign[] = []
  const add = (type: Sign['type'], offset: number, text: string, leads = true) =>
    found.push({...place, leads, type, offset, text})

  // A line that opens with code speaks of a box; one with a bullet before the code is taken for one.
  const coded = dress.includes('`') && bulletText === ''
  const boxed = coded ? null : leadingBox(rest)
  const mark = coded ? null : markAhead(rest)
  const wrapped = () => inSource(prefix.length) !== '-' && isMidSentence(before, rest)
  if (boxed !== null) add('box', start, boxed)
  else if (mark !== null) add('mark', start, mark)
  else if (bulletText !== '' && rest !== '' && !wrapped()) {
    add('bullet', prefix.length, bulletText.trim())
  } else if (isLead(dressed) && !/[#/]/.test(prefix)) add('lead', prefix.length, rest.slice(0, 40))
  const from = boxed === null ? 0 : start + boxed.length
  for (const {offset, text} of innerBoxes(line, from)) add('box', offset, text, false)
  for (const {offset, text} of cells(line)) if (offset > start) add('cell', offset, text, false)
  const control = /<(?:input|li|td|th|option)\b/i.exec(line)
  if (control !== null && boxed === null) add('control', control.index, control[0], false)
  return found
}

/** A long dash that a wrapped sentence happens to begin its line with. */
function isMidSentence(before: string, rest: string): boolean {
  return /[^\s.:;]\s*$/.test(before) && !bullets.test(before.trimStart()) && /^\p{Ll}/u.test(rest)
}

const box = /^(?:\[([^\][\n]{0,12})\]|\(([ \t]{1,3})\)|\{([ \t]{0,3})\})/

/** `[ ]`, `[x]`, `[~]`, `[KO]`, `( )`: what opens a line like a box; not a link, a footnote or a callout. */
function leadingBox(rest: string): string | null {
  const match = box.exec(rest)
  if (match === null) return null
  const [whole, inside] = match
  if (inside === undefined || /^\s*$/.test(inside)) return whole
  if (/^[(:[]/.test(rest.slice(whole.length)) || /^\^|^\d+$|^![a-z]{2}/i.test(inside)) return null
  const word = inside.trim()
  return [...word].length === 1 || statusWord.test(word) || /^[^\p{L}\p{N}]+$/u.test(word)
    ? whole
    : null
}

const statusWord =
  /^(no|ko|ok|nok|go|no-go|oui|non|yes|n\/?a|todo|wip|tbd|done|fait|pass|fail|à faire|a faire|en cours|open|vrai|faux|true|false|xx|on|off)$/i

/** Boxes further on in a line than `start`: only what can be nothing else. */
function innerBoxes(line: string, start: number): {offset: number; text: string}[] {
  if (!line.includes('[', start)) return []
  const found = [...line.matchAll(anyBox)]
    .filter(({index}) => index >= start)
    .map(({index, 0: text}) => ({offset: index, text}))
  if (found.length === 0) return found
  const coded = [...line.matchAll(/(`+)(?:(?!\1)[^\n])*?[^`]\1(?!`)|<!--.*?-->/g)]
  return found.filter(
    ({offset}) =>
      !coded.some((span) => offset > span.index && offset < span.index + span[0].length),
  )
}

const anyBox = /(?<![\w\])])\[(?: {1,3}|\t|[ \t]?[xX✓✔✗✘√][ \t]?)\](?![[(:])/gu

/** Cells of a table's row that hold a mark. */
function cells(line: string): {offset: number; text: string}[] {
  if (!line.includes('|')) return []
  return [...line.matchAll(/[^|]+/g)].flatMap(({0: cell, index}) => {
    const lead = /^[\s*_~`]*/.exec(cell)?.[0].length ?? 0
    const mark = markAhead(cell.slice(lead))
    return mark === null ? [] : [{offset: index + lead, text: mark}]
  })
}

/** `**Title** : words` or `**Title :** words` on a line of its own. */
function isLead(text: string): boolean {
  return /^(?:\*\*|__)(?=\S)[^*_\n]{2,120}?(?:\s*:\s*(?:\*\*|__)|(?:\*\*|__)\s*:)/.test(text)
}

const kinds = 'check|step|trigger|attest|risk|rule|condition|optional'
const cousins =
  'checks|controle|contrôle|verification|vérification|vérif|verif|verify|etape|étape|steps|declencheur|déclencheur|attestation|attester|risque|risks|regle|règle|optionnel|optionnelle|facultatif|facultative'
const opener = String.raw`(?:<[ \t]{0,4}!?[ \t]{0,4}-{1,9}|<[ \t]{0,4}![ \t]{0,4}|<[ \t]{0,4}\?|<%-{0,4}|\{[ \t]{0,4}\/\*{1,4}|\/\*{1,4}|\[[^\]\n]{0,12}\][ \t]*:[ \t]*#[ \t]*[("']?|%%|\{#|\{\{!-{0,4}|\{%[ \t]*comment|\([ \t]*!?--+|<comment>)`
const dress = String.raw`[\s*_~\x60"'-]{0,40}`
const params = String.raw`(?:[\s,]+[\w-]+(?:=(?:"[^"\n]*"|[^\s"<>]+))?)*`
const closer = String.raw`\s*(?:-+[ \t]*!?[ \t]*>|!?>|\*+\/|%%|#\}|--+\)|%>|\?>|["')]\s*$|$)`
const opened = new RegExp(
  `${opener}${dress}(?:(?:postgate[\\s:/.-]*)?(?:${kinds}|${cousins})(?:${dress}[:=]|${dress}\\s+[\\w-]+(?:\\s*=|\\s+[\\w-]+=)|${dress}\\s+[a-z][\\w-]*(?:\\s+(?:optional|optionnel))?${closer})|(?:attest|optional|${cousins})${dress}${closer})`,
  'gimu',
)
const closed = new RegExp(
  `(?<![\\p{L}-])(?:${kinds})\\s*[:=]\\s*[a-z][\\w-]*${params}\\s*(?:-+[ \\t]*!?[ \\t]*>|\\*+\\/|%%|#\\})`,
  'gimu',
)
const within = new RegExp(
  `<!-{1,9}[^<>\\n]{0,400}?(?<![\\p{L}-])(?:${kinds})\\s*:\\s*[a-z][\\w-]*`,
  'gimu',
)

/** What was meant as the comment that says what proves an item, however it is written. */
function annotations(text: string): {offset: number; text: string}[] {
  const found = new Map<number, string>()
  for (const pattern of [opened, within]) {
    for (const {index, 0: words} of text.matchAll(pattern)) found.set(index, words)
  }
  for (const {index, 0: words} of text.matchAll(closed)) {
    const lead = text.slice(Math.max(0, index - 200), index)
    const open = Math.max(lead.lastIndexOf('<'), lead.lastIndexOf('{'), lead.lastIndexOf('%%'))
    const inside = open >= 0 && !lead.slice(open).includes('\n') && !/-->/.test(lead.slice(open))
    const at = inside ? index - lead.length + open : index
    if (!found.has(at)) found.set(at, words)
  }
  return [...found].map(([offset, words]) => ({offset, text: words.slice(0, 80).trim()}))
}
