#!/usr/bin/env -S npx zx
// `npm run test:crash`: each scenario killed after every single event and between every act and its
// outcome, resumed by the same command, and once per phase on another machine; then compared with a run
// that nobody killed.
//
//   npx zx test/crash/run.ts [--stride EVENTS] [STORY ...]     staging production freeze drill staging-rolled-back

import {parseArgs} from 'node:util'
import {scriptArguments} from '../../scripts/lib/engine/entry.ts'
import {elsewhere} from './elsewhere.ts'
import {everyEvent, inTwo, killed, measure, type Trial} from './matrix.ts'
import {stories} from './stories.ts'

const {values, positionals} = parseArgs({
  args: [...scriptArguments()],
  allowPositionals: true,
  options: {stride: {type: 'string', default: '10'}},
})
const all = ['staging', 'production', 'freeze', 'drill', 'staging-rolled-back']
const wanted = positionals.length === 0 ? all : positionals
const trials: Trial[] = []
const opened = await stories(wanted)
try {
  for (const story of opened.stories) {
    const measured = await measure(story)
    console.log(`${story.name}: ${measured.events.length} events`)
    trials.push(...(await everyEvent(measured, {stride: Number(values.stride), tell})))
    await inTwo(
      phaseMiddles(measured.events).map((point) => async () => {
        const trial = await killed(measured, [point], elsewhere)
        tell(trial)
        trials.push(trial)
      }),
    )
  }
} finally {
  opened.close()
}
const kills = trials.flatMap(({killed: struck}) => struck).length
const different = trials.filter(({differences}) => differences.length > 0)
for (const {story, points, differences} of different)
  console.log(`\n${story}, killed at ${points.join(', ')}:\n${differences.join('\n')}`)
console.log(`${kills} events killed, ${kills} resumed, ${different.length} differences`)
process.exitCode = different.length > 0 || trials.length === 0 ? 1 : 0

/** Behind the third event of each phase. */
function phaseMiddles(events: readonly string[]): number[] {
  return events.flatMap((event, index) => (event.startsWith('phase-started') ? [index + 3] : []))
}

function tell({story, killed: struck, points, differences}: Trial): void {
  const sign = differences.length === 0 ? '✔' : '✘'
  const where = struck.map((event, index) => `${points[index]} ${event}`).join(' · ')
  console.log(`${sign} ${story}: ${where}`)
}
