// An answers file: what people attest and type, written down beforehand for a run without anybody.
// It names the tag and a date, and is refused for another tag or when it is too old.

import {readFile} from 'node:fs/promises'
import {basename} from 'node:path'
import {type Document, isMap, isScalar, LineCounter, parseDocument} from 'yaml'
import {z} from 'zod'
import type {Terminal} from '../../base/terminal.ts'
import {placeIn, yamlValues} from '../../base/yaml-values.ts'
import {nearest} from '../../documents/nearest.ts'
import {named, readAs, refuse} from '../../domain/issues.ts'
import {problem} from '../../domain/problem.ts'
import type {Text} from '../../domain/text.ts'
import {visibleText} from '../../domain/visible-text.ts'
import type {Policy} from '../../policy/policy.ts'
import {answersMaxAge} from '../../policy/rules.ts'
import type {Runbook} from '../../policy/runbook.ts'
import type {World} from '../../store/world.ts'
import {cause} from '../../words/observed.ts'
import {type Answers, declaredTitles} from './answers.ts'

const person = z.strictObject({role: visibleText(), name: visibleText()})

/** As a template leaves it: nobody has filled it in. */
const filled = (given: unknown): unknown =>
  z.strictObject({role: z.literal(''), name: z.literal('')}).safeParse(given).success
    ? undefined
    : given

const answer = z.strictObject({
  by: z.preprocess(filled, person.optional()),
  answer: z.enum(['yes', 'no', 'not-applicable']).default('yes'),
  /** What was observed, or why it does not apply; nothing: not answered, and asked or waited for. */
  observed: z.union([z.literal(''), visibleText()]),
})

const dated = z.union([z.iso.datetime({offset: true}), z.iso.date()])

const schema = z.strictObject({
  tag: z.string(),
  date: z.string().superRefine((text, context) => {
    if (dated.safeParse(text).success) return
    refuse(context, {
      fr: `« ${text} » n’est pas une date ; écrire 2026-01-23T14:00:00Z`,
      en: `"${text}" is no date; write 2026-01-23T14:00:00Z`,
    })
  }),
  operator: person,
  answers: z.record(z.string(), answer).default({}),
  confirmations: z.record(z.string(), z.string()).default({}),
})

interface AnswersScope {
  readonly checkpoint: {readonly tag: string}
  readonly world: Pick<World, 'clock'>
  readonly policy: Policy
  readonly runbook: Pick<Runbook, 'items'>
  readonly terminal: Pick<Terminal, 'warn'>
}

/** The answers of `path` for what is open here. A key that is nearly an item's title is warned of. */
export async function answersFor(scope: AnswersScope, path: string): Promise<Answers> {
  const {checkpoint, world, runbook, terminal} = scope
  const answers = await readAnswers(path, {
    ...{tag: checkpoint.tag, now: world.clock.now(), maxAgeMs: await answersMaxAge(scope)},
  })
  const titles = [...runbook.items.map(({title}) => title), ...declaredTitles]
  for (const {key, at} of answers.keys) {
    if (titles.includes(key) || runbook.items.some(({id}) => id === key)) continue
    const meant = nearest(key, titles, 3)
    if (meant === undefined) continue // an item of another scenario, say
    terminal.warn({
      fr: `${at} : « ${key} » n’est aucun élément du runbook ; vouliez-vous dire « ${meant} » ?`,
      en: `${at}: “${key}” is no item of the runbook; did you mean “${meant}”?`,
    })
  }
  return answers
}

/** Reads an answers file. Throws a `Problem`: 2 unreadable, 3 for another tag or too old. */
async function readAnswers(
  path: string,
  expected: {tag: string; now: Date; maxAgeMs: number},
): Promise<Answers> {
  const found = await parseFile(path)
  const age = expected.now.getTime() - new Date(found.date).getTime()
  if (found.tag !== expected.tag) {
    throw refused(path, {
      fr: `il est pour le tag ${found.tag}, le gate nomme ${expected.tag}`,
      en: `it is for the tag ${found.tag}, the gate names ${expected.tag}`,
    })
  }
  if (age > expected.maxAgeMs || age < -expected.maxAgeMs) {
    const hours = Math.round(expected.maxAgeMs / 3_600_000)
    throw refused(path, {
      fr: `il date du ${found.date}, accepté : ${hours} h`,
      en: `it is of ${found.date}, accepted: ${hours} h`,
    })
  }
  const answers = new Map(
    Object.entries(found.answers)
      .filter(([, {observed}]) => observed !== '')
      .map(([key, value]) => [key.trim(), value]),
  )
  return {
    operator: found.operator,
    keys: [...found.places].map(([key, line]) => ({key, at: `${path}:${line}`})),
    of: ({id, title}) => {
      const given = answers.get(title) ?? answers.get(id)
      if (given === undefined) return undefined
      const line = found.places.get(title) ?? found.places.get(id)
      // Its name alone: it is recorded, and where a person keeps it concerns nobody.
      const at = line === undefined ? basename(path) : `${basename(path)}:${line}`
      return {...given, by: given.by ?? found.operator, at}
    },
    confirmation: (...names) =>
      names.map((name) => found.confirmations[name]).find((word) => word !== undefined),
  }
}

async function parseFile(path: string): Promise<z.output<typeof schema> & {places: Places}> {
  let source: string
  try {
    source = await readFile(path, 'utf8')
  } catch (error) {
    throw problem({
      what: {fr: `${path} ne se lit pas.`, en: `${path} cannot be read.`},
      why: cause(error),
      next: {fr: 'corriger --answers', en: 'correct --answers'},
      exit: 2,
    })
  }
  const lines = new LineCounter()
  const document = parseDocument(source, {lineCounter: lines})
  const found = yamlValues(document, lines)
  if ('why' in found) throw unreadable(path, found.at, found.why)
  const read = readAs(schema, found.value)
  if ('value' in read) return {...read.value, places: placesOf(document, lines)}
  const [issue] = read.issues
  const place = placeIn(document, lines, issue?.path ?? [], issue?.key)
  throw unreadable(path, place, issue === undefined ? '' : named(issue))
}

type Places = ReadonlyMap<string, number>

/** The line of each answer's key. */
function placesOf(document: Document, lines: LineCounter): Places {
  const answers: unknown = document.get('answers', true)
  const pairs = isMap(answers) ? answers.items : []
  return new Map(
    pairs.flatMap(({key}) =>
      isScalar(key) && key.range != null
        ? [[String(key.value).trim(), lines.linePos(key.range[0]).line] as const]
        : [],
    ),
  )
}

function unreadable(path: string, {line, column}: {line: number; column: number}, why: Text) {
  return problem({
    what: {
      fr: `${path}:${line}:${column} ne se lit pas.`,
      en: `${path}:${line}:${column} cannot be read.`,
    },
    why,
    next: {
      fr: 'corriger cette ligne ; un fichier à remplir : --answers-template',
      en: 'correct this line; a file to fill in: --answers-template',
    },
    exit: 2,
    at: {path, line, column},
  })
}

function refused(path: string, why: {fr: string; en: string}) {
  return problem({
    what: {
      fr: `Le fichier de réponses ${path} est refusé.`,
      en: `The answers file ${path} is refused.`,
    },
    why,
    next: {
      fr: 'demander des réponses pour ce tag, aujourd’hui',
      en: 'have it answered for this tag, today',
    },
    exit: 3,
  })
}
