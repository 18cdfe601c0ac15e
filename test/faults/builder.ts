// Builders: a command of the project's own, and Flutter's stand-in behind a program that lies.

import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import type {Fault} from './fault.ts'
import {type Lie, liar} from './liar.ts'
import type {Lies, Stage} from './stage.ts'

const impatient = {
  runbook: (text: string) => text.replace('step: build within=20s', 'step: build within=3s'),
}

const tell = (stage: Stage, lie: Lie): void => {
  const file = join(stage.root, 'cache/lie')
  mkdirSync(join(stage.root, 'cache'), {recursive: true})
  if (lie === 'none') rmSync(file, {force: true})
  else writeFileSync(file, lie)
}

const truth = (stage: Stage): undefined => {
  tell(stage, 'none')
}

const lying = (lie: Lie, name: string, fault: Omit<Fault, 'name'>): Fault => ({
  name: `command: the build ${name}`,
  lies: (stage) => {
    tell(stage, lie)
    return impatient
  },
  ...fault,
})

const again = {after: truth, exit: 0, served: 'new'} as const

const standIn = resolve('test/fixtures/builder/bin/flutter')

/** Flutter's stand-in, which builds what lib/ says. */
const flutter = (stage: Stage, lie: Lie): Lies => {
  const own = liar(stage.root, 'flutter', standIn)
  own.tell(lie)
  return {
    ...impatient,
    environment: {PATH: `${own.folder}:${process.env.PATH}`},
    project: (settings) => ({...settings, builder: {adapter: 'flutter'}}),
  }
}

const flutterTruth = (stage: Stage): undefined => {
  liar(stage.root, 'flutter', standIn).tell('none')
}

export const faults: readonly Fault[] = [
  lying('lost', 'happens, and exit 1 says it did not', {exit: 0, served: 'new'}),
  lying('fails', 'fails twice', {
    exit: 1,
    says: /Build échoué deux fois|Aborted/,
    served: 'old',
    next: again,
  }),
  lying('hangs', 'hangs twice', {exit: 1, says: /timed out/, served: 'old', next: again}),
  lying('pretends', 'is said to have happened, and left nothing', {
    exit: 1,
    says: /index\.html missing/,
    served: 'old',
    next: again,
  }),
  lying('nonsense', 'leaves another page', {
    exit: 1,
    says: /the address STAGING_URL is not inside/,
    served: 'old',
    next: again,
  }),
  ...(['fails', 'hangs', 'pretends'] as const).map(
    (lie): Fault => ({
      name: `flutter: the build ${lie}`,
      lies: (stage) => flutter(stage, lie),
      // What hangs behind a whole build is ended, and the build is taken for what it left.
      ...(lie === 'hangs'
        ? {exit: 0, says: /exit SIGTERM, timed out/}
        : {exit: 1, served: 'old', next: {after: flutterTruth, exit: 0}}),
    }),
  ),
]
