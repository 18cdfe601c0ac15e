// Goal: every place where the crash test wants to kill is one that each run comes by, however many
// samples a watch takes.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {placesOf} from '../crash/matrix.ts'

const places = suite('places to kill')

const watched = (samples: number) => [
  'run-started',
  'step-intended watch',
  ...Array.from({length: samples}, () => 'samples-taken'),
  'step-finished watch',
  'run-ended',
]

const numbers = (wanted: readonly string[]) =>
  wanted.flatMap((place) => /samples-taken#(\d+)$/.exec(place)?.[1] ?? []).map(Number)

places('of a watch: none that needs the last tenth of the samples', () => {
  for (const everySample of [false, true])
    for (const samples of [3, 10, 732]) {
      const highest = Math.max(...numbers(placesOf(watched(samples), everySample)))
      assert.ok(highest <= Math.max(2, samples * 0.9), `${highest} of ${samples}`)
    }
  assert.ok(numbers(placesOf(watched(732))).includes(624))
  assert.is(new Set(numbers(placesOf(watched(732), true))).size, 658)
})

places('of a watch: behind its last sample, by the name of what comes next', () => {
  const given = [
    'run-started',
    'samples-taken',
    'samples-taken',
    'samples-taken',
    'fact-recorded x',
  ]
  assert.ok(placesOf(given).includes('before fact-recorded x#1'))
  assert.not(placesOf(['run-started', 'fact-recorded x']).includes('before fact-recorded x#1'))
})

places.run()
