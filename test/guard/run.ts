#!/usr/bin/env -S npx zx
// npm run test:guard: tries every forbidden act through every carrier and counts what was not seen.

import {acts} from './acts.ts'
import {deployments, tryDeployment} from './deployments.ts'
import {trials} from './matrix.ts'
import {judged, spellings} from './spellings.ts'
import {closeSpare, isReal, type Outcome, tryCase} from './trial.ts'

const counts: Record<Outcome, number> = {
  lint: 0,
  refused: 0,
  stopped: 0,
  found: 0,
  idle: 0,
  unseen: 0,
}
const faults: string[] = []

for (const act of acts) {
  if (!(await isReal(act))) faults.push(`does nothing even where nothing guards: ${act.name}`)
}

const queue = [...trials]
async function work(): Promise<void> {
  for (let trial = queue.shift(); trial; trial = queue.shift()) {
    const outcome = await tryCase(trial)
    counts[outcome]++
    if (outcome === 'idle' || outcome === 'unseen') {
      faults.push(`${outcome}: ${trial.act.name} / ${trial.carrier.name}`)
    }
  }
}
await Promise.all([work(), work()])
closeSpare()

let deployed = 0
for (const deployment of deployments) {
  if ((await tryDeployment(deployment)) !== 'deployed') continue
  deployed++
  faults.push(`deployed: ${deployment.name} (${deployment.signedIn})`)
}
// The same command deploys in an EXECUTIVE phase, or the trials above would prove nothing.
const [first] = deployments
if (first && (await tryDeployment({...first, mode: 'EXECUTIVE'})) !== 'deployed') {
  faults.push('the stand-in deploys for nobody')
}

const seen = {forbidden: 0, unknown: 0}
for (const {how, text} of spellings) {
  const {as} = await judged(text)
  if (as === how) seen[how]++
  else faults.push(`${as ?? 'unseen'} instead of ${how}: ${text}`)
}

for (const fault of faults) console.error(fault)
console.log(
  `refused by lint ${counts.lint}, before running ${counts.refused}, stopped by hooks ` +
    `${counts.stopped}, found in the refs ${counts.found}; deployments without rights ${deployments.length - deployed}`,
)
console.log(
  `${trials.length + deployments.length} forbidden acts tried, ${counts.unseen + counts.idle + deployed} unseen`,
)
console.log(
  `${spellings.length} spellings of other hands, ${seen.forbidden} forbidden, ${seen.unknown} unknown, ` +
    `${spellings.length - seen.forbidden - seen.unknown} unseen`,
)
process.exitCode = faults.length > 0 ? 1 : 0
