// Finds the Release Gate among the project's documents and reads what it says: tag, commit, and the
// checklist of its section 4.

import {existsSync} from 'node:fs'
import {join, relative, resolve} from 'node:path'
import {readText} from '../base/read-text.ts'
import type {Document} from '../documents/document.ts'
import {refuseTooLarge} from '../documents/limits.ts'
import {markedEntries} from '../documents/mark.ts'
import {conflictMarkers, type Metadata, metadata} from '../documents/metadata.ts'
import {parse} from '../documents/parse.ts'
import {numberedSections} from '../documents/section.ts'
import type {JsonOutput} from '../domain/json-outputs.ts'
import {problem} from '../domain/problem.ts'
import type {Text} from '../domain/text.ts'
import {newestTag} from '../store/git/newest-tag.ts'
import {shellWord} from '../words/commands.ts'
import {type AsCommitted, asItIs} from './policy.ts'
import {digestWithoutHistory} from './runbook.ts'

export type GateEntry = JsonOutput<'gate-open'>['toFillIn'][number]

export interface Gate {
  /** Relative to the project: `docs/RELEASE_GATE_YYYY_MM.md`. */
  readonly path: string
  readonly source: string
  readonly tag: string
  /** As written in the gate: may be abbreviated. */
  readonly commit: string
  readonly entries: readonly GateEntry[]
  /** SHA-256 of the document without its history section, since runs write there. */
  readonly sha256: string
}

/** Finds and reads the gate of the newest month, or the one given. Throws a `Problem` (2): none, two for one month, conflict markers, no tag. */
export async function readGate(
  root: string,
  given?: string,
  asCommitted: AsCommitted = asItIs,
): Promise<Gate> {
  const path = given === undefined ? await findGate(root) : relative(root, resolve(root, given))
  return parseGate(await asCommitted(join(root, path), await readSource(root, path)), path)
}

async function readSource(root: string, path: string): Promise<string> {
  const source = await readText(join(root, path), path)
  if (source !== null) return source
  throw problem({
    what: {
      fr: `Le Release Gate ${path} est introuvable.`,
      en: `There is no Release Gate ${path}.`,
    },
    next: {fr: 'corriger --gate', en: 'correct --gate'},
    exit: 2,
  })
}

/** Paths of the gates by month (`2026_01`), newest month last. */
export async function gatesByMonth(root: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const {globby} = await import('globby')
  const found = await globby('**/RELEASE_GATE_*.md', {
    cwd: root,
    // A folder or a pipe of that name is no gate, and is told when it is read; it makes no older one the newest.
    onlyFiles: false,
    ignore: ['**/node_modules/**', '**/templates/**', '**/runs/**'],
  })
  const months = new Map<string, string[]>()
  for (const path of found.sort()) {
    if (isExample(root, path)) continue
    const month = /RELEASE_GATE_(\d{4}_\d{2})[^/]*\.md$/.exec(path)?.[1]
    if (month !== undefined) months.set(month, [...(months.get(month) ?? []), path])
  }
  return new Map([...months].sort(([a], [b]) => a.localeCompare(b)))
}

/** Postgate's own examples, wherever in the project a Postgate lies: nobody's gate. */
function isExample(root: string, path: string): boolean {
  const home = /^(.*\/)?docs\/examples\//.exec(path)
  if (home === null) return false
  const bundle = join(root, home[1] ?? '')
  return ['scripts/lib/catalogue.ts', 'templates/release-gate.md'].every((file) =>
    existsSync(join(bundle, file)),
  )
}

/** How the first gate is opened: for the newest tag, or for one that is made first. */
export async function gateOpening(root: string): Promise<Text> {
  const {tag, isFollowed} = await newestTag(root)
  if (tag !== null) {
    const open = `npx zx scripts/gate.ts open --tag ${shellWord(tag)}`
    return !isFollowed
      ? open
      : {
          fr: `${open} ; si les commits qui suivent ${tag} partent aussi, taguer d’abord`,
          en: `${open}; where the commits after ${tag} go too, tag first`,
        }
  }
  const made = 'git tag -a v1.0.0 -m v1.0.0 && git push origin v1.0.0'
  return {
    fr: `taguer le commit à livrer : ${made} ; puis npx zx scripts/gate.ts open --tag v1.0.0`,
    en: `tag the commit to release: ${made}; then npx zx scripts/gate.ts open --tag v1.0.0`,
  }
}

