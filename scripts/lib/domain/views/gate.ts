// The views of the documents that gate.ts writes: a new Release Gate, and the post-mortem of a red
// nightly. Their facts come from the repository and the CI, as plain data.

import type {JsonOutput} from '../json-outputs.ts'
import {between, frenchDate, frenchDuration, frenchNumber, utc, utcMinute} from '../times.ts'

export interface GateFacts {
  /** ISO 8601, UTC. */
  readonly at: string
  readonly tag: string
  readonly commit: string
  readonly author: string
  readonly committedAt: string
  readonly operator: string
  /** Null where there is no earlier gate to count from. */
  readonly changes: number | null
  /** Whether the project describes one: else the checklist does not speak of it. */
  readonly database: boolean
}

export function releaseGateView(facts: GateFacts) {
  return {
    month: frenchDate(facts.at).split(' ').slice(1).join(' '),
    date: facts.at.slice(0, 10),
    tag: facts.tag,
    commit: facts.commit,
    author: facts.author,
    commitDate: utcMinute(facts.committedAt),
    operator: facts.operator,
    database: facts.database,
    changeCount: facts.changes === null ? 'premier gate' : frenchNumber(facts.changes),
  }
}

export type NightlyRunFacts = NonNullable<JsonOutput<'gate-nightly'>['firstBad']>

export interface NightlyFacts {
  readonly at: string
  readonly branch: string
  readonly tag: string
  /** Newest first. */
  readonly runs: readonly NightlyRunFacts[]
  /** Between the last good and the first bad run; null where that is not known. */
  readonly commits: readonly {readonly sha: string; readonly subject: string}[] | null
}

export function nightlyPostMortemView(facts: NightlyFacts) {
  const done = facts.runs.filter(({conclusion}) => conclusion !== null)
  const lastGoodAt = done.findIndex(({conclusion}) => conclusion === 'success')
  const red = lastGoodAt < 0 ? done : done.slice(0, lastGoodAt)
  const firstBad = red.at(-1)
  return {
    dateInWords: frenchDate(firstBad?.at ?? facts.at),
    branch: facts.branch,
    tag: facts.tag,
    lastGood: nightlyRow(lastGoodAt < 0 ? undefined : done[lastGoodAt]),
    firstBad: nightlyRow(firstBad),
    latest: nightlyRow(facts.runs[0]),
    redFor: firstBad === undefined ? 'aucune' : frenchDuration(between(firstBad.at, facts.at)),
    redCount: `${frenchNumber(red.length)} exécution${red.length > 1 ? 's' : ''}`,
    commitsKnown: facts.commits !== null,
    commits: (facts.commits ?? []).map(({sha, subject}) => ({sha: sha.slice(0, 7), subject})),
    runs: facts.runs.slice(0, 20).map(nightlyRow),
  }
}

function nightlyRow(run: NightlyRunFacts | undefined) {
  return {
    id: run?.id ?? 'inconnue',
    at: run === undefined ? '' : utcMinute(run.at),
    conclusion: run === undefined ? '' : (run.conclusion ?? 'en cours'),
    commit: run?.sha.slice(0, 7) ?? '',
    link: run?.link ?? '',
  }
}

/** The first bad run of a red nightly, for the document's name; undefined where it is green or unknown. */
export function firstBadRun(runs: readonly NightlyRunFacts[]): NightlyRunFacts | undefined {
  // One that skipped itself tested nothing: neither good nor bad.
  const done = runs.filter(({conclusion}) => conclusion !== null && conclusion !== 'skipped')
  const lastGood = done.findIndex(({conclusion}) => conclusion === 'success')
  return (lastGood < 0 ? done : done.slice(0, lastGood)).at(-1)
}

export const gateName = (at: string): string =>
  `docs/RELEASE_GATE_${utc(at).slice(0, 7).replace('-', '_')}.md`
