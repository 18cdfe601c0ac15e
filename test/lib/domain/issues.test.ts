// Goal: what is wrong with a value is said in the reader's language, and never twice or half.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {z} from 'zod'
import {issuesOf, named} from '../../../scripts/lib/domain/issues.ts'
import {count, duration, percent} from '../../../scripts/lib/domain/parameters.ts'

const issues = suite('issues')
const one = (schema: z.ZodType, value: unknown) => issuesOf(schema, value).map(named)

issues('are none for a legal value', () => {
  assert.equal(one(duration(), '48h'), [])
})

issues('have a schema’s own words in both languages', () => {
  assert.equal(one(z.object({above: percent()}), {above: 'many'}), [
    {
      fr: 'above : « many » n’est pas un pourcentage ; écrire 5%',
      en: 'above: "many" is no percentage; write 5%',
    },
  ])
  for (const [schema, value] of [
    [duration(), 'soon'],
    [count(1), '0'],
  ] as const) {
    const [words] = one(schema, value)
    assert.match(words?.fr ?? '', 'n’est pas')
    assert.match(words?.en ?? '', 'is no')
  }
})

issues('have the library’s words in both languages where a schema has none', () => {
  const [words] = one(z.object({adapter: z.enum(['a', 'b'])}), {adapter: 'c'})
  assert.match(words?.fr ?? '', /^adapter : Option invalide/)
  assert.match(words?.en ?? '', /^adapter: Invalid option/)
})

issues('say that a value is missing, and name a key that is unknown', () => {
  const shape = z.strictObject({name: z.string()})
  const [missing, unknown] = one(shape, {nme: 'x'})
  assert.equal(missing, {fr: 'name : manque', en: 'name: is missing'})
  assert.match(unknown?.fr ?? '', /nme/)
})

issues.run()
