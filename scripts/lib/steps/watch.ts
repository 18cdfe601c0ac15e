// The watch: two hours of looking at PRODUCTION, sample by sample, from before the deployment on. It
// survives a kill: what was sampled counts, and a gap stays a gap. No data is never healthy.

import {z} from 'zod'
import type {Sample} from '../domain/event.ts'
import {duration, percent, count as wholeNumber} from '../domain/parameters.ts'
import {deploymentStartedAt} from '../domain/recorded.ts'
import {
  countErrors,
  coverage,
  inRhythm,
  percentile,
  rateOf,
  samplesWithin,
} from '../domain/statistics.ts'
import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {figuresText, sourceFigures} from '../proofs/figures.ts'
import {counted as count, percents, sparkline, words} from '../words/observed.ts'

/** Milliseconds, and the least share of looks that must have brought an answer. */
interface Rhythm {
  readonly hours: number
  readonly every: number
  readonly coverage: number
  /** Milliseconds between two looks while errors are seen; without it the rhythm stays. */
  readonly rapid?: number | undefined
  /** So many looks at the most are taken beside the rhythm. */
  readonly most?: number | undefined
}

export const watchParameters = z.strictObject({
  hours: duration(),
  every: duration(),
  coverage: percent(),
  rapid: duration().optional(),
  most: wholeNumber(1).optional(),
})

/**
 * Step `baseline minutes=2`: what PROD looks like before anything changes. Ill already: do not deploy. Before
 * the first release ever a host that answers 404 is empty, not ill.
 */
export async function baseline(context: Context, {minutes}: {minutes: number}): Promise<Judgement> {
  const from = context.world.clock.now()
  const totalMs = minutes * 60_000
  await sampleUntil(context, new Date(from.getTime() + totalMs), {every: 10_000})
  const taken = samplesWithin(context.run().samples, {from, to: context.world.clock.now()})
  const counts = countErrors(taken)
  if ((rateOf(counts) ?? 1) > 0.05 && (await isEmptyHost(context))) {
    return pass(
      words`${requests(counts.requests, counts.errors)} ; ${{fr: 'rien n’est encore en ligne : première mise en ligne, aucune référence', en: 'nothing is live yet: first release, no baseline'}}`,
    )
  }
  if (counts.requests === 0)
    return unknown(
      {fr: 'aucune mesure : la source est muette', en: 'no sample: the source is silent'},
      {attestable: {}},
    )
  const observed = words`${requests(counts.requests, counts.errors)}, ${{fr: '95ᵉ centile', en: 'p95'}} ${p95Of(taken) ?? '—'} ms`
  return (rateOf(counts) ?? 1) > 0.05 ? fail(observed) : pass(observed)
}

/** Only where the host says so: one that does not answer is measured as any other. */
async function isEmptyHost(context: Context): Promise<boolean> {
  try {
    return (await (await context.adapters.hosting()).live()) === null
  } catch {
    context.signal.throwIfAborted()
    return false
  }
}

const requests = (asked: number, errors: number) =>
  words`${count(asked, ['requête', 'requêtes'], ['request', 'requests'])}, ${count(errors, ['erreur', 'erreurs'], ['error', 'errors'])}`

/** Step `watch hours=2h every=10s coverage=90% rapid=2s most=90`: from the deployment on; any trigger ends it at once. */
export async function runWatch(context: Context, rhythm: Rhythm): Promise<Judgement> {
  const since = deploymentStartedAt(context.run())
  if (since === null)
    return unknown({fr: 'aucun déploiement à surveiller', en: 'no deployment to watch'})
  const from = new Date(since)
  const to = new Date(from.getTime() + rhythm.hours)
  const fired = await sampleUntil(context, to, rhythm, {from, to})
  const taken = samplesWithin(context.run().samples, {from, to: context.world.clock.now()})
  const seen = figuresOf(taken, {from, to, everyMs: rhythm.every})
  const facts = {
    watch: {from: from.toISOString(), to: context.world.clock.now().toISOString(), ...seen},
  }
  const observed = words`${requests(seen.samples, seen.errors)}, ${{fr: '95ᵉ centile', en: 'p95'}} ${seen.p95Ms ?? '—'} ms, ${{fr: 'couverture', en: 'coverage'}} ${percents(seen.coverage)}`
  if (fired !== null) return fail(words`${fired} (${observed})`, {facts})
  if (context.signal.aborted)
    return unknown({fr: 'surveillance interrompue', en: 'watch interrupted'}, {facts})
  const next = {
    fr: 'accepter avec une raison et un nom, ou npx zx scripts/production.ts --rollback RAISON',
    en: 'accept with a reason and a name, or npx zx scripts/production.ts --rollback WHY',
  }
  if (seen.coverage < rhythm.coverage) {
    return unknown(
      words`${observed} ; ${{fr: 'il en faut', en: 'wanted'}} ${Math.round(rhythm.coverage * 100)} %`,
      {facts, attestable: {}, next},
    )
  }
  // What the probes saw says nothing of a source that was configured and went silent.
  const own = await sourceFigures(context, {since: from, until: to})
  if (own === null) return pass(observed, {facts})
  const said = words`${observed} ; ${figuresText(own)}`
  return own.counts === null ? unknown(said, {facts, attestable: {}, next}) : pass(said, {facts})
}

