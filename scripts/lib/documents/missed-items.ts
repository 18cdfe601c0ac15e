// Nothing that a person takes for an item is lost: what the bare lines of a runbook show is held against what was read
// from its tree. What was read neither as an item nor as an annotation, and is no plain prose, is an error.

import type {Bilingual} from './bilingual.ts'
import {checklist} from './checklist.ts'
import {directiveKinds} from './directive.ts'
import {type Document, DocumentError, errorAt, positionAt} from './document.ts'
import {folded} from './folded.ts'
import type {HeadingKind} from './headings.ts'
import {conflictMarkers} from './metadata.ts'
import {nearest} from './nearest.ts'
import {type Code, holding, type Outline, outline} from './outline.ts'
import {sectionAt} from './section.ts'
import {type Sign, signs} from './signs.ts'
import {speaksOfStatus} from './status-table.ts'
import {tables} from './table.ts'

/** Where a list is a list of items: each bullet there is one, or says nothing. */
export const holdItems: ReadonlySet<HeadingKind> = new Set([
  'prerequisites',
  'checks-before',
  'phase',
  'success',
  'abort',
  'rollback',
])

/** In document order, one for a line: what looks like an item or an annotation and was not read as one. */
export function missedItems(document: Document): readonly DocumentError[] {
  const read = outline(document)
  const problems = [...conflicts(document), ...statusTables(document), ...likeAnnotations(read)]
  const told = new Set(checklist(document).problems.map(({line}) => line))
  for (const {line} of problems) told.add(line)
  // The outermost task that the lines stand in, and how far in it begins.
  let task = {end: 0, indent: 0}
  for (const sign of signs(document.source)) {
    const {offset} = sign
    if (sign.type === 'box' && read.boxes.has(offset)) {
      const outermost = holding(read.tasks, offset)
      if (outermost !== undefined && offset >= task.end)
        task = {end: outermost.end, indent: sign.indent}
      continue
    }
    const detail = offset < task.end && sign.indent > task.indent
    const {line, column} = positionAt(document, offset)
    if (told.has(line)) continue
    const said = lost(sign, {document, read, detail})
    if (said === null) continue
    told.add(line)
    const rule = sign.type === 'annotation' ? 'unread-annotation' : 'unread-line'
    problems.push(new DocumentError({path: document.path, line, column, rule, ...said}))
  }
  return problems.sort((a, b) => a.line - b.line || a.column - b.column)
}

type Said = {readonly reason: Bilingual; readonly note: Bilingual}
type Place = {readonly document: Document; readonly read: Outline; readonly detail: boolean}

/** What to say of a sign that was not read; null where nobody can take it for an item. */
function lost(sign: Sign, {document, read, detail}: Place): Said | null {
  const {offset, type, bulleted} = sign
  if (offset < read.front.end) return null
  const section = sectionAt(document, offset)
  const holds = holdItems.has(section.kind)
  const comment = holding(read.comments, offset)
  const code = holding(read.code, offset)
  const fenced = code !== undefined && code.language !== null
  const words =
    code !== undefined && ['', 'text', 'txt', 'md', 'markdown'].includes(code.language ?? '')
  const told = () => sayLost(sign, {comment, code, html: holding(read.html, offset) !== undefined})
  switch (type) {
    case 'annotation':
      if (holding(read.annotations, offset) !== undefined) return null
      // A document may speak of annotations where no item is.
      if (!holds && (fenced || document.source.charAt(offset - 1) === '`')) return null
      return fenced && !words ? null : told()
    case 'box':
      if (comment !== undefined && !sign.leads) return null
      return !fenced || words || (sign.leads && (bulleted || /[ xX]/.test(sign.text)))
        ? told()
        : null
    case 'control':
      if (code !== undefined || comment !== undefined) return null
      return holds || /input/i.test(sign.text) ? told() : null
    case 'cell':
      return holds && code === undefined && comment === undefined ? told() : null
    case 'mark':
      if (holding(read.headings, offset) !== undefined || (detail && !bulleted)) return null
      if (comment !== undefined && !comment.torn) return null
      if (code !== undefined && !(words && bulleted)) return null
      return holds || (section.kind === 'prose' && section.depth > 1 && !aside.test(section.key))
        ? told()
        : null
    default:
      if (!holds || detail || sign.quoted || code !== undefined || comment !== undefined)
        return null
      if (aside.test(section.key) || (type === 'lead' && remark.test(sign.text))) return null
      if (/^(phase|rollback)$/.test(section.kind) && holding(read.introduced, offset)) return null
      return told()
  }
}

/** Subsections whose bullets are notes, and marks in them a legend. */
const aside =
  /^(notes?|remarques?|precisions?|references?|liens?|links?|legendes?|legend|annexes?|appendix|exemples?|examples?|comment lire|how to read|symboles?|symbols?)\b/
const remark =
  /^(attention|notes?|nb|n b|remarques?|important|avertissement|rappel|precision|précision|astuce|conseil|danger|info|warning|caution|tip|reminder|exemple|example|pourquoi|why)\b/i

type Cover = {
  readonly comment: {readonly torn: boolean} | undefined
  readonly code: Code | undefined
  readonly html: boolean
}

