// The same project on another machine: a new clone of the remote, an empty cache, the env files that a
// person copied. What the dead clone knew is out of reach.

import {execFileSync} from 'node:child_process'
import {cpSync, existsSync, mkdirSync, renameSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import type {Bundle} from '../helpers/bundle-runs.ts'

/** Puts another clone in the place of the one that died. Answers the flags that move its run there. */
export function elsewhere(bundle: Bundle): {args: readonly string[]} {
  const {project, remote, cache, root} = bundle.paths
  const dead = join(root, 'project-dead')
  rmSync(dead, {recursive: true, force: true})
  renameSync(project, dead)
  clone(bundle, project, dead)
  rmSync(cache, {recursive: true, force: true})
  mkdirSync(cache, {mode: 0o700})
  const held = execFileSync('git', ['-C', remote, 'for-each-ref', 'refs/postgate/lease'], {
    encoding: 'utf8',
  })
  return {args: held === '' ? [] : ['--take-over', 'l’autre machine ne répond plus']}
}

/** A clone of the sandbox's remote that works as `from` did. */
export function clone({paths}: Bundle, to: string, from: string): void {
  execFileSync('git', ['clone', '--quiet', paths.remote, to])
  cpSync(join(from, 'env'), join(to, 'env'), {recursive: true})
  for (const key of ['user.name', 'user.email', 'gpg.format', 'gpg.ssh.allowedSignersFile']) {
    const found = read(from, key)
    if (found !== '') execFileSync('git', ['-C', to, 'config', key, found])
  }
  const exclude = join(from, '.git/info/exclude')
  if (existsSync(exclude)) cpSync(exclude, join(to, '.git/info/exclude'))
}

function read(folder: string, key: string): string {
  try {
    return execFileSync('git', ['-C', folder, 'config', '--local', key], {encoding: 'utf8'}).trim()
  } catch {
    return ''
  }
}
