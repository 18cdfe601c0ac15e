// A three-step run with journal, lease, guard, stamps and documents, against `ansible-playbook` with
// three `command` tasks.

import {spawnSync} from 'node:child_process'
import {cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {gitEnvironment} from '../helpers/repository.ts'
import {command, type Figure, inTurn, root, round} from './measure.ts'
import {noOlderBuild, olderBuild} from './older-build.ts'
import {threeStepsProject, threeStepsWords} from './three-steps-project.ts'

const playbook = `- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - command: "true one"
    - command: "true two"
    - command: "true three"
`

export const threeSteps: Figure = {
  name: 'a three-step run with journal, guard, stamps and report against ansible-playbook with three command tasks',
  limit: 0.9,
  unit: 'ratio',
  measure: async () => {
    if (spawnSync('ansible-playbook', ['--version']).status !== 0) {
      return {
        value: null,
        raw: {why: 'ansible-playbook (Debian’s ansible-core) is not installed here'},
      }
    }
    const folder = mkdtempSync(join(tmpdir(), 'postgate-bench-'))
    const repository = threeStepsProject()
    try {
      writeFileSync(join(folder, 'play.yml'), playbook)
      const {ours, theirs, ratio, processor} = await inTurn(
        5,
        () => command(threeStepsWords(root, repository.clone), {env: gitEnvironment}),
        () => command(['ansible-playbook', '-i', 'localhost,', join(folder, 'play.yml')]),
      )
      return {
        value: round(ratio),
        raw: {'ours ms': round(ours), 'ansible-playbook ms': round(theirs), ...processor},
      }
    } finally {
      repository.close()
      rmSync(folder, {recursive: true})
    }
  },
}

export const threeStepsAgainstBefore: Figure = {
  name: 'a three-step run against the build before',
  limit: 0.6,
  unit: 'ratio',
  measure: async () => {
    const older = olderBuild()
    if (older === null) return noOlderBuild
    const scenario = 'test/bench/three-steps-scenario.ts'
    mkdirSync(join(older.folder, 'test/bench'), {recursive: true})
    cpSync(join(root, scenario), join(older.folder, scenario))
    const [mine, other] = [threeStepsProject(), threeStepsProject()]
    const run = (folder: string, project: string) =>
      command(threeStepsWords(folder, project), {env: gitEnvironment})
    try {
      const {ours, theirs, ratio, processor} = await inTurn(
        5,
        () => run(root, mine.clone),
        () => run(older.folder, other.clone),
      )
      return {
        value: round(ratio),
        raw: {'ours ms': round(ours), 'before ms': round(theirs), ...processor},
      }
    } finally {
      for (const each of [mine, other]) each.close()
      older.remove()
    }
  },
}
