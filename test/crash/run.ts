#!/usr/bin/env -S npx zx
// `npm run test:crash`: each scenario killed after every single event and between every act and its
// outcome, resumed by the same command, and once per phase on another machine; then compared with a run
// that nobody killed.
//
//   npx zx test/crash/run.ts [--elsewhere] [--every-sample] [STORY ...]     staging production freeze drill staging-rolled-back

import {parseArgs} from 'node:util'
import {scriptArguments} from '../../scripts/lib/base/entry.ts'
import {elsewhere} from './elsewhere.ts'
import {everyPlace, inTwo, killed, measure, placesOf, type Trial, unsentPlaces} from './matrix.ts'
import {stories} from './stories.ts'

const {values, positionals} = parseArgs({
  args: [...scriptArguments()],
  allowPositionals: true,
  options: {
    elsewhere: {type: 'boolean', default: false},
    'every-sample': {type: 'boolean', default: false},
  },
})
const all = ['staging', 'production', 'freeze', 'drill', 'staging-rolled-back']
const wanted = positionals.length === 0 ? all : positionals
const began = performance.now()
const trials: Trial[] = []
const opened = await stories(wanted)
try {
  for (const story of opened.stories) {
    const measured = await measure(story)
    console.log(`${minutes()} ${story.name}: ${measured.events.length} events`)
    const progress = (place: string) => console.log(`${minutes()}   ${place}`)
    if (!values.elsewhere) {
      const places = placesOf(measured.events, values['every-sample'])
      trials.push(...(await everyPlace(measured, {places, tell, progress})))
    }
    const places = unsentPlaces(measured.events)
    trials.push(...(await everyPlace(measured, {places, tell, progress, other: elsewhere})))
    await inTwo(
      oncePerPhase(measured.events).map((point) => async () => {
        const trial = await killed(measured, [point], elsewhere)
        tell(trial)
        trials.push(trial)
      }),
    )
  }
} finally {
  opened.close()
}
const kills = trials.flatMap(({killed: struck}) => struck)
const moved = trials.filter((trial) => trial.elsewhere).flatMap(({killed: struck}) => struck)
const different = trials.filter(({differences}) => differences.length > 0)
for (const {story, killed: struck, differences} of different)
  console.log(`\n${story}, killed at ${struck.join(', ')}:\n${differences.join('\n')}`)
console.log(
  `${kills.length} events killed, ${kills.length} resumed, ${moved.length} of them on another machine, ${different.length} differences, ${minutes()}`,
)
process.exitCode = different.length > 0 || trials.length === 0 ? 1 : 0

/** Behind the third event of each phase, and between the deployment and its outcome. */
function oncePerPhase(events: readonly string[]): number[] {
  const deploy = events.indexOf('step-intended deploy')
  return [
    ...events.flatMap((event, index) => (event.startsWith('phase-started') ? [index + 3] : [])),
    ...(deploy < 0 ? [] : [deploy + 1, deploy + 1.5]),
  ]
}

function tell({story, killed: struck, elsewhere: moved, differences}: Trial): void {
  const sign = differences.length === 0 ? '✔' : '✘'
  const where = moved ? ` elsewhere: ${struck.join(' · ')}` : `: ${struck.length} kills`
  console.log(`${minutes()} ${sign} ${story}${where}`)
  if (differences.length > 0) console.log(differences.join('\n'))
}

function minutes(): string {
  const seconds = Math.round((performance.now() - began) / 1000)
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}
