// Goal: a search for many words finds every place of each, and no other. Method: random words and texts of
// few letters, where everything occurs, against a look at every place.

import fc from 'fast-check'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {searchFor} from '../../../scripts/lib/artifact/needles.ts'

const needles = suite('needles')

needles('are found wherever they stand, and nowhere else', () => {
  const letters = (least: number, most: number) =>
    fc
      .array(fc.constantFrom(...'abAB/'), {minLength: least, maxLength: most})
      .map((all) => all.join(''))
  const words = fc.array(fc.record({word: letters(1, 20), anyCase: fc.boolean()}), {maxLength: 8})
  fc.assert(
    fc.property(words, letters(0, 200), (listed, noise) => {
      // Each word stands in the text at least once.
      const text = listed.map(({word}) => word).join(noise.slice(0, 9)) + noise
      const search = searchFor(
        listed.map(({word, anyCase}) => ({bytes: Buffer.from(word), anyCase})),
      )
      const found: string[] = []
      search(Buffer.from(text), (index, at) => found.push(`${index} ${at}`))
      const wanted = listed.flatMap(({word, anyCase}, index) =>
        Array.from({length: text.length}, (_, at) => at).flatMap((at) => {
          const there = text.slice(at, at + word.length)
          const same = anyCase ? there.toLowerCase() === word.toLowerCase() : there === word
          return same ? [`${index} ${at}`] : []
        }),
      )
      assert.equal(found.sort(), wanted.sort())
    }),
    {numRuns: 500},
  )
})

needles.run()
