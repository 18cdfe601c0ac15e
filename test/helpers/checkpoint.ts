// What a sandbox's checkpoint holds, changed as if it had always been so: its commit, its tag, the gate and the
// nightly name it anew.

import {readFileSync, writeFileSync} from 'node:fs'
import type {Bundle} from './bundle-runs.ts'
import {edit, gateOf} from './change.ts'

/** `change` works in the checkpoint's own files. What else is edited is published by the caller. */
export function changeCheckpoint(bundle: Bundle, change: (project: string) => void): void {
  const {git, paths} = bundle
  const state = readFileSync(paths.state, 'utf8')
  const {commit, tag}: {commit: string; tag: string} = JSON.parse(state)
  git('checkout', '--quiet', '--detach', commit)
  change(paths.project)
  git('add', '--all')
  git('commit', '--quiet', '--amend', '--no-edit')
  const made = git('rev-parse', 'HEAD')
  git('tag', '--force', '--annotate', '--message', 'SANDBOX', tag, made)
  git('rebase', '--quiet', '--onto', made, commit, 'main')
  writeFileSync(paths.state, state.replaceAll(commit, made))
  edit(bundle, `docs/${gateOf(bundle)}`, (text) =>
    text.replaceAll(commit, made).replaceAll(commit.slice(0, 7), made.slice(0, 7)),
  )
  git('push', '--quiet', '--force', 'origin', 'main', tag)
}
