// Runbook and templates as the run used them: found in history by the digests that its first event
// recorded. A runbook's digest leaves its history section out, so several texts can fit.

import type {DocumentDigest} from '../../domain/event.ts'
import type {RunState} from '../../domain/run.ts'
import type {Text} from '../../domain/text.ts'
import type {Policy} from '../../policy/policy.ts'
import {readRunbook} from '../../policy/runbook.ts'
import {sha256} from '../../store/journal.ts'
import {type AuditFinding, excerpt, finding} from './finding.ts'
import type {Past} from './past.ts'

export interface UsedSources {
  readonly runbook: string
  /** By path, as `derive` wants them: `templates/freeze.md`. */
  readonly templates: ReadonlyMap<string, string>
  readonly note: Text | null
}

export interface Sources {
  /** The likeliest first; none where something is missing. */
  readonly candidates: () => AsyncGenerator<UsedSources>
  readonly findings: readonly AuditFinding[]
}

interface Place {
  readonly past: Past
  readonly policy: Policy
  /** The commit that the documents went on top of. */
  readonly base: string | null
}

/** Versions that are read at once. */
const together = 20
const runbooksMax = 4

export async function usedSources(place: Place, {started}: RunState): Promise<Sources> {
  const findings: AuditFinding[] = []
  const paths = [started.runbook, ...started.templates].map(({path}) => path)
  if (place.base !== null) await place.past.blobs.load(paths.map((path) => `${place.base}:${path}`))
  const runbooks = () => runbooksOf(place, started.runbook)
  const first = await runbooks().next()
  if (first.done) findings.push(missing(started.runbook))
  const {recorded, present, lost} = await templatesOf(place, started.templates)
  findings.push(...lost.map(missing))
  const changed = [...recorded].flatMap(([name, text]) => (present.get(name) === text ? [] : name))
  const note: Text = {
    fr: `modèle modifié pendant l’exécution, pris tel qu’à la fin : ${changed.join(', ')}`,
    en: `template changed during the run, taken as it was at the end: ${changed.join(', ')}`,
  }
  return {
    findings,
    async *candidates() {
      if (findings.length > 0) return
      for await (const runbook of runbooks()) {
        yield {runbook, templates: recorded, note: null}
        if (changed.length > 0) yield {runbook, templates: present, note}
      }
    },
  }
}

/** As the first event recorded them, and as they were where the documents went. */
async function templatesOf(place: Place, listed: RunState['started']['templates']) {
  const recorded = new Map<string, string>()
  const present = new Map<string, string>()
  const lost: DocumentDigest[] = []
  for (const template of listed) {
    const {path, sha256: digest} = template
    const name = `templates/${path.replace(/^.*templates\//, '')}`
    const source = await firstVersion(place, path, name, (text) => sha256(text) === digest)
    if (source === null) lost.push(template)
    else recorded.set(name, source)
    const onBase = place.base === null ? null : await textAt(place, place.base, path)
    present.set(name, onBase ?? source ?? '')
  }
  return {recorded, present, lost}
}

function missing({path, sha256: digest}: DocumentDigest): AuditFinding {
  return finding({
    kind: 'source',
    path,
    what: {
      fr: 'aucune version n’a l’empreinte que l’exécution a notée',
      en: 'no version has the digest that the run recorded',
    },
    expected: excerpt(digest),
    found: {
      fr: 'ni dans l’historique du projet, ni dans Postgate',
      en: 'neither in the project’s history nor in Postgate',
    },
  })
}

/** Texts of the runbook that fit, newest first. */
async function* runbooksOf(
  place: Place,
  {path, sha256: digest}: DocumentDigest,
): AsyncGenerator<string> {
  const seen = new Set<string>()
  let found = 0
  for await (const source of versions(place, path, path.replace(/^.*runbooks\//, 'runbooks/'))) {
    if (seen.has(source)) continue
    seen.add(source)
    if ((await readRunbook(source, path)).sha256 === digest) {
      found += 1
      yield source
    } else if (found > 0) return // beyond those that fit, older ones do not
    if (found === runbooksMax) return
  }
}

async function firstVersion(
  place: Place,
  path: string,
  name: string,
  fits: (source: string) => boolean,
): Promise<string | null> {
  for await (const source of versions(place, path, name)) if (fits(source)) return source
  return null
}

/** On the base, then ever older ones, then what this bundle holds. */
async function* versions(place: Place, path: string, name: string): AsyncGenerator<string> {
  const {past, policy, base} = place
  if (base !== null) {
    const now = await textAt(place, base, path)
    if (now !== null) yield now
    const commits = await past.versions(base, path)
    for (const [index, commit] of commits.entries()) {
      if (index % together === 0)
        await past.blobs.load(
          commits.slice(index, index + together).map((each) => `${each}:${path}`),
        )
      const source = await textAt(place, commit, path)
      if (source !== null) yield source
    }
  }
  const own = await policy.file(name).catch(() => null)
  if (own !== null) yield own.source
}

const textAt = async (
  {past: {blobs}}: Place,
  commit: string,
  path: string,
): Promise<string | null> => (await blobs.read(`${commit}:${path}`))?.toString('utf8') ?? null