async function findGate(root: string): Promise<string> {
  const [month, paths] = [...(await gatesByMonth(root))].at(-1) ?? []
  if (month === undefined || paths === undefined) {
    throw problem({
      what: {
        fr: 'Aucun Release Gate : rien ne peut s’exécuter.',
        en: 'No Release Gate: nothing may run.',
      },
      why: {
        fr: 'aucun docs/RELEASE_GATE_AAAA_MM.md dans le projet',
        en: 'the project holds no docs/RELEASE_GATE_YYYY_MM.md',
      },
      next: await gateOpening(root),
      exit: 2,
    })
  }
  const newest = newestOf(paths)
  if (newest !== undefined) return newest
  throw problem({
    what: {
      fr: `Plusieurs Release Gates pour ${month}.`,
      en: `Several Release Gates for ${month}.`,
    },
    why: paths.join(', '),
    next: {
      fr: 'n’en garder qu’un, ou le nommer avec --gate',
      en: 'keep one, or name it with --gate',
    },
    exit: 2,
  })
}

/** The gate that counts in a month: the only one, or the last of a numbered row in one folder (`_2`
 * replaces the one without a number). Undefined where that cannot be told. */
export function newestOf(paths: readonly string[]): string | undefined {
  if (paths.length === 1) return paths[0]
  const numbered = paths.flatMap((path) => {
    const match = /^(.*?)RELEASE_GATE_\d{4}_\d{2}(?:_(\d+))?\.md$/.exec(path)
    return match === null ? [] : [{path, folder: match[1], number: Number(match[2] ?? 1)}]
  })
  const folders = new Set(numbered.map(({folder}) => folder))
  if (numbered.length < paths.length || folders.size > 1) return undefined
  return numbered.sort((a, b) => a.number - b.number).at(-1)?.path
}

/** Reads a gate's text. */
export async function parseGate(source: string, path: string): Promise<Gate> {
  refuseTooLarge(source, path)
  const [conflict] = conflictMarkers(source)
  if (conflict !== undefined) {
    throw problem({
      what: {
        fr: `${path}:${conflict}:1 : le Release Gate contient un conflit de fusion.`,
        en: `${path}:${conflict}:1: the Release Gate holds a merge conflict.`,
      },
      next: {fr: 'résoudre le conflit, puis committer', en: 'resolve the conflict, then commit'},
      exit: 2,
      at: {path, line: conflict, column: 1},
    })
  }
  const document = await parse(source, path)
  const {tag, commit} = checkpointOf(document)
  return {
    path,
    source,
    tag,
    commit,
    entries: markedEntries(document, ...numberedSections(document, '4')),
    sha256: digestWithoutHistory(document),
  }
}

/** The words `Tag` and `Commit` of a gate as people write them: `**Tag validé** : \`t\` (commit \`c\`)`. */
function checkpointOf(document: Document): {tag: string; commit: string} {
  const facts = [...metadata(document)].filter(([key]) => !aboutAnother.test(key))
  const named = (pattern: RegExp) => facts.find(([key]) => pattern.test(key))?.[1]
  const tagLine = named(/^tag( valide| validated)?$/) ?? named(/(^| )tag( |$)/)
  const commitLine = named(/^(commit|sha)$/) ?? named(/(^| )(commit|sha)( |$)/)
  const tag = tagLine === undefined ? undefined : firstWord(tagLine.value)
  const commit =
    commitLine === undefined
      ? wordAfter('commit', tagLine)
      : (firstWord(commitLine.value) ?? undefined)
  if (tag === undefined || commit === undefined) {
    const line = tagLine?.line ?? 1
    throw problem({
      what: {
        fr: `${document.path}:${line}:1 : le Release Gate ne nomme pas ${tag === undefined ? 'de tag' : 'de commit'}.`,
        en: `${document.path}:${line}:1: the Release Gate names no ${tag === undefined ? 'tag' : 'commit'}.`,
      },
      next: {
        fr: 'y écrire « **Tag validé** : `<tag>` (commit `<sha>`) »',
        en: 'write “**Tag** : `<tag>` (commit `<sha>`)” in it',
      },
      exit: 2,
      at: {path: document.path, line, column: 1},
    })
  }
  return {tag, commit}
}

// `Tag précédent`, `Date du commit`, `Tag de freeze` say nothing about the checkpoint.
const aboutAnother =
  /(^| )(precedente?|previous|ancien|old|date|auteur|author|message|freeze|staging|depuis|since|nombre|count)( |$)/

const firstWord = (value: string): string | undefined =>
  /[\w./-]+/.exec(value.replace(/`/g, ''))?.[0]

function wordAfter(word: string, line: Metadata | undefined): string | undefined {
  return new RegExp(`${word}\\W*([\\w-]+)`, 'i').exec(line?.value ?? '')?.[1]
}
