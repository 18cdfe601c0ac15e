// The build that figures are held against: the scripts as they stood in a commit of this very
// repository, with the packages of today.

import {execFileSync, spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, symlinkSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {root} from './measure.ts'

/** The commit before the work on speed: on the audit, the start in a long history, long journals, big artifacts. */
const commit = '15ad2e0'

export interface OlderBuild {
  readonly folder: string
  readonly remove: () => void
}

/** null where the history that holds it is not here. */
export function olderBuild(): OlderBuild | null {
  const {status} = spawnSync('git', ['cat-file', '-e', `${commit}^{commit}`], {cwd: root})
  if (status !== 0) return null
  const folder = mkdtempSync(join(tmpdir(), 'postgate-older-'))
  const files = execFileSync(
    'git',
    ['archive', commit, 'package.json', 'scripts', 'templates', 'runbooks'],
    {
      cwd: root,
      maxBuffer: 1e8,
    },
  )
  execFileSync('tar', ['-x', '-C', folder], {input: files})
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return {folder, remove: () => rmSync(folder, {recursive: true, force: true})}
}

export const noOlderBuild = {
  value: null,
  raw: {why: `the older build (commit ${commit}) is not in this clone’s history`},
}
