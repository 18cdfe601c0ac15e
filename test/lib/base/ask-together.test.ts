import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {askTogether, keepLast} from '../../../scripts/lib/base/ask-together.ts'

const asking = suite('asking together')

asking('puts what several ask meanwhile into one question, and each name once', async () => {
  const asked: string[][] = []
  const ask = askTogether<string>(async (names) => {
    asked.push([...names])
    await new Promise((resolve) => setTimeout(resolve, 5))
    return new Map(names.filter((name) => name !== 'none').map((name) => [name, `${name}!`]))
  })
  const first = ask(['a', 'b'])
  await Promise.resolve()
  const more = await Promise.all([first, ask(['b', 'c']), ask(['d', 'none'])])
  assert.equal(more[1]?.get('c'), 'c!')
  assert.equal(more[2]?.get('none'), undefined)
  assert.ok(asked.length <= 2, JSON.stringify(asked))
  assert.equal(
    [...(await ask(['a', 'none'])).entries()],
    [
      ['a', 'a!'],
      ['none', undefined],
    ],
  )
  assert.ok(asked.length <= 2, 'what is known is not asked again')
})

asking('tells each who asked of a failure, and asks again afterwards', async () => {
  let fails = true
  const ask = askTogether<number>(async (names) => {
    if (fails) throw new Error('away')
    return new Map(names.map((name) => [name, 1]))
  })
  const told = await Promise.allSettled([ask(['a']), ask(['b'])])
  assert.equal(
    told.map(({status}) => status),
    ['rejected', 'rejected'],
  )
  fails = false
  assert.is((await ask(['a'])).get('a'), 1)
})

asking('keeps what was used last, within its size', () => {
  const kept = keepLast<string>(10, (value) => value.length)
  kept.set('a', 'xxxx')
  kept.set('b', 'xxxx')
  kept.get('a')
  kept.set('c', 'xxxx')
  assert.equal(
    ['a', 'b', 'c'].map((name) => kept.has(name)),
    [true, false, true],
  )
  kept.set('d', 'x'.repeat(99))
  assert.equal(
    ['a', 'c', 'd'].map((name) => kept.has(name)),
    [false, false, true],
  )
})

asking.run()
