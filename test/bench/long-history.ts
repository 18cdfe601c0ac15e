// A three-step run in a repository with 5,000 finished runs against one with 10.

import {execFileSync} from 'node:child_process'
import {join} from 'node:path'
import {gitEnvironment} from '../helpers/repository.ts'
import {recordsOf} from './history.ts'
import {type Cost, command, type Figure, inTurn, root, round} from './measure.ts'
import {threeStepsProject} from './three-steps-project.ts'

export const longHistory: Figure = {
  name: 'a three-step run with 5,000 finished runs against with 10',
  limit: 1.2,
  unit: 'ratio',
  measure: async () => {
    const [few, many] = [await withRuns(10), await withRuns(5_000)]
    try {
      // The first one in a clone fetches the records, as a clone does once.
      runThreeSteps(few.clone)
      runThreeSteps(many.clone)
      const {ours, theirs, ratio, processor} = await inTurn(
        5,
        () => runThreeSteps(many.clone),
        () => runThreeSteps(few.clone),
      )
      return {
        value: round(ratio),
        raw: {'with 5,000 ms': round(ours), 'with 10 ms': round(theirs), ...processor},
      }
    } finally {
      few.close()
      many.close()
    }
  },
}

function runThreeSteps(clone: string): Cost {
  const zx = join(root, 'node_modules/zx/build/cli.js')
  const scenario = ['test/bench/three-steps-scenario.ts', '--project', clone]
  return command([process.execPath, '--import=typescript-when-needed', zx, ...scenario], {
    env: gitEnvironment,
  })
}

/** Records on a remote that keeps its refs packed, as forges do. */
async function withRuns(runs: number) {
  const project = threeStepsProject()
  execFileSync('git', ['fast-import', '--quiet'], {
    ...{cwd: project.remote, env: gitEnvironment, input: recordsOf(runs)},
    maxBuffer: 1e9,
  })
  execFileSync('git', ['pack-refs', '--all'], {cwd: project.remote, env: gitEnvironment})
  return project
}
