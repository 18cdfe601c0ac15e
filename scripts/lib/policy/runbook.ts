// A runbook as policy: its items with what proves them, its phases with their modes, and the commands
// that are authorised in each. Read by remark at each run; nothing of it is repeated in code.

import {checklist, type Item} from '../documents/checklist.ts'
import type {Directive} from '../documents/directive.ts'
import type {Document, DocumentError} from '../documents/document.ts'
import {type Fence, fences} from '../documents/fences.ts'
import type {Mode} from '../documents/headings.ts'
import {parse} from '../documents/parse.ts'
import {type Section, sections, sectionsOfKind} from '../documents/section.ts'
import {tables} from '../documents/table.ts'
import {parseDuration} from '../domain/duration.ts'
import {sha256} from '../store/journal.ts'

export interface PolicyItem {
  /** `<section>/<slug of the title>`: prerequisites/…, phase-2/…, success/…, abort/…, rollback/… */
  readonly id: string
  readonly title: string
  readonly detail: string
  readonly kind: 'check' | 'step' | 'trigger' | 'attest'
  /** Name of the check or trigger, id of the step; empty for an attestation. */
  readonly name: string
  readonly parameters: Readonly<Record<string, string>>
  readonly directive: Directive | null
  readonly optional: boolean
  /** Milliseconds after which its evidence is judged again before an EXECUTIVE phase. */
  readonly maxAgeMs: number
  /** Milliseconds that each command of a step may take: `within=2h` in its comment. */
  readonly timeLimitMs: number
  /** Milliseconds after the deployment at which it falls due: `at=30m`; null where its place says when. */
  readonly dueMs: number | null
  readonly line: number
  readonly column: number
  readonly item: Item
}

export interface PolicyPhase {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly mode: Mode | null
  readonly items: readonly PolicyItem[]
  readonly fences: readonly Fence[]
  readonly line: number
}

export interface RiskRow {
  readonly cells: readonly string[]
  /** Ids of the checks, steps and triggers that mitigate it. */
  readonly mitigatedBy: readonly string[]
  readonly line: number
}

export interface Runbook {
  readonly path: string
  readonly source: string
  readonly document: Document
  readonly title: string
  /** Every item, wherever it stands; those of the sections follow. */
  readonly items: readonly PolicyItem[]
  readonly prerequisites: readonly PolicyItem[]
  readonly phases: readonly PolicyPhase[]
  readonly success: readonly PolicyItem[]
  readonly abort: readonly PolicyItem[]
  readonly rollback: {readonly items: readonly PolicyItem[]; readonly fences: readonly Fence[]}
  readonly risks: {readonly header: readonly string[]; readonly rows: readonly RiskRow[]}
  readonly problems: readonly DocumentError[]
  /** Without its history section, since runs write there. */
  readonly sha256: string
}

const defaultMaxAgeMs = 15 * 60_000
const defaultTimeLimitMs = 60 * 60_000

/** Reads a runbook. Problems of the document itself are listed, not thrown: lint tells them all. */
export async function readRunbook(source: string, path: string): Promise<Runbook> {
  const known = read.find((one) => one.path === path && one.source === source)
  if (known !== undefined) return known.runbook
  const runbook = readAnew(source, path)
  read.push({path, source, runbook})
  if (read.length > readMost) read.shift()
  return runbook
}

/** Who judges, stamps or audits reads the same text again: the last ones are kept. */
const read: {path: string; source: string; runbook: Promise<Runbook>}[] = []
const readMost = 4

async function readAnew(source: string, path: string): Promise<Runbook> {
  const document = await parse(source, path)
  const {items, problems} = checklist(document)
  const all = policyItems(items)
  const within = (kind: Section['kind']) => all.filter(({item}) => item.section.kind === kind)
  return {
    path,
    source,
    document,
    title: sections(document).find((section) => section.depth === 1)?.title ?? path,
    items: all,
    prerequisites: all.filter(({item}) => isPrerequisite(item.section)),
    phases: phasesOf(document, all),
    success: within('success'),
    abort: within('abort'),
    rollback: {
      items: within('rollback'),
      fences: fences(document).filter(({section}) => section.kind === 'rollback'),
    },
    risks: risksOf(document),
    problems: [...document.problems, ...problems],
    sha256: digestWithoutHistory(document),
  }
}

