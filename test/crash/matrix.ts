// Goal: wherever a run is killed, the same command ends it as if nothing had happened. Method: one run
// that nobody kills is the measure; then run after run is killed behind the first event, the second, ...
// and between each act and its outcome. To come through in time, the resumed processes of a run are
// killed again some events later, until it ends; what the run passed by unkilled gets a run of its own.

import type {Bundle} from '../helpers/bundle-runs.ts'
import {differences, eventsOf, type Left, leftBy} from './observed.ts'

export interface Story {
  readonly name: string
  readonly args: readonly string[]
  /** Its sandbox is ready for the command; only ever copied. */
  readonly prepared: Bundle
  readonly exit: number
}

export interface Measure {
  readonly story: Story
  readonly before: string
  readonly left: Left
  readonly events: readonly string[]
}

export interface Trial {
  readonly story: string
  /** For each process: behind which of its events it was killed (n), or before the next one (n.5). */
  readonly points: readonly number[]
  /** The last event that each killed process wrote. */
  readonly killed: readonly string[]
  readonly differences: readonly string[]
}

/** The run that nobody kills. */
export async function measure(story: Story): Promise<Measure> {
  const bundle = story.prepared.copy()
  try {
    const before = bundle.git('rev-parse', 'origin/main')
    const ran = await bundle.run([...story.args])
    if (ran.code !== story.exit)
      throw new Error(`${story.name}: ${ran.code}\n${ran.stdout}${ran.stderr}`)
    return {story, before, left: await leftBy(bundle, before), events: eventsOf(bundle)}
  } finally {
    bundle.remove()
  }
}

/** One run killed at each of `points` in turn, then left alone. `other`: what happens to the clone before the resume. */
export async function killed(
  {story, before, left}: Measure,
  points: readonly number[],
  other?: (bundle: Bundle) => {args: readonly string[]},
): Promise<Trial> {
  const bundle = story.prepared.copy()
  const struck: string[] = []
  let ended = false
  try {
    let more: readonly string[] = []
    for (const point of points) {
      const ran = await bundle.run([...story.args, ...more], {
        env: {POSTGATE_CRASH_AFTER: String(point)},
      })
      if (ran.signal !== 'SIGKILL') {
        if (ran.code === story.exit) {
          ended = true
          break
        }
        return trial([`exit ${ran.code} instead of ${story.exit}: ${lastWords(ran)}`])
      }
      struck.push(eventsOf(bundle).at(-1) ?? '')
      more = other?.(bundle).args ?? []
    }
    if (!ended) {
      const ran = await bundle.run([...story.args, ...more])
      if (ran.code !== story.exit)
        return trial([`resumed with exit ${ran.code} instead of ${story.exit}: ${lastWords(ran)}`])
    }
    return trial(differences(left, await leftBy(bundle, before)))
  } catch (error) {
    return trial([error instanceof Error ? error.message : String(error)])
  } finally {
    if (process.env.CRASH_KEEP === undefined) bundle.remove()
    else process.stderr.write(`${bundle.path}\n`)
  }

  function trial(found: readonly string[]): Trial {
    return {story: story.name, points, killed: struck, differences: found}
  }
}

const lastWords = ({stdout, stderr}: {stdout: string; stderr: string}) =>
  `${stdout}${stderr}`.trim().split('\n').slice(-12).join('\n')

/** Kills so that every event is the last of some process at least once. Answers every trial. */
export async function everyEvent(
  measured: Measure,
  {stride, tell}: {stride: number; tell: (trial: Trial) => void},
): Promise<Trial[]> {
  const {events} = measured
  const again = 1 + events.filter((event) => event.startsWith('item-judged prerequisites/')).length
  const done = new Set<string>()
  const trials: Trial[] = []
  const go = async (points: readonly number[]) => {
    const trial = await killed(measured, points)
    for (const event of trial.killed) done.add(event)
    trials.push(trial)
    tell(trial)
  }
  const rounds = Math.ceil(events.length / stride)
  // Round k: among the prerequisites first, which each process judges anew; then behind the k-th event
  // after them, and from there at each stride.
  await inTwo(
    Array.from({length: stride}, (_, round) => () => {
      const early = Array.from({length: again}, (__, index) => index + 1)
      return go([
        ...early.filter((point) => point % stride === round),
        again + round + 1,
        ...Array.from({length: rounds}, () => again + stride),
      ])
    }),
  )
  // What no chain happened to stop at, and the moments between an act and its outcome.
  const left = events.flatMap((event, index) => (done.has(event) ? [] : [index + 1]))
  await inTwo([...left, ...actMoments(events)].map((point) => () => go([point])))
  return trials
}

/** n.5 for each event inside an act: everything before the next event has happened, and is not noted. */
export function actMoments(events: readonly string[]): number[] {
  let acting = false
  return events.flatMap((event, index) => {
    if (event.startsWith('step-intended')) acting = true
    if (event.startsWith('step-finished')) acting = false
    const ending = /^(run-decided|documents-|run-tagged|run-ended|notified|rollback-)/.test(event)
    return acting || ending ? [index + 1.5] : []
  })
}

/** Two at a time. */
export async function inTwo(jobs: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = [...jobs]
  const worker = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await job()
  }
  await Promise.all([worker(), worker()])
}
