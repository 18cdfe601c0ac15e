// The nightly of the branch was green for N whole cycles, and what it tested is what is released.
// Each run is judged by itself; no run, or one that is still going, is unknown and never green.

import {cyclesOf, dayMs, largestGap} from '../domain/cycles.ts'
import {isJob, isStep} from '../domain/job-names.ts'
import {count, duration} from '../domain/parameters.ts'
import {Problem} from '../domain/problem.ts'
import type {Text} from '../domain/text.ts'
import {utcMinute} from '../domain/times.ts'
import {type Evidence, fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {check} from '../kit/definition.ts'
import type {Ci, NightlyRun, RequiredJob} from '../kit/ports/ci.ts'
import {codeOf} from '../proofs/code.ts'
import {conclusionWords, counted, shortList, words} from '../words/observed.ts'

const hourMs = 3_600_000

export const nightlyGreen = check({
  name: 'nightly-green',
  describe: {
    fr: 'La nightly est verte depuis N cycles complets, sur le code qui part.',
    en: 'The nightly was green for N whole cycles, on the code that is released.',
  },
  mayAsk: 'anybody',
  parameters: {
    cycles: count(1),
    hours: count(1).optional(),
    grace: duration().optional(),
  },
  judge: (context, {cycles, hours = cycles * 24, grace = 6 * hourMs}) =>
    judgeNightly(context, {cycles, spanMs: hours * hourMs, graceMs: grace}),
})

export interface NightlyRule {
  readonly cycles: number
  readonly spanMs: number
  readonly graceMs: number
}

/** The judgement with its runs as evidence and as the fact `nightly`. */
export async function judgeNightly(context: Context, rule: NightlyRule): Promise<Judgement> {
  const ci = await context.adapters.ci()
  if (ci === null) {
    return askPerson({
      fr: 'postgate.yaml ne décrit aucune CI',
      en: 'postgate.yaml describes no CI',
    })
  }
  const now = context.world.clock.now()
  const {branch} = context.world.repository
  let runs: readonly NightlyRun[]
  try {
    runs = await ci.nightlyRuns({
      since: new Date(now.getTime() - rule.spanMs - rule.graceMs),
      branch,
    })
  } catch (error) {
    // Unreadable settings go on up; a CI that cannot be asked is a person's to look at.
    if (!(error instanceof Problem) || error.parts.exit === 2) throw error
    const {what, why} = error.parts
    return askPerson(why === undefined ? what : words`${what} ${why}`)
  }
  const judgement = await judgeRuns(context, ci, runs, {...rule, now})
  const done = runs.flatMap(({id, at, conclusion, sha, link}) =>
    conclusion === null ? [] : [{id, at, conclusion, sha, link}],
  )
  return {
    ...judgement,
    evidence: judgement.evidence ?? runs.map(evidenceOf),
    ...(done.length > 0 && {facts: {nightly: {runs: done}}}),
  }
}

async function judgeRuns(
  context: Context,
  ci: Ci,
  runs: readonly NightlyRun[],
  {cycles, graceMs, now}: NightlyRule & {readonly now: Date},
): Promise<Judgement> {
  const done = runs.filter(({conclusion}) => conclusion !== null)
  if (done.length === 0) {
    return unknown(
      runs.length === 0
        ? {fr: 'aucune nightly planifiée dans la période', en: 'no scheduled nightly in the period'}
        : {
            fr: `${runs.length} nightly en cours, aucune terminée`,
            en: `${runs.length} nightly runs in progress, none finished`,
          },
      {evidence: [{label: ci.product, link: ci.link}, ...runs.map(evidenceOf)], next: wait},
    )
  }
  // What other code did says nothing of this one: neither its greens nor its reds.
  const same = await testedHere(context, done)
  const idle = same.filter((run) => skippedItself(run, same, ci.requiredJobs))
  const tested = same.filter((run) => !idle.includes(run))
  const red = tested.filter(({conclusion}) => conclusion !== 'success')
  if (red.length > 0) {
    return fail(
      words`${red.length} ${{fr: 'nightly sur', en: 'nightly runs of'}} ${tested.length} ${{fr: 'non vertes', en: 'not green'}} : ${shortList(red.map(told), 6)}`,
      {evidence: red.map(evidenceOf), next: openThem},
    )
  }
  const skipped = tested.flatMap((run) => notRun(run, ci.requiredJobs))
  if (skipped.length > 0) {
    return fail(
      words`${{fr: 'jobs exigés non exécutés', en: 'required jobs that did not run'}} : ${shortList(skipped, 6)}`,
      {next: openThem},
    )
  }
  const times = tested.map(({at}) => Date.parse(at))
  const green = cyclesOf(times, graceMs)
  if (green.length < cycles) {
    return unknown(
      words`${counted(green.length, ['cycle vert', 'cycles verts'], ['green cycle', 'green cycles'])} ${{fr: 'sur', en: 'of'}} ${cycles} ${{fr: 'pour le code du tag', en: 'for the tag’s code'}}${aside(done.length - same.length, otherCode)}${aside(idle.length, itselfSkipped)}`,
      {next: idle.length > 0 ? letItRun : wait},
    )
  }
  const first = green[cycles - 1] ?? now.getTime()
  const gap = largestGap([now.getTime(), ...times.filter((time) => time >= first)])
  if (gap > dayMs + graceMs) {
    const hours = Math.floor(gap / hourMs)
    return unknown(
      words`${{fr: `${hours} h sans nightly terminée`, en: `${hours} h without a finished nightly`}}${aside(done.length - same.length, otherCode)}${aside(idle.length, itselfSkipped)}`,
      {next: idle.length > 0 ? letItRun : wait},
    )
  }
  return pass(
    words`${counted(green.length, ['cycle vert', 'cycles verts'], ['green cycle', 'green cycles'])}, ${{fr: 'le dernier le', en: 'the last on'}} ${utcMinute(new Date(green[0] ?? now))}${aside(done.length - same.length, otherCode)}`,
  )
}

/** ` ; 2 runs of other code`; nothing for none. */
const aside = (count: number, said: (count: number) => Text): Text =>
  count === 0 ? '' : words` ; ${said(count)}`

const otherCode = (count: number): Text =>
  words`${counted(count, ['exécution', 'exécutions'], ['run', 'runs'])} ${{fr: 'd’un autre code', en: 'of other code'}}`

const itselfSkipped = (count: number): Text =>
  words`${counted(count, ['exécution', 'exécutions'], ['run', 'runs'])} ${{fr: 'sans les tests : la nightly s’est sautée elle-même, sans doute faute de nouveaux commits', en: 'without the tests: the nightly skipped itself, probably for lack of new commits'}}`

/** The runs whose commit carries the checkpoint's code: the same commit, or one beside it on the branch without a change of code. */
async function testedHere(context: Context, runs: readonly NightlyRun[]): Promise<NightlyRun[]> {
  const {world, checkpoint} = context
  const {repository} = world
  const known = new Map<string, Promise<boolean>>()
  const same = async (sha: string): Promise<boolean> => {
    if (sha === checkpoint.commit) return true
    try {
      await repository.fetchCommit(sha)
      const related =
        (await repository.isAncestor(checkpoint.commit, sha)) ||
        (await repository.isAncestor(sha, checkpoint.commit))
      if (!related) return false
      const changed = await repository.changedFiles(checkpoint.commit, sha, codeOf(context))
      return changed.length === 0
    } catch (error) {
      // A commit that the remote no longer has: nothing can be said about it, so it does not count.
      if (error instanceof Problem) return false
      throw error
    }
  }
  const found: NightlyRun[] = []
  for (const run of runs) {
    const asked = known.get(run.sha) ?? same(run.sha)
    known.set(run.sha, asked)
    if (await asked) found.push(run)
  }
  return found
}

/** Required jobs and steps that were skipped, failed or are missing: a nightly without them is green by accident. */
function notRun(run: NightlyRun, required: readonly RequiredJob[]): Text[] {
  return required.flatMap(({job, steps}): Text[] => {
    const found = run.jobs.filter(({name}) => isJob(name, job))
    if (found.length === 0) return [words`${job} (${absent}, ${run.id})`]
    return found.flatMap(({name, conclusion, steps: ran}): Text[] => {
      if (conclusion !== 'success') return [`${name} (${conclusion}, ${run.id})`]
      return steps.flatMap((step): Text[] => {
        const here = ran.filter((each) => isStep(each.name, step))
        if (here.length === 0) return [words`${name} › ${step} (${absent}, ${run.id})`]
        return here
          .filter((each) => each.conclusion !== 'success')
          .map((each) => `${name} › ${each.name} (${each.conclusion}, ${run.id})`)
      })
    })
  })
}

const absent: Text = {fr: 'absent', en: 'missing'}

/**
 * A nightly that looks whether there is anything new, and ends there: all of it is skipped, all that is
 * required is, or nothing but the look ran where another run of this code did more. No red, and no cycle.
 */
function skippedItself(
  run: NightlyRun,
  others: readonly NightlyRun[],
  required: readonly RequiredJob[],
): boolean {
  if (run.conclusion === 'skipped') return true
  const skipped = run.jobs.filter(({conclusion}) => conclusion === 'skipped')
  const ran = run.jobs.filter(({conclusion}) => conclusion === 'success')
  if (run.conclusion !== 'success' || skipped.length === 0 || ran.length > 1) return false
  const isSkipped = ({job}: RequiredJob) => skipped.some(({name}) => isJob(name, job))
  if (required.length > 0) return required.every(isSkipped)
  return others.some(
    ({jobs}) =>
      jobs.filter(({conclusion}) => conclusion === 'success').length > ran.length &&
      skipped.some(({name}) =>
        jobs.some((job) => job.conclusion === 'success' && isJob(job.name, name)),
      ),
  )
}

const evidenceOf = (run: NightlyRun): Evidence => ({
  label: words`nightly ${run.id}, ${told(run)}`,
  link: run.link,
})

const told = ({at, conclusion, sha}: NightlyRun): Text =>
  words`${utcMinute(at)} ${conclusionWords[conclusion ?? ''] ?? conclusion ?? {fr: 'en cours', en: 'in progress'}} (${sha.slice(0, 9)})`

const askPerson = (observed: Text): Judgement =>
  unknown(observed, {
    attestable: {},
    next: {
      fr: 'ouvrir la page de la CI et répondre par les exécutions vues, avec leurs liens',
      en: 'open the CI’s page and answer with the runs seen, with their links',
    },
  })

const wait: Text = {
  fr: 'attendre la fin d’une nightly planifiée sur ce code, puis relancer la même commande',
  en: 'wait for a scheduled nightly on this code to end, then run the same command again',
}

const letItRun: Text = {
  fr: 'ouvrir ces exécutions ; faire tourner la nightly planifiée même sans nouveau commit, attendre qu’elle finisse, puis relancer la même commande',
  en: 'open these runs; let the scheduled nightly run without new commits too, wait until it ends, then run the same command again',
}

const openThem: Text = {
  fr: 'ouvrir les exécutions citées ; corriger demande un nouveau tag et un nouveau gate',
  en: 'open the runs named; a correction needs a new tag and a new gate',
}