/** SHA-256 of a document whose history section is left out. */
export function digestWithoutHistory(document: Document): string {
  let text = document.source
  for (const section of [...sectionsOfKind(document, 'history')].reverse()) {
    if (section.ownKind) text = text.slice(0, section.start) + text.slice(section.end)
  }
  return sha256(text.trimEnd())
}

function phasesOf(document: Document, all: readonly PolicyItem[]): PolicyPhase[] {
  const listed = fences(document)
  return sections(document)
    .filter((section) => section.kind === 'phase' && section.ownKind && section.phase !== null)
    .map((section) => {
      const inside = (offset: number) => offset >= section.start && offset < section.end
      const number = section.phase?.number ?? 0
      return {
        id: `phase-${number}`,
        number,
        title: section.phase?.title ?? section.title,
        mode: section.phase?.mode ?? null,
        items: all.filter(({item}) => inside(item.position.offset)),
        fences: listed.filter(({position}) => inside(position.offset)),
        line: section.position.line,
      }
    })
}

function policyItems(items: readonly Item[]): PolicyItem[] {
  const seen = new Map<string, number>()
  return items.map((item) => {
    const base = `${sectionId(item.section)}/${slug(item.title)}`
    const times = (seen.get(base) ?? 0) + 1
    seen.set(base, times)
    const {directive} = item
    const parameters = Object.fromEntries(
      [...(directive?.parameters ?? [])].map(([key, {value}]) => [key, value]),
    )
    const {'max-age': maxAge, ...given} = parameters
    const {within, ...rest} = given
    // A trigger's `within` is its own. One that is no duration stays, and lint refuses it.
    const limit =
      directive?.kind === 'step' && within !== undefined ? parseDuration(within) : undefined
    const own = limit === undefined ? given : rest
    return {
      id: times === 1 ? base : `${base}-${times}`,
      title: item.title,
      detail: item.detail,
      kind: kindOf(directive),
      name: directive?.name ?? '',
      parameters: own,
      directive,
      optional: item.optional,
      timeLimitMs: limit ?? defaultTimeLimitMs,
      dueMs: (own.at === undefined ? undefined : parseDuration(own.at)) ?? null,
      maxAgeMs: (maxAge === undefined ? undefined : parseDuration(maxAge)) ?? defaultMaxAgeMs,
      line: item.position.line,
      column: item.position.column,
      item,
    }
  })
}

function kindOf(directive: Directive | null): PolicyItem['kind'] {
  switch (directive?.kind) {
    case 'check':
    case 'step':
    case 'trigger':
      return directive.kind
    default:
      return 'attest'
  }
}

const isPrerequisite = ({kind}: Section) => kind === 'prerequisites' || kind === 'checks-before'

function sectionId(section: Section): string {
  if (section.kind === 'phase') return `phase-${section.phase?.number ?? 0}`
  if (isPrerequisite(section)) return 'prerequisites'
  return section.kind
}

/** `Tag présent` to `tag-present`: stable under accents and punctuation. */
export function slug(title: string): string {
  const plain = title.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return plain.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '') || 'item'
}

function risksOf(document: Document): Runbook['risks'] {
  const found = sectionsOfKind(document, 'risks').flatMap((section) => tables(document, section))
  const table = found[0]
  return {
    header: table?.header.map(({text}) => text) ?? [],
    rows: (table?.rows ?? []).map((row) => ({
      cells: row.cells.map(({text}) => text),
      mitigatedBy: row.directives
        .filter(({kind}) => kind === 'risk')
        .flatMap(({name, flags}) => [name, ...flags])
        .flatMap((names) => names.split(','))
        .map((name) => name.trim())
        .filter((name) => name !== ''),
      line: row.position.line,
    })),
  }
}

/** A fence as the guard reads it. */
export const guarded = (fence: Fence, path: string) => ({
  path,
  text: fence.content,
  line: fence.lines[0]?.position.line ?? fence.position.line + 1,
})
