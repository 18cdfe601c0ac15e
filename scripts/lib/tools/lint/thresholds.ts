// The words of an item and the parameters in its comment say the same: "> 5 %" beside `above=3%` would
// have people believe one threshold and the machine judge by another.

import type {Directive} from '../../documents/directive.ts'
import {parseDuration} from '../../domain/duration.ts'
import type {LintFinding} from '../../lint/finding.ts'
import type {PolicyItem, Runbook} from '../../policy/runbook.ts'

type Kind = 'percentage' | 'duration' | 'count'

interface Figure {
  readonly kind: Kind
  /** Percent, milliseconds or a number. */
  readonly value: number
  readonly written: string
}

/** Each figure in an item's words is one of its parameters, where it has parameters of that kind. */
export function thresholdFindings(runbook: Runbook): LintFinding[] {
  return runbook.items.flatMap(disagreements)
}

function disagreements(item: PolicyItem): LintFinding[] {
  const {directive} = item
  if (directive === null) return []
  const parameters = parametersOf(directive)
  const known = (kind: Kind) => parameters.filter((each) => each.kind === kind)
  return figuresIn(`${item.title} : ${item.detail}`)
    .filter(({kind}) => known(kind).length > 0)
    .filter(({kind, value}) => !known(kind).some((each) => each.value === value))
    .map(({kind, written}) => {
      const place = known(kind)[0]
      const legal = known(kind).map((each) => each.written)
      return {
        at: place?.at ?? directive.position,
        reason: {
          fr: `le texte dit « ${written} », le commentaire ${legal.join(', ')}`,
          en: `the words say "${written}", the comment ${legal.join(', ')}`,
        },
        rule: 'threshold',
        note: {
          fr: 'écrire la même valeur des deux côtés ; le script juge d’après le commentaire',
          en: 'write the same figure in both; the script judges by the comment',
        },
      }
    })
}

type Placed = Figure & {readonly at: {readonly line: number; readonly column: number}}

function parametersOf({parameters}: Directive): Placed[] {
  return [...parameters].flatMap(([key, {value, line, column}]) => {
    const figure = parameter(key, value)
    return figure === null ? [] : [{...figure, written: `${key}=${value}`, at: {line, column}}]
  })
}

const unitNames = /(?:^|-)(seconds|minutes|hours|days)$/

function parameter(key: string, value: string): Omit<Figure, 'written'> | null {
  const percentage = /^(\d+(?:[.,]\d+)?)%$/.exec(value)?.[1]
  if (percentage !== undefined) return {kind: 'percentage', value: numberOf(percentage)}
  const duration = parseDuration(value)
  if (duration !== undefined) return {kind: 'duration', value: duration}
  if (!/^\d+$/.test(value)) return null
  const unit = unitNames.exec(key)?.[1]?.charAt(0)
  return unit === undefined
    ? {kind: 'count', value: Number(value)}
    : {kind: 'duration', value: parseDuration(`${value}${unit}`) ?? 0}
}

// Not "un": it is an article more often than a number.
const words: Readonly<Record<string, number>> = {
  ...{deux: 2, trois: 3, quatre: 4, cinq: 5, six: 6, sept: 7, huit: 8, neuf: 9},
  ...{dix: 10, douze: 12, quinze: 15, vingt: 20, trente: 30, quarante: 40, soixante: 60},
  ...{two: 2, three: 3, four: 4, five: 5, ten: 10, twelve: 12, thirty: 30, sixty: 60},
}
const amount = `(\\d+(?:[.,]\\d+)?|${Object.keys(words).join('|')})`
// One adjective may stand between: "les 30 premières minutes".
const between = String.raw`\s*(?:\p{L}+\s+)?`
const counted =
  'cycles?|fois|requêtes?|tentatives?|mesures?|échantillons?|requests?|attempts?|times|samples?'
const durations: readonly (readonly [string, number])[] = [
  ['s|secondes?|seconds?', 1_000],
  ['min|minutes?', 60_000],
  ['h|heures?|hours?', 3_600_000],
  ['j|jours?|days?', 86_400_000],
]

/** Percentages, durations and counts that a sentence names, in French or English. */
export function figuresIn(sentence: string): Figure[] {
  const text = sentence.replace(/`[^`]*`/g, ' ').replace(/[\u00a0\u202f]/g, ' ')
  const found: Figure[] = []
  const add = (kind: Kind, pattern: string, factor: number) => {
    const whole = new RegExp(`(?<![\\p{L}\\d.,-])${pattern}(?![\\p{L}\\d])`, 'giu')
    for (const match of text.matchAll(whole)) {
      const value = numberOf(match[1] ?? '') * factor
      found.push({kind, value, written: match[0].replace(/\s+/g, ' ')})
    }
  }
  add('percentage', `${amount}\\s*%`, 1)
  for (const [unit, factor] of durations) add('duration', `${amount}${between}(?:${unit})`, factor)
  add('count', `${amount}${between}(?:${counted})`, 1)
  return found
}

const numberOf = (word: string): number =>
  words[word.toLowerCase()] ?? Number(word.replace(',', '.'))
