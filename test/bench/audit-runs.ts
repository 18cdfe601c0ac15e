// `audit.ts` over 200 recorded runs against the build before, where both find nothing; and what a run costs among 2,000 against among 200.

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
    // Each build audits what it recorded itself: words of documents have changed in between.
    const [ourProject, theirProject] = [
      await projectWithRecordedRuns(200),
      await projectWithRecordedRuns(200, older.folder),
    ]
    try {
      const ours = audited(root, ourProject.clone)
      const theirs = audited(older.folder, theirProject.clone)
      const ms = Math.min(ours, audited(root, ourProject.clone))
      return {
        value: round(ms / theirs, 3),
        raw: {'ours ms': round(ms), 'before ms': round(theirs)},
      }
    } finally {
      ourProject.close()
      theirProject.close()
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
      const start = audited(root, few.clone, 'staging-20150101-090000-ab12')
      const theirs = audited(root, few.clone)
      const ours = audited(root, many.clone)
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

/** Milliseconds; throws where a difference is found. */
function audited(build: string, project: string, ...run: string[]): number {
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
  return performance.now() - began
}
