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
      const {ours, theirs, ratio} = await inTurn(
        5,
        () => command(threeStepsWords(root, repository.clone), {env: gitEnvironment}),
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
    const cpu = {ours: Number.POSITIVE_INFINITY, theirs: Number.POSITIVE_INFINITY}
    const run = (who: keyof typeof cpu, folder: string, project: string) => {
      const {ms, cpuMs} = processorTime(threeStepsWords(folder, project))
      cpu[who] = Math.min(cpu[who], cpuMs)
      return ms
    }
    try {
      const {ours, theirs, ratio} = await inTurn(
        5,
        () => run('ours', root, mine.clone),
        () => run('theirs', older.folder, other.clone),
      )
      return {
        value: round(ratio),
        raw: {
          'ours ms': round(ours),
          'before ms': round(theirs),
          'ours processor ms': round(cpu.ours),
          'before processor ms': round(cpu.theirs),
          'of processor time': round(cpu.ours / cpu.theirs),
        },
      }
    } finally {
      for (const each of [mine, other]) each.close()
      older.remove()
    }
  },
}

/** Of a command with all that it starts and waits for, as the shell tells it. */
function processorTime(words: readonly string[]): {ms: number; cpuMs: number} {
  const began = performance.now()
  const {status, stderr} = spawnSync('sh', ['-c', '"$@" && times >&2', 'sh', ...words], {
    ...{cwd: root, env: gitEnvironment, encoding: 'utf8', maxBuffer: 1e8},
  })
  const ms = performance.now() - began
  if (status !== 0) throw new Error(`exit ${status}\n${stderr}`)
  const children = stderr.trim().split('\n').at(-1) ?? ''
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
  )
  return {ms, cpuMs: 1_000 * seconds.reduce((sum, each) => sum + each, 0)}
}
