// One line about each recorded run, read from the first and the last events of its journal and kept
// by object id: an object never changes, so a summary never has to be made twice.

import {appendFile, mkdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import {parsedJson} from '../../domain/json.ts'
import {kindShape, resultShape, scenarioShape} from '../../domain/shapes.ts'
import type {Repository} from '../git/repository.ts'
import {figuresOf, runFigures} from './figures.ts'

const summary = z.object({
  run: z.string(),
  scenario: scenarioShape,
  kind: kindShape,
  result: resultShape.nullable(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  commit: z.string(),
  tag: z.string(),
  figures: runFigures,
})

export type Summary = Readonly<z.output<typeof summary>>

const started = z.looseObject({
  type: z.literal('run-started'),
  run: summary.shape.run,
  scenario: summary.shape.scenario,
  kind: summary.shape.kind,
  at: z.string(),
  checkpoint: z.looseObject({tag: z.string(), commit: z.string()}),
})

const decided = z.looseObject({
  type: z.enum(['run-decided', 'run-ended']),
  result: resultShape,
  at: z.string(),
})

/** Summaries by object id (a commit with `journal.jsonl`, or its blob). One that cannot be read is left out. */
export async function readSummaries(
  repository: Repository,
  {cache, write}: {readonly cache: string; readonly write: boolean},
  objects: readonly string[],
): Promise<ReadonlyMap<string, Summary>> {
  const file = join(cache, 'records.jsonl')
  const kept = await readKept(file)
  const wanted = objects.filter((object) => !kept.has(object))
  if (wanted.length === 0) return kept
  const made = new Map<string, Summary>()
  for (const [object, text] of await readJournals(repository, wanted)) {
    const one = summarise(text)
    if (one !== null) made.set(object, one)
  }
  if (write && made.size > 0) await keep(file, made, cache)
  return new Map([...kept, ...made])
}

function summarise(text: string): Summary | null {
  const lines = text.split('\n').slice(0, -1)
  const first = started.safeParse(parsedJson(lines[0]))
  if (!first.success) return null
  const {run, scenario, kind, at, checkpoint} = first.data
  const begun = {
    ...{run, scenario, kind, startedAt: at, ...pick(checkpoint)},
    figures: figuresOf(lines),
  }
  // From the end: the result stands in one of the last lines.
  for (const line of lines.reverse()) {
    if (!/"type":"run-(decided|ended)"/.test(line)) continue
    const last = decided.safeParse(parsedJson(line))
    if (last.success) return {...begun, result: last.data.result, endedAt: last.data.at}
  }
  return {...begun, result: null, endedAt: null}
}

const pick = ({commit, tag}: {commit: string; tag: string}) => ({commit, tag})

/** All journals with one git process, however many. */
async function readJournals(
  {git}: Repository,
  objects: readonly string[],
): Promise<Map<string, string>> {
  const names = objects.flatMap((object) => [`${object}:journal.jsonl`, object])
  const {stdout} = await git.attempt(['cat-file', '--batch'], {input: `${names.join('\n')}\n`})
  const journals = new Map<string, string>()
  let offset = 0
  for (const [index, name] of names.entries()) {
    const end = stdout.indexOf(10, offset)
    if (end < 0) break
    const head = stdout.toString('utf8', offset, end)
    offset = end + 1
    const match = / (\w+) (\d+)$/.exec(head)
    if (match === null || head === `${name} missing`) continue
    const size = Number(match[2])
    const object = objects[Math.floor(index / 2)]
    if (match[1] === 'blob' && object !== undefined) {
      journals.set(object, stdout.toString('utf8', offset, offset + size))
    }
    offset += size + 1
  }
  return journals
}

async function readKept(file: string): Promise<Map<string, Summary>> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return new Map(
    text.split('\n').flatMap((line): [string, Summary][] => {
      // A line that was cut off, or written by another version, is made again.
      const parsed = keptLine.safeParse(parsedJson(line))
      return parsed.success ? [parsed.data] : []
    }),
  )
}

const keptLine = z.tuple([z.string(), summary])

/** A line each, behind those that are there: a run adds its own, however many there are. */
async function keep(file: string, made: ReadonlyMap<string, Summary>, cache: string) {
  await mkdir(cache, {recursive: true, mode: 0o700})
  const lines = [...made].map((one) => `${JSON.stringify(one)}\n`).join('')
  // A line that was cut off before must not swallow the first of these.
  await appendFile(file, `\n${lines}`, {mode: 0o600})
}