/** Errors so young make the next look come sooner. */
const hotMs = 60_000

/** Samples until `end`; what fired, or what a person refused meanwhile, or null. Said once a minute, with the time left. */
async function sampleUntil(
  context: Context,
  end: Date,
  {every, rapid = every, most = 0}: Pick<Rhythm, 'every' | 'rapid' | 'most'>,
  span?: {from: Date; to: Date},
) {
  const {clock} = context.world
  let said = ''
  let next = clock.now().getTime()
  let lastError = Number.NEGATIVE_INFINITY
  let left = most - context.run().samples.filter(({extra}) => extra).length
  while (clock.now() < end && !context.signal.aborted) {
    const now = clock.now().getTime()
    const isExtra = now < next
    const samples = await look(context)
    await context.record({
      type: 'samples-taken',
      samples: isExtra ? samples.map((sample) => ({...sample, extra: true as const})) : samples,
    })
    if (isExtra) left -= 1
    else next = now + every
    if (samples.some(({ok}) => ok === false)) lastError = now
    const minute = clock.now().toISOString().slice(0, 16)
    if (span !== undefined) {
      const fired = await context.triggers()
      if (fired !== null) return words`${fired.item.title} : ${fired.judgement.observed}`
      const refused = await context.due()
      if (refused !== null) return refused
      if (minute !== said) tell(context, span)
    }
    said = minute
    const after = clock.now().getTime()
    const isHot = left > 0 && after - lastError < hotMs
    const until = Math.min(isHot ? Math.min(after + rapid, next) : next, end.getTime())
    await clock.wait(Math.max(1, until - after), context.signal).catch(() => undefined)
  }
  return null
}

/** One look at every page that is probed; a prober that breaks is recorded as silence, never left out. */
async function look({world, adapters}: Context): Promise<readonly Sample[]> {
  const at = world.clock.now().toISOString()
  const prober = await adapters.prober()
  try {
    const samples = (await prober.samples?.()) ?? []
    return samples.map((sample) => ({...sample, at}))
  } catch (error) {
    return [
      {
        at,
        source: prober.product,
        ok: null,
        status: null,
        ms: null,
        note: error instanceof Error ? error.message : String(error),
      },
    ]
  }
}

function tell(context: Context, {from, to}: {from: Date; to: Date}): void {
  const now = context.world.clock.now()
  const recent = context.run().samples.slice(-24)
  const {errors, requests} = countErrors(samplesWithin(context.run().samples, {from, to: now}))
  const leftMinutes = Math.max(0, Math.round((to.getTime() - now.getTime()) / 60_000))
  const line = sparkline(recent.map(({ms}) => ms))
  // What a narrow terminal cuts off is the curve, never the time that is left.
  context.progress(
    words`${{fr: 'surveillance', en: 'watch'}}, ${{fr: `reste ${leftMinutes} min`, en: `${leftMinutes} min left`}} : ${count(requests, ['mesure', 'mesures'], ['sample', 'samples'])}, ${count(errors, ['erreur', 'erreurs'], ['error', 'errors'])} ${line}`,
  )
}

function figuresOf(
  taken: readonly Sample[],
  {from, to, everyMs}: {from: Date; to: Date; everyMs: number},
) {
  const {errors, requests} = countErrors(inRhythm(taken))
  return {
    samples: requests,
    errors,
    coverage: coverage(taken, {from, to, everyMs}),
    p95Ms: p95Of(taken),
  }
}

function p95Of(taken: readonly Sample[]): number | null {
  const times = taken.flatMap(({ms}) => (ms === null ? [] : [ms]))
  return percentile(times, 0.95)
}
