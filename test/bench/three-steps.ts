// A three-step run with journal, lease, guard, stamps and documents, against `ansible-playbook` with
// three `command` tasks.

import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {gitEnvironment} from '../helpers/repository.ts'
import {command, type Figure, inTurn, root, round} from './measure.ts'
import {threeStepsProject} from './three-steps-project.ts'

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
  limit: 0.5,
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
      const zx = join(root, 'node_modules/zx/build/cli.js')
      const {ours, theirs, ratio} = await inTurn(
        5,
        () =>
          command(
            [
              process.execPath,
              '--import=typescript-when-needed',
              zx,
              'test/bench/three-steps-scenario.ts',
              '--project',
              repository.clone,
            ],
            {env: gitEnvironment},
          ),
        () => command(['ansible-playbook', '-i', 'localhost,', join(folder, 'play.yml')]),
      )
      return {
        value: round(ratio),
        raw: {'ours ms': round(ours), 'ansible-playbook ms': round(theirs)},
      }
    } finally {
      repository.close()
      rmSync(folder, {recursive: true})
    }
  },
}
