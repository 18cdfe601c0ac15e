// The clock moved, and policy edited while a run is open.

import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {runbookText} from './documents.ts'
import {type Fault, wrong} from './fault.ts'
import type {Stage} from './stage.ts'

const hour = 3_600_000
const day = 24 * hour
const gate = 'docs/RELEASE_GATE_2026_01.md'

/** Paused behind the deployment: nobody has agreed yet. */
const waiting = (stage: Stage) => {
  stage.answers({answers: {}})
  return {}
}
const answered = (stage: Stage): undefined => {
  stage.answers()
}

function edit(stage: Stage, path: string, change: (text: string) => string): void {
  const file = join(stage.project, path)
  writeFileSync(file, change(readFileSync(file, 'utf8')))
  stage.git('commit', '--quiet', '-m', `edit ${path}`, '--', path)
  stage.git('push', '--quiet', 'origin', 'main')
}

const inOrder = (stage: Stage) => {
  const times = stage.events().map(({at}) => at)
  if (times.some((at, index) => at < (times[index - 1] ?? ''))) wrong('time runs backwards')
}

export const faults: readonly Fault[] = [
  {
    name: 'the clock is moved back three hours in mid-run',
    lies: (stage) => ({before: {deploy: () => stage.moveClock(-3 * hour)}}),
    exit: 0,
    served: 'new',
    check: inOrder,
  },
  {
    name: 'the clock is moved back a year while a person is awaited',
    lies: waiting,
    exit: 4,
    served: 'new',
    next: {
      after: (stage) => {
        answered(stage)
        stage.moveClock(-365 * day)
        return undefined
      },
      exit: 3,
      says: /answers/,
      next: {
        after: (stage) => {
          stage.moveClock(365 * day)
          return undefined
        },
        exit: 0,
        served: 'new',
      },
    },
  },
  {
    name: 'forty days pass while a person is awaited',
    lies: waiting,
    exit: 4,
    next: {
      after: (stage) => {
        answered(stage)
        stage.moveClock(40 * day)
        return undefined
      },
      exit: 3,
      says: /accepted: 24 h/,
      next: {after: answered, exit: 0, served: 'new'},
    },
  },
  {
    name: 'the runbook is edited in mid-run, and restored',
    lies: waiting,
    exit: 4,
    next: {
      after: (stage) => {
        edit(stage, 'runbooks/staging.md', (text) => text.replace('within=20s', 'within=10h'))
        return answered(stage)
      },
      exit: 3,
      says: /The policy changed during the run/,
      next: {
        after: (stage) => {
          edit(stage, 'runbooks/staging.md', () => runbookText)
          return undefined
        },
        exit: 0,
        served: 'new',
      },
    },
  },
  {
    name: 'the runbook is edited in mid-run, and the run given up',
    lies: waiting,
    exit: 4,
    served: 'new',
    next: {
      after: (stage) => {
        edit(stage, 'runbooks/staging.md', (text) => text.replace('Mettre en ligne.', 'Autrement.'))
        return answered(stage)
      },
      flags: {abort: 'runbook changé'},
      exit: 1,
      served: 'old',
    },
  },
  {
    name: 'the runbook becomes unreadable in mid-run, and a rollback goes ahead',
    lies: waiting,
    exit: 4,
    next: {
      after: (stage) => {
        edit(stage, 'runbooks/staging.md', (text) =>
          text.replace('step: build within', 'step: biuld within'),
        )
        return answered(stage)
      },
      exit: 2,
      says: /staging\.md:\d+:\d+/,
      next: {flags: {rollback: 'runbook illisible'}, exit: 1, served: 'old'},
    },
  },
  {
    name: 'the gate is edited in mid-run, and restored',
    lies: waiting,
    exit: 4,
    next: {
      after: (stage) => {
        edit(stage, gate, (text) => text.replace('- [x] **Tests**', '- [ ] **Tests**'))
        return answered(stage)
      },
      exit: 3,
      says: /The policy changed during the run/,
      next: {
        after: (stage) => {
          edit(stage, gate, (text) => text.replace('- [ ] **Tests**', '- [x] **Tests**'))
          return undefined
        },
        exit: 0,
        served: 'new',
      },
    },
  },
  {
    name: 'the gate names another tag in mid-run, and a rollback goes ahead',
    lies: waiting,
    exit: 4,
    next: {
      after: (stage) => {
        edit(stage, gate, (text) =>
          text.replaceAll('prod-ready-2026-01-23', 'prod-ready-2026-01-24'),
        )
        return answered(stage)
      },
      exit: 3,
      next: {flags: {rollback: 'gate changé'}, exit: 1, served: 'old'},
    },
  },
  {
    name: 'postgate.yaml is broken in mid-run',
    lies: waiting,
    exit: 4,
    next: {
      after: (stage) => {
        const file = join(stage.project, 'postgate.yaml')
        writeFileSync(`${file}.kept`, readFileSync(file))
        writeFileSync(file, 'name: [essai\n')
        return answered(stage)
      },
      exit: 2,
      says: /postgate\.yaml/,
      next: {
        after: (stage) => {
          const file = join(stage.project, 'postgate.yaml')
          writeFileSync(file, readFileSync(`${file}.kept`))
          rmSync(`${file}.kept`)
          return undefined
        },
        exit: 0,
        served: 'new',
      },
    },
  },
  {
    name: 'the env file is gone before the build',
    lies: (stage) => ({
      before: {build: () => rmSync(join(stage.project, 'env/.env.staging'), {force: true})},
    }),
    exit: 1,
    served: 'old',
    says: /API_URL|STAGING_URL/,
  },
]
