// `audit.ts` over 200 recorded runs against the build before, where both find nothing; and what a run costs
// among 2,000 against among 200. By processor time: an audit of minutes meets every neighbour.

import {join} from 'node:path'
import {gitEnvironment} from '../helpers/repository.ts'
import {type Cost, command, type Figure, root, round} from './measure.ts'
import {noOlderBuild, olderBuild} from './older-build.ts'
import {projectWithRecordedRuns} from './recorded-history.ts'

const wanted = 0.08

export const auditAgainstBefore: Figure = {
  name: 'audit.ts over 200 recorded runs against the build before, of processor time',
  limit: wanted,
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
      // It is ended where it has taken so long that the rest says nothing more.
      const enough = Math.ceil((1.1 * ours.cpuMs) / wanted / 1_000)
      const theirs = command(
        [...['sh', '-c', atMost(enough), 'sh'], ...words(older.folder, theirProject.clone)],
        {cwd: older.folder, env: gitEnvironment},
      )
      return {
        value: round(ours.cpuMs / theirs.cpuMs, 3),
        raw: {
          'ours processor ms': round(ours.cpuMs, 0),
          'before processor ms': round(theirs.cpuMs, 0),
          ...(theirs.cpuMs >= enough * 1_000 && {
            ended: `before it was through, after ${enough} s`,
          }),
          'ours ms': round(ours.ms, 0),
          'before ms': round(theirs.ms, 0),
        },
      }
    } finally {
      ourProject.close()
      theirProject.close()
      older.remove()
    }
  },
}

/** A shell's words that run a command, ended by the system after so many seconds of its processor time. */
const atMost = (seconds: number) =>
  `ulimit -t ${seconds}; "$@" >/dev/null; code=$?; [ $code -eq 0 ] || [ $code -eq 137 ] || [ $code -eq 152 ]`

export const auditGrows: Figure = {
  name: 'audit.ts, each of 2,000 runs against each of 200, of processor time',
  limit: 1.2,
  unit: 'ratio',
  measure: async () => {
    const [few, many] = [await projectWithRecordedRuns(200), await projectWithRecordedRuns(2_000)]
    try {
      const start = audited(root, few.clone, 'staging-20150101-090000-ab12')
      const theirs = audited(root, few.clone)
      const ours = audited(root, many.clone)
      const each = (cost: Cost, runs: number) => (cost.cpuMs - start.cpuMs) / (runs - 1)
      return {
        value: round(each(ours, 2_000) / each(theirs, 200)),
        raw: {
          '2,000 runs processor ms': round(ours.cpuMs, 0),
          '200 runs processor ms': round(theirs.cpuMs, 0),
          'one run processor ms': round(start.cpuMs, 0),
          '2,000 runs ms': round(ours.ms, 0),
          '200 runs ms': round(theirs.ms, 0),
        },
      }
    } finally {
      few.close()
      many.close()
    }
  },
}

/** `run`: only that one. Throws where a difference is found. */
const audited = (build: string, project: string, ...run: string[]): Cost =>
  command([...words(build, project), ...run], {cwd: build, env: gitEnvironment})

const words = (build: string, project: string) => [
  process.execPath,
  '--import=typescript-when-needed',
  join(build, 'node_modules/zx/build/cli.js'),
  join(build, 'scripts/audit.ts'),
  ...['--json', '--project', project],
]
