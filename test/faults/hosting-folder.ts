// The folder of releases: an adapter that acts in TypeScript, so the lies are told around it.

import {type Fault, wrong} from './fault.ts'
import {type Act, around, deploying, lying, restoring} from './lying-host.ts'

const never = () => new Promise<void>(() => {})
const impatient = {
  runbook: (text: string) => text.replace('step: deploy within=20s', 'step: deploy within=1s'),
}

let times = 0
/** Lies the first time only. */
const once = (how: (act: Act) => Promise<void>) => {
  times = 0
  return (act: Act) => (times++ === 0 ? how(act) : act())
}

export const faults: readonly Fault[] = [
  {
    name: 'deployed, and the answer is lost',
    lies: () =>
      deploying(async (act) => {
        await act()
        throw new Error('ECONNRESET')
      }),
    exit: 0,
    says: /ECONNRESET/,
    served: 'new',
  },
  {
    name: 'the first attempt fails without effect',
    lies: () => deploying(once(() => Promise.reject(new Error('HTTP 503')))),
    exit: 0,
    served: 'new',
  },
  {
    name: 'both attempts fail',
    lies: () => deploying(() => Promise.reject(new Error('HTTP 503'))),
    exit: 1,
    says: /HTTP 503/,
    served: 'old',
    next: {exit: 0, served: 'new'},
  },
  {
    name: 'hangs before it acts',
    lies: () => ({...deploying(never), ...impatient}),
    exit: 3,
    says: /no end after 1 s/,
    served: 'old',
    next: {exit: 0, served: 'new'},
  },
  {
    name: 'acts, then hangs',
    lies: () => ({
      ...deploying(async (act) => {
        await act()
        await never()
      }),
      ...impatient,
    }),
    exit: 0,
    served: 'new',
  },
  {
    name: 'says done, and did nothing',
    lies: () => deploying(async () => {}),
    exit: 1,
    served: 'old',
    next: {exit: 0, served: 'new'},
  },
  {
    name: 'deployed, and what is live cannot be asked',
    lies: () => {
      let acted = false
      return lying((real) => ({
        deploy: (artifact) =>
          around(real.deploy(artifact), async (act) => {
            await act()
            acted = true
          }),
        live: () => (acted ? Promise.reject(new Error('HTTP 502')) : real.live()),
      }))
    },
    exit: 3,
    says: /does not say what is live: .*HTTP 502/,
    served: 'new',
    next: {exit: 0, served: 'new'},
  },
  {
    name: 'what is live is nonsense',
    lies: () =>
      lying((real) => ({
        live: async () => {
          const live = await real.live()
          return live === null ? null : {...live, manifest: 'f'.repeat(64), id: 'elsewhere'}
        },
      })),
    exit: 1,
    // Going back is to an id that the host does not have: it says so, with the command to run by hand.
    says: /By hand, now.*ln -sfn/,
    check: (stage) => {
      if (!/Rollback non vérifié/.test(stage.report())) wrong('the report does not say unproven')
    },
    next: {flags: {rollback: 'retour'}, exit: 1},
    releases: 2,
  },
  {
    name: 'other bytes are served than were deployed',
    lies: () =>
      lying((real) => ({
        deploy: (artifact) =>
          real.deploy({
            ...artifact,
            manifest: {...artifact.manifest, files: artifact.manifest.files.slice(0, 1)},
          }),
      })),
    exit: 1,
    served: 'old',
    next: {exit: 0, served: 'new'},
    releases: 3,
  },
  {
    name: 'restored, and the answer is lost',
    exit: 0,
    next: {
      flags: {rollback: 'essai'},
      after: () =>
        restoring(async (act) => {
          await act()
          throw new Error('ECONNRESET')
        }),
      exit: 1,
      served: 'old',
      says: /Rolled back/,
    },
  },
  {
    name: 'says restored, and did nothing',
    exit: 0,
    next: {
      flags: {rollback: 'essai'},
      after: () => restoring(async () => {}),
      exit: 1,
      says: /ROLLBACK NOT PROVEN[\s\S]*By hand, now/,
      served: 'new',
      next: {flags: {rollback: 'encore'}, exit: 1, served: 'old', says: /Rolled back/},
    },
  },
]
