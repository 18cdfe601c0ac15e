// Changes to a sandbox's project, as people make them: in the working tree, or committed and pushed.

import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Bundle} from './bundle-runs.ts'

/** Rewrites a file of the project. Throws where nothing changed. */
export function edit(bundle: Bundle, path: string, change: (text: string) => string): void {
  const file = join(bundle.paths.project, path)
  const before = readFileSync(file, 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`${path}: nothing to change`)
  writeFileSync(file, after)
}

export function write(bundle: Bundle, path: string, text: string): void {
  writeFileSync(join(bundle.paths.project, path), text)
}

export function publish(bundle: Bundle): void {
  bundle.git('add', '--all')
  bundle.git('commit', '--quiet', '--message', 'changed by a person')
  bundle.git('push', '--quiet', 'origin', 'main')
}

/** The name of the gate document. */
export const gateOf = (bundle: Bundle): string =>
  bundle.docs().find((name) => name.startsWith('RELEASE_GATE_')) ?? 'RELEASE_GATE_missing'
