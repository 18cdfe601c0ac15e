// A series of commands on one sandbox, then the search through everything they left. What the series
// itself must come to (exit codes) is checked too, or a run that never began would prove nothing.

import type {Bundle} from '../helpers/bundle-runs.ts'
import {answersFile} from '../helpers/freeze.ts'
import {type Canary, canariesOf} from './canaries.ts'
import {searchEverything} from './places.ts'
import {createSearch, formsOf, type Leak} from './search.ts'
import {runWatched} from './watched.ts'

export interface Series {
  readonly name: string
  /** `scripts/…` with its arguments, and the exit code that it has to end with. */
  readonly commands: readonly (readonly [exit: number, ...words: string[]])[]
  /** What people answer beside the sandbox's own answers, in the file that `{answers}` names in a command. */
  readonly answers?: Readonly<Record<string, string>>
}

export interface Searched {
  readonly places: number
  readonly commandLines: number
  readonly leaks: readonly Leak[]
  readonly faults: readonly string[]
}

export async function searchSeries(
  bundle: Bundle,
  {name, commands, answers = {}}: Series,
): Promise<Searched> {
  const canaries = canariesOf(bundle.paths)
  const search = createSearch(canaries)
  const faults: string[] = []
  let lines = 0
  for (const [wanted, ...words] of commands) {
    const said = words.map((word) => hidden(word, canaries)).join(' ')
    const command = words.map((word) =>
      word === '{answers}' ? answered(bundle, answers, canaries) : filled(word, canaries),
    )
    const ran = await runWatched(bundle.path, command)
    if (ran.exit !== wanted)
      faults.push(
        `${name}: ${said}: exit ${ran.exit}, wanted ${wanted}\n${ran.printed.slice(-1500)}`,
      )
    search.look(`${name}: output of ${said}`, ran.printed)
    // A secret that a person types into a command line is on that person's command line.
    const typed = said.includes('…')
    for (const line of ran.commandLines) {
      if (typed && command.every((word) => line.includes(word))) continue
      lines++
      search.look(`${name}: command line ${line.slice(0, 120)}`, line)
    }
    for (const [path, text] of ran.temporary) search.look(`${name}: temporary ${path}`, text)
  }
  for (const path of searchEverything(bundle.paths, search))
    faults.push(`${name}: ${path} can be read by others`)
  return {places: search.places(), commandLines: lines, leaks: search.leaks, faults}
}

/** Writes the answers now, as the sandbox's clock stands. */
const answered = (
  bundle: Bundle,
  answers: Readonly<Record<string, string>>,
  canaries: readonly Canary[],
) =>
  answersFile(
    bundle,
    Object.fromEntries(
      Object.entries(answers).map(([title, observed]) => [
        title,
        {observed: filled(observed, canaries)},
      ]),
    ),
  )

/** `{PROD_SMOKE_PASSWORD}` in a command stands for that canary's value, `{PROD_SMOKE_PASSWORD*}` for every
 * form of it that can be typed as one word. */
const filled = (word: string, canaries: readonly Canary[]) =>
  word.replace(/\{(\w+)(\*?)\}/g, (_, name: string, all: string) => {
    const found = canaries.find((each) => each.name === name)
    if (found === undefined) throw new Error(`no canary ${name}`)
    if (all === '') return found.value
    const forms = formsOf(found.value).filter(([, text]) => /^[\u0020-\u007e]+$/.test(text))
    return forms.map(([, text]) => text.replaceAll(/["\\]/g, '')).join(' ; ')
  })

const hidden = (word: string, canaries: readonly Canary[]) =>
  canaries.some(({name}) => word.includes(`{${name}}`) || word.includes(`{${name}*}`)) ? '…' : word

/** Every form of every canary is found where it is planted: the search would be worth nothing else. */
export function searchFinds(canaries: readonly Canary[]): string[] {
  return canaries.flatMap((canary) =>
    [
      ...formsOf(canary.value),
      ['split', split(canary.value)] as const,
      ...(canary.value.length < 16 ? [] : [['in lines', inLines(canary.value)] as const]),
    ].flatMap(([form, text]) => {
      const search = createSearch([canary])
      search.look('here', `before ${text} after`)
      return search.leaks.length === 1 ? [] : [`${canary.name}: ${form} is not found`]
    }),
  )
}

/** As the base64 program writes what the value stands in the middle of. */
const inLines = (value: string) =>
  (
    Buffer.from(`${'x'.repeat(50)}${value}`)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\n')

const split = (value: string) =>
  value.length < 16 ? value : `${value.slice(0, 7)}"\n  + "${value.slice(7)}`
