// `audit.ts` over 200 recorded runs against the build before, on the same project and with the same
// findings; and what a run costs among 2,000 against among 200.

import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {gitEnvironment} from '../helpers/repository.ts'
import {type Figure, root, round} from './measure.ts'
import {noOlderBuild, olderBuild} from './older-build.ts'
import {projectWithRecordedRuns} from './recorded-history.ts'

export const auditAgainstBefore: Figure = {
  name: 'audit.ts over 200 recorded runs against the build before',
  limit: 0.08,
  unit: 'ratio',
  measure: async () => {
    const older = olderBuild()
    if (older === null) return noOlderBuild
    const project = await projectWithRecordedRuns(200)
    try {
      const ours = audited(root, project.clone)
      const theirs = audited(older.folder, project.clone)
      const again = audited(root, project.clone)
      if (ours.said !== theirs.said) throw new Error('the two builds do not find the same')
      const ms = Math.min(ours.ms, again.ms)
      return {
        value: round(ms / theirs.ms, 3),
        raw: {'ours ms': round(ms), 'before ms': round(theirs.ms)},
      }
    } finally {
      project.close()
      older.remove()
    }
  },
}

export const auditGrows: Figure = {
  name: 'audit.ts, each of 2,000 runs against each of 200',
  limit: 1.2,
  unit: 'ratio',
  measure: async () => {
    const [few, many] = [await projectWithRecordedRuns(200), await projectWithRecordedRuns(2_000)]
    try {
      const start = audited(root, few.clone, 'staging-20150101-090000-ab12').ms
      const theirs = audited(root, few.clone).ms
      const ours = audited(root, many.clone).ms
      const each = {few: (theirs - start) / 199, many: (ours - start) / 1_999}
      return {
        value: round(each.many / each.few),
        raw: {
          '2,000 runs ms': round(ours),
          '200 runs ms': round(theirs),
          'one run ms': round(start),
        },
      }
    } finally {
      few.close()
      many.close()
    }
  },
}

function audited(build: string, project: string, ...run: string[]): {ms: number; said: string} {
  const began = performance.now()
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    [
      '--import=typescript-when-needed',
      join(build, 'node_modules/zx/build/cli.js'),
      join(build, 'scripts/audit.ts'),
      ...run,
      ...['--json', '--project', project],
    ],
    {cwd: build, encoding: 'utf8', env: gitEnvironment, maxBuffer: 1e9},
  )
  if (status !== 0) throw new Error(`exit ${status}\n${stderr}${stdout.slice(0, 2_000)}`)
  return {ms: performance.now() - began, said: stdout}
}
