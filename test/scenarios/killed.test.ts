// Goal: a run that is killed and resumed ends as one that nobody killed. A sample of `npm run test:crash`:
// one run killed twice: in the reset, and between its end and its outcome.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {killed, measure} from '../crash/matrix.ts'
import {stories} from '../crash/stories.ts'

const crash = suite('crash, a sample')

crash('killed twice in one run: the same documents, one reset, one deployment', async () => {
  const opened = await stories(['staging'])
  try {
    for (const story of opened.stories) {
      const measured = await measure(story)
      const {events} = measured
      const at = (event: string) => events.indexOf(event) + 1
      const again = events.filter((event) => event.startsWith('item-judged prerequisites/')).length
      const reset = at('child-started reset-database')
      // Of a resumed process: its note, the prerequisites with their two facts, then what is new.
      const resumed = again + 3
      const trial = await killed(measured, [reset, resumed + 4.5])
      assert.is(trial.killed.length, 2, trial.killed.join(', '))
      assert.equal(trial.differences, [], trial.killed.join(', '))
    }
  } finally {
    opened.close()
  }
})

crash.run()
