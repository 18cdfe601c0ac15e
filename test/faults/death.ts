// Deaths: the process ends at an exact moment of an act, and what it had begun is found by the next one,
// on the same machine or on another.

import {problem} from '../../scripts/lib/domain/problem.ts'
import {fail} from '../../scripts/lib/domain/verdict.ts'
import {elsewhere, forcePushes} from './another.ts'
import {type Fault, wrong} from './fault.ts'
import {type Act, deploying, duringDeployment, lying} from './lying-host.ts'
import type {Lies, Stage} from './stage.ts'

/** Nothing more is written, as after `kill -9`: the engine lets this one through. */
const die = () => {
  throw problem({what: 'dead', why: 'killed', next: 'again', exit: 2})
}

const dies = (before: (act: Act) => Promise<void>): Lies =>
  deploying(async (act) => {
    await before(act)
    die()
  })

const nothing = async () => {}
const takeOver = {takeOver: 'l’autre machine ne répond plus'}

/** Dies when this is said: what stands in the journal by then is all that is known. */
const deadWhenSaid = (words: RegExp) => {
  const {write} = process.stdout
  process.stdout.write = (chunk: string | Uint8Array, ...more: never[]) => {
    if (words.test(String(chunk))) {
      process.stdout.write = write
      die()
    }
    return Reflect.apply(write, process.stdout, [chunk, ...more])
  }
}

const incidents = (stage: Stage) =>
  stage
    .events()
    .filter((event) => event.type === 'incident-recorded' && event.severity === 'critical')

const builds = (stage: Stage, wanted: number) => {
  const found = stage
    .events()
    .filter((event) => event.type === 'step-intended' && event.step === 'build').length
  if (found !== wanted) wrong(`${found} builds, wanted ${wanted}`)
}

const silent = lying(() => ({
  live: () => Promise.reject(new Error('503')),
}))

export const faults: readonly Fault[] = [
  {
    name: 'dead before the deployment took effect, taken over without the artifact: built anew',
    lies: () => dies(nothing),
    exit: 2,
    served: 'old',
    next: {
      after: elsewhere,
      flags: takeOver,
      exit: 0,
      served: 'new',
      check: (stage) => builds(stage, 2),
    },
  },
  {
    name: 'dead behind the deployment, taken over without the artifact: judged, not deployed again',
    lies: () => dies((act) => act()),
    exit: 2,
    served: 'new',
    next: {
      after: elsewhere,
      flags: takeOver,
      exit: 0,
      served: 'new',
      check: (stage) => builds(stage, 1),
    },
  },
  {
    name: 'dead in the deployment, taken over, and the host does not say what is live: a person is asked',
    lies: () => dies(nothing),
    exit: 2,
    next: {
      after: (stage) => {
        elsewhere(stage)
        return silent
      },
      flags: takeOver,
      exit: 4,
      served: 'old',
      says: /does not say what is live/,
      next: {after: () => lying((real) => real), exit: 0, served: 'new'},
    },
  },
  {
    name: 'dead behind the second failed deployment, taken over: undone, nothing is built',
    lies: () => {
      let tried = 0
      return deploying(async () => {
        tried += 1
        if (tried === 2) deadWhenSaid(/échoué deux fois/)
        throw new Error('503')
      })
    },
    exit: 2,
    served: 'old',
    next: {
      after: elsewhere,
      flags: takeOver,
      exit: 1,
      served: 'old',
      check: (stage) => builds(stage, 1),
    },
    releases: 0,
  },
  {
    name: 'dead before the deployment took effect, and a prerequisite no longer holds: not deployed',
    lies: () => dies(nothing),
    exit: 2,
    served: 'old',
    next: {
      after: () => lying(() => ({ready: async () => fail('signed out')})),
      exit: 3,
      served: 'old',
      says: /signed out/,
      next: {after: () => lying((real) => real), exit: 0, served: 'new'},
    },
  },
  {
    name: 'main is force-pushed during the deployment, dead behind the incident: undone all the same',
    lies: (stage) =>
      duringDeployment(() => {
        forcePushes(stage)()
        deadWhenSaid(/was rewritten/)
      }),
    exit: 2,
    served: 'new',
    next: {
      exit: 1,
      served: 'old',
      says: /was rewritten/,
      check: (stage) => {
        if (incidents(stage).length !== 1) wrong(`${incidents(stage).length} incidents`)
      },
    },
  },
  {
    name: 'main is force-pushed during the deployment, dead before anybody looked: found at the resume',
    lies: (stage) =>
      dies(async (act) => {
        await act()
        forcePushes(stage)()
      }),
    exit: 2,
    served: 'new',
    next: {
      exit: 1,
      served: 'old',
      says: /was rewritten/,
      check: (stage) => {
        if (incidents(stage).length !== 1) wrong(`${incidents(stage).length} incidents`)
      },
    },
  },
  {
    name: 'the tag is moved here during the deployment, dead before anybody looked: found at the resume',
    lies: (stage) =>
      dies(async (act) => {
        await act()
        stage.git('tag', '--force', '-a', 'prod-ready-2026-01-23', '-m', 'moved', 'HEAD')
      }),
    exit: 2,
    served: 'new',
    next: {flags: {rollback: 'le tag a été déplacé'}, exit: 1, served: 'old'},
  },
]
