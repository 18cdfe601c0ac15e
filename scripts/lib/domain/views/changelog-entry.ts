// A run's entry in CHANGELOG.md, and where it goes: one section for each released tag, newest first, as
// Keep a Changelog has it; a release taken out of production stays listed and is marked [YANKED].

import {recorded} from '../recorded.ts'
import type {RunState} from '../run.ts'
import type {ViewInput} from './input.ts'
import {whyOf} from './ledger-row.ts'
import {pathLink} from './links.ts'
import {incidentsInOneCell, sentence, trace} from './trace.ts'

export function changelogView(input: ViewInput) {
  const {state, names} = input
  const facts = trace(input)
  const document = names.report ?? names.freeze
  return {
    ...facts,
    what: whatHappened(state),
    why: state.decided?.result === 'succeeded' ? '' : sentence(whyOf(input)),
    incidentWords: incidentsInOneCell(state).replaceAll('\n', ' ; '),
    version: recorded(state, 'artifact')?.version ?? '',
    link:
      document === null
        ? ''
        : pathLink(names.report === null ? 'document' : 'rapport', document, names.changelog),
  }
}

function whatHappened(state: RunState): string {
  if (state.scenario === 'freeze')
    return state.kind === 'exit' ? 'sortie de freeze' : 'release gelée'
  if (state.kind === 'drill') return 'exercice de rollback'
  if (state.rollback !== null) return 'retirée (rollback)'
  return state.decided?.result === 'succeeded' ? 'mise en ligne' : 'mise en ligne abandonnée'
}

/** Whether the release's heading has to say that it was taken out of production. */
export function yankedAfter(state: RunState): boolean | 'unchanged' {
  if (state.scenario !== 'production' || state.kind === 'drill') return 'unchanged'
  const result = state.decided?.result
  if (result === 'rolled-back' || result === 'rollback-failed') return true
  return result === 'succeeded' ? false : 'unchanged'
}

/**
 * The changelog with the entry under its release's section, made where it is missing. `entry` is one
 * Markdown list item; `heading` is the tag, `date` the day. Nothing else of the text changes.
 */
export function insertEntry(
  source: string,
  {
    tag,
    date,
    entry,
    yanked,
  }: {tag: string; date: string; entry: string; yanked: boolean | 'unchanged'},
): string {
  const eol = source.includes('\r\n') ? '\r\n' : '\n'
  const lines = source.split(/\r?\n/)
  const written = entry.trim().split('\n')
  const fences = fenced(lines)
  const isSection = (line: string, index: number) => /^## /.test(line) && !fences.has(index)
  const own = lines.findIndex((line, index) => isSection(line, index) && names(line, tag))
  if (own < 0) {
    const first = lines.findIndex(
      (line, index) => isSection(line, index) && !/unreleased|non publié|à venir/i.test(line),
    )
    const at = first < 0 ? lines.length : first
    const heading = `## [${tag}] - ${date}${yanked === true ? ' [YANKED]' : ''}`
    const before = trimEnd(lines.slice(0, at))
    const rest = lines.slice(at)
    return [...before, '', heading, '', ...written, '', ...rest].join(eol).trimEnd() + eol
  }
  if (yanked !== 'unchanged') {
    const plain = (lines[own] ?? '').replace(/\s*\[YANKED\]\s*$/i, '')
    lines[own] = yanked ? `${plain} [YANKED]` : plain
  }
  const next = lines.findIndex((line, index) => index > own && isSection(line, index))
  const end = next < 0 ? lines.length : next
  // New entries come first: right below the heading.
  const body = lines.slice(own + 1, end)
  while (body[0]?.trim() === '') body.shift()
  const gap = /^[-*+] /.test(body[0] ?? '') ? [] : ['']
  return [...lines.slice(0, own + 1), '', ...written, ...gap, ...body, ...lines.slice(end)].join(
    eol,
  )
}

/** `## [tag] - date`, and as people also write it: `## tag`, `## [tag](link) – date`. */
const names = (line: string, tag: string) =>
  line
    .replace(/[[\]()#]/g, ' ')
    .split(/\s+/)
    .includes(tag)

function fenced(lines: readonly string[]): Set<number> {
  const inside = new Set<number>()
  let fence: string | null = null
  for (const [index, line] of lines.entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence === null && mark !== undefined) fence = mark
    else if (fence !== null && mark?.startsWith(fence)) fence = null
    if (fence !== null) inside.add(index)
  }
  return inside
}

function trimEnd(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '')
  return lines.slice(0, last + 1)
}