function sayLost(sign: Sign, {comment, code, html}: Cover): Said {
  const {text} = sign
  if (sign.type === 'annotation') {
    return {
      reason: {
        fr: `« ${text} » ressemble à une annotation et n’est pas lu comme une annotation`,
        en: `"${text}" looks like an annotation and is not read as one`,
      },
      note: {
        fr: 'l’écrire `<!-- check: nom -->`, sur la ligne de son point, deux tirets et des lettres ordinaires, sans barre inverse ni accent grave',
        en: 'write it `<!-- check: name -->` on the line of its item, with two hyphens and plain letters, no backslash and no backticks',
      },
    }
  }
  const what = {
    ...{box: {fr: 'une case', en: 'a box'}, mark: {fr: 'un point marqué', en: 'a marked item'}},
    ...{
      cell: {fr: 'un point marqué', en: 'a marked item'},
      bullet: {fr: 'un point', en: 'an item'},
    },
    ...{lead: {fr: 'un point', en: 'an item'}, control: {fr: 'un point', en: 'an item'}},
  }[sign.type]
  return {
    reason: {
      fr: `« ${text} » : cette ligne ressemble à ${what.fr} et n’est lue comme aucun`,
      en: `"${text}": this line looks like ${what.en} and is read as none`,
    },
    note: mend(sign, {comment, code, html}),
  }
}

function mend(sign: Sign, {comment, code, html}: Cover): Bilingual {
  if (comment !== undefined)
    return comment.torn
      ? {
          fr: 'un commentaire commencé plus haut la cache : le fermer par `-->` avant elle',
          en: 'a comment that began above hides it: close that with `-->` before it',
        }
      : {
          fr: 'la sortir du commentaire, ou la supprimer : Git garde ce qui a été supprimé',
          en: 'take it out of the comment, or delete it: git keeps what was deleted',
        }
  if (code !== undefined)
    return code.language === null
      ? {
          fr: 'quatre espaces ou une tabulation en font du code : la ramener au bord de la ligne',
          en: 'four spaces or a tab make code of it: move it to the start of the line',
        }
      : {
          fr: 'la sortir du bloc de code',
          en: 'take it out of the fence',
        }
  if (html || sign.type === 'control')
    return {
      fr: 'l’écrire en Markdown, `- [ ] **Titre** : …`, avec une ligne vide entre le HTML et elle',
      en: 'write it in Markdown, `- [ ] **Title** : …`, with an empty line between the HTML and it',
    }
  return {
    fr: 'pour un point, écrire `- [ ] **Titre** : …` sur une ligne à elle ; pour une précision, la mettre en retrait sous son point ; pour une note, en faire une phrase',
    en: 'for an item write `- [ ] **Title** : …` on a line of its own; indent what only details the item above; make a sentence of a note',
  }
}

function conflicts(document: Document): DocumentError[] {
  return conflictMarkers(document.source).map((line) => {
    const reason = {
      fr: 'cette ligne est la marque d’un conflit de fusion',
      en: 'this line is the marker of a merge conflict',
    }
    const note = {
      fr: 'résoudre le conflit, et ne garder qu’un des deux textes',
      en: 'resolve the conflict, and keep one of the two texts',
    }
    const {path} = document
    return new DocumentError({path, line, column: 1, reason, note, rule: 'merge-conflict'})
  })
}

/** Rows below a head that speaks of a status, be their cells empty: a table of items, which nothing reads. */
function statusTables(document: Document): DocumentError[] {
  return tables(document)
    .filter(({section}) => holdItems.has(section.kind))
    .filter(({header}) => header.some(({text}) => speaksOfStatus(text)))
    .flatMap(({rows}) =>
      rows.map(({cells, position}) => {
        const text = cells.map((cell) => cell.text).join(' | ')
        const sign = {...tableSign, text, offset: position.offset}
        const said = sayLost(sign, {comment: undefined, code: undefined, html: false})
        return errorAt(document, position.offset, said.reason, {rule: 'unread-line', ...said})
      }),
    )
}

const tableSign: Omit<Sign, 'text' | 'offset'> = {
  ...{type: 'cell', indent: 0, leads: true, bulleted: false, quoted: false},
}

/** Comments of items that are short as annotations are, with a word that no annotation begins with. */
function likeAnnotations({document, comments: all, tasks, annotations}: Outline): DocumentError[] {
  return all.flatMap(({start, text, torn}) => {
    if (torn || holding(tasks, start) === undefined) return []
    if (holding(annotations, start) !== undefined || !isShort(folded(text).text)) return []
    const said = sayLost(
      {...tableSign, type: 'annotation', text: text.trim(), offset: start},
      {comment: undefined, code: undefined, html: false},
    )
    return [errorAt(document, start, said.reason, {rule: 'unread-annotation', ...said})]
  })
}

/** One word, or `word: name key=value`, or two words of which the first is nearly one of ours; other tools' words are none. */
function isShort(text: string): boolean {
  const words = text.replace(/^[\s*_~`"'-]+|[\s*_~`"'-]+$/g, '')
  const [first = '', second, ...more] = words.split(/\s+/)
  if (ordinary.test(first)) return false
  if (second === undefined) return /\p{L}/u.test(first)
  if (/(?:^|\s)[a-z][\w-]*=\S/.test(words)) return true
  const kind = first.toLowerCase().replace(/[^\p{L}]+$/u, '')
  const near =
    directiveKinds.some((known) => kind.startsWith(known)) ||
    nearest(kind, directiveKinds, kind.length > 4 ? 2 : 1)
  if (more.length === 0 && near) return true
  return /^\p{L}[\p{L}_-]*(?:\s+[\p{L}_-]+)?\s*[:=;,]\s*[\w.-]+(?:[\s,]+[\w-]+(?:=(?:"[^"]*"|\S+))?)*$/u.test(
    words,
  )
}

const ordinary =
  /^(todo|fixme|xxx|hack|nota|note|nb|see|voir|cf|ref|source|author|auteur|date|prettier|markdownlint|dprint|remark|textlint|vale|cspell|toc|tocstop|end|postgate)\b/i
