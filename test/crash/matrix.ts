// Goal: wherever a run is killed, the same command ends it as if nothing had happened. Method: one run
// that nobody kills is the measure. Then every process of a run is killed at the first place where none
// was killed before, until no place is left; what is left of the run is compared with the measure.

import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {crashPointName} from '../../scripts/lib/sandbox/crash-point.ts'
import type {Bundle} from '../helpers/bundle-runs.ts'
import {differences, eventsOf, type Left, leftBy} from './observed.ts'

export interface Story {
  readonly name: string
  readonly args: readonly string[]
  /** Its sandbox is ready for the command; only ever copied. */
  readonly prepared: Bundle
  readonly exit: number
  /** How many resets STAGING has seen by its end: a count that sees none would find no second one. */
  readonly resets: number
}

export interface Measure {
  readonly story: Story
  readonly before: string
  readonly left: Left
  readonly events: readonly string[]
}

export interface Trial {
  readonly story: string
  /** Where its processes were killed, in order. */
  readonly killed: readonly string[]
  readonly elsewhere: boolean
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
    const left = await leftBy(bundle, before)
    if (left.effects.resets !== story.resets)
      throw new Error(`${story.name}: ${left.effects.resets} resets seen, not ${story.resets}`)
    return {story, before, left, events: eventsOf(bundle)}
  } finally {
    bundle.remove()
  }
}

type Move = (bundle: Bundle) => {args: readonly string[]}

/** One run killed at each of `points` in turn (see crash-point.ts), then left alone. `other`: what happens to the clone before the resume. */
export function killed(measured: Measure, points: readonly number[], other?: Move): Promise<Trial> {
  const waiting = [...points]
  return tried(measured, {
    next: () => {
      const point = waiting.shift()
      return point === undefined ? {} : {POSTGATE_CRASH_AFTER: String(point)}
    },
    where: (bundle) => eventsOf(bundle).at(-1) ?? '',
    ...(other && {other}),
  })
}

/** One run killed at every one of these places that it comes by. Answers what it did not come by as well. */
export async function killedAtEach(
  measured: Measure,
  places: readonly string[],
  {progress = () => {}, other}: {progress?: (place: string) => void; other?: Move} = {},
): Promise<{trial: Trial; left: readonly string[]}> {
  let list = ''
  let before = [...places]
  const read = () => readFileSync(list, 'utf8').split('\n').filter(Boolean)
  const trial = await tried(measured, {
    next: (bundle) => {
      if (list === '') {
        list = join(bundle.path, 'crash-places')
        writeFileSync(list, places.join('\n'))
      }
      return {POSTGATE_CRASH_PLACES: list}
    },
    where: () => {
      const now = read()
      const struck = before.find((place) => !now.includes(place)) ?? ''
      before = now
      progress(struck)
      return struck
    },
    ...(other && {other}),
  })
  return {trial, left: before}
}

interface Killing {
  /** The variables that kill the next process; none: it is left alone. */
  readonly next: (bundle: Bundle) => Readonly<Record<string, string>>
  /** Where the process was that was just killed. */
  readonly where: (bundle: Bundle) => string
  readonly other?: Move
}

async function tried(
  {story, before, left}: Measure,
  {next, where, other}: Killing,
): Promise<Trial> {
  const bundle = story.prepared.copy()
  const struck: string[] = []
  let found: readonly string[] = []
  try {
    let more: readonly string[] = []
    for (;;) {
      const ran = await bundle.run([...story.args, ...more], {env: next(bundle)})
      if (ran.signal === 'SIGKILL') {
        struck.push(where(bundle))
        more = other?.(bundle).args ?? []
        continue
      }
      const words = `exit ${ran.code} instead of ${story.exit}: ${lastWords(ran)}`
      found = ran.code === story.exit ? differences(left, await leftBy(bundle, before)) : [words]
      break
    }
  } catch (error) {
    found = [error instanceof Error ? error.message : String(error)]
  } finally {
    if (process.env.CRASH_KEEP === undefined) bundle.remove()
    else process.stderr.write(`${bundle.path}\n`)
  }
  return {story: story.name, killed: struck, elsewhere: other !== undefined, differences: found}
}

