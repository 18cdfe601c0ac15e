// A sample of `npm run test:guard`: every carrier once, every act at least once.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {deployments, tryDeployment} from '../../guard/deployments.ts'
import {sample, trials} from '../../guard/matrix.ts'
import {closeSpare, tryCase} from '../../guard/trial.ts'

const matrix = suite('guard matrix')

for (const trial of sample) {
  matrix(`${trial.act.name}: seen when tried as ${trial.carrier.name}`, async () => {
    const outcome = await tryCase(trial)
    assert.ok(outcome !== 'unseen' && outcome !== 'idle', outcome)
  })
}

matrix('a deployment in a READ-ONLY phase fails for lack of rights', async () => {
  for (const deployment of deployments.filter(({way}) => way === 'script')) {
    assert.is(await tryDeployment(deployment), 'no rights', deployment.name)
  }
})

matrix('the whole holds at least 60 cases', () => {
  closeSpare()
  assert.ok(trials.length >= 60)
})

matrix.run()
