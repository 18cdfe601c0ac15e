// Abort: the application has not answered for too long without a break. Stretches in which nobody looked
// count for nothing: a machine that slept is no outage.

import type {Sample} from '../domain/event.ts'
import {duration} from '../domain/parameters.ts'
import {deploymentStartedAt} from '../domain/recorded.ts'
import {downMs, percentile} from '../domain/statistics.ts'
import {frenchDuration as shown} from '../domain/times.ts'
import {fail, pass, unknown} from '../domain/verdict.ts'
import {trigger} from '../kit/definition.ts'

export const downtime = trigger({
  name: 'downtime',
  describe: {
    fr: 'L’application ne répond plus depuis trop longtemps.',
    en: 'The application has not answered for too long.',
  },
  parameters: {longer: duration()},
  async judge(context, {longer}) {
    const run = context.run()
    const from = deploymentStartedAt(run) ?? '9'
    const samples = run.samples.filter(({at}) => at >= from)
    if (samples.length === 0) return unknown({fr: 'aucune mesure', en: 'no measurement'})
    const [worst] = [...bySource(samples)]
      .map(([source, own]) => ({source, ms: downMs(sinceLastGap(own))}))
      .sort((a, b) => b.ms - a.ms)
    if (worst === undefined || worst.ms === 0) {
      const last = samples.at(-1)
      return last?.ok === true
        ? pass({fr: 'l’application répond', en: 'the application answers'})
        : unknown({
            fr: 'la dernière mesure ne dit rien, ou échoue depuis peu',
            en: 'the last measurement says nothing, or has only begun to fail',
          })
    }
    const observed = {
      fr: `${worst.source} ne répond plus depuis ${shown(worst.ms)}`,
      en: `${worst.source} has not answered for ${shown(worst.ms)}`,
    }
    return worst.ms > longer ? fail(observed) : pass(observed)
  },
})

/** Each source's samples since its last good one: from the end back, so that a long watch stays cheap. */
function bySource(samples: readonly Sample[]): Map<string, Sample[]> {
  const sources = new Map<string, Sample[]>()
  const good = new Set<string>()
  const lastLook = samples.at(-1)?.at
  for (let index = samples.length - 1; index >= 0; index -= 1) {
    const sample = samples[index]
    if (sample === undefined || (sample.at !== lastLook && good.size === sources.size)) break
    if (good.has(sample.source)) continue
    const own = sources.get(sample.source) ?? []
    own.unshift(sample)
    sources.set(sample.source, own)
    if (sample.ok === true) good.add(sample.source)
  }
  return sources
}

const time = ({at}: Sample) => Date.parse(at)

/** The samples after the last stretch in which nobody looked: longer than three usual pauses, and a minute at least. */
function sinceLastGap(samples: readonly Sample[]): readonly Sample[] {
  const pauses = samples
    .slice(1)
    .map((sample, index) => time(sample) - time(samples[index] ?? sample))
  const limit = Math.max(60_000, 3 * (percentile(pauses, 0.5) ?? 0))
  return samples.slice(pauses.findLastIndex((pause) => pause > limit) + 1)
}