const lastWords = ({stdout, stderr}: {stdout: string; stderr: string}) =>
  `${stdout}${stderr}`.trim().split('\n').slice(-12).join('\n')

export interface EachPlace {
  readonly places: readonly string[]
  readonly tell: (trial: Trial) => void
  readonly progress: (place: string) => void
  /** What happens to the clone before each resume. */
  readonly other?: Move
}

/** Kills at every place. A place that a run did not come by, since a kill changed its way, gets a run with fewer kills. */
export async function everyPlace(
  measured: Measure,
  {places: all, tell, progress, other}: EachPlace,
): Promise<Trial[]> {
  const trials: Trial[] = []
  const go = async (places: readonly string[]) => {
    const {trial, left} = await killedAtEach(measured, places, {progress, ...(other && {other})})
    trials.push(trial)
    tell(trial)
    return left
  }
  let wanted = [...all]
  // Every second place each: two runs at once, and between two kills of a run something happens.
  for (let round = 0; round < 4 && wanted.length > 0; round += 1) {
    const halves = [0, 1].map((half) => wanted.filter((_, index) => index % 2 === half))
    const left: string[] = []
    await inTwo(
      halves
        .filter((places) => places.length > 0)
        .map((places) => async () => void left.push(...(await go(places)))),
    )
    if (left.length === wanted.length) break
    wanted = wanted.filter((place) => left.includes(place))
  }
  if (wanted.length > 0) {
    const never = wanted.map((place) => `never came by: ${place}`)
    const {name} = measured.story
    trials.push({story: name, killed: [], elsewhere: other !== undefined, differences: never})
  }
  return trials
}

/**
 * Behind each event, and before each that comes within an act or the end of the run: everything else has
 * happened by then. Of the watch's samples, one like the other: the first two, each 48th, and the last.
 * How many there are differs from run to run, since nothing is measured while no process lives: nine
 * tenths of them come in every run, and the last one is before what follows it, whatever its number.
 */
export function placesOf(events: readonly string[], everySample = false): string[] {
  const often = new Map<string, number>()
  const samples = events.filter((event) => event === 'samples-taken').length
  const lastSample = events.lastIndexOf('samples-taken')
  let acting = false
  return events.flatMap((event, index) => {
    often.set(event, (often.get(event) ?? 0) + 1)
    const nth = often.get(event) ?? 0
    if (event === 'samples-taken') {
      if (nth > 2 && nth > samples * 0.9) return []
      if (nth > 2 && nth % 48 !== 0 && !everySample) return []
    }
    const name = `${event}#${nth}`
    const ending = /^(documents-|run-tagged|run-ended|notified|rollback-)/.test(event)
    const within = acting || ending || (index > 0 && index - 1 === lastSample)
    if (event.startsWith('step-intended')) acting = true
    if (event.startsWith('step-finished')) acting = false
    return within
      ? [crashPointName('before', name), crashPointName('after', name)]
      : [crashPointName('after', name)]
  })
}

/**
 * Where what is known lies on one machine alone: an act has happened and its outcome is not written, or is
 * written and not yet sent; and each part of the end.
 */
export function unsentPlaces(events: readonly string[]): string[] {
  const intended = new Set(
    events.flatMap((event) => {
      const [type, ...about] = event.split(' ')
      return type === 'step-intended' ? [about.join(' ')] : []
    }),
  )
  return placesOf(events).filter((place) => {
    const [, type = '', about = ''] = /^(?:before|after) (\S+?)(?: (.*))?#\d+$/.exec(place) ?? []
    if (type === 'step-finished') return intended.has(about)
    return /^(documents-|run-|rollback-)/.test(type) && type !== 'run-started'
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
