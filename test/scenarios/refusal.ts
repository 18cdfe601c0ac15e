// A refused start: exit code, words, and nothing left behind. One sandbox for a test file; each refusal
// spoils a copy of it.

import {existsSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {type Bundle, bundleWithSandbox, type Ran} from '../helpers/bundle-runs.ts'

const command = ['scripts/staging.ts', '--sandbox']
let born: Promise<Bundle> | undefined

export interface Refusal {
  readonly exit: number
  readonly says: readonly RegExp[]
  readonly more?: readonly string[]
}

/** The sandbox of this file, as it was born. */
export function bornSandbox(): Promise<Bundle> {
  born ??= bundleWithSandbox()
  return born
}

export const removeBorn = async (): Promise<void> => (await born)?.remove()

/** In a copy that `spoil` made wrong. */
export async function refuses(
  spoil: (bundle: Bundle) => void,
  {exit, says, more = []}: Refusal,
): Promise<void> {
  const bundle = (await bornSandbox()).copy()
  try {
    spoil(bundle)
    told(await bundle.run([...command, ...more]), exit, says)
    assert.not.ok(existsSync(join(bundle.paths.project, '.git/postgate/live.jsonl')) && exit < 4)
    assert.is(bundle.git('ls-remote', 'origin', 'refs/postgate/*'), '')
    assert.is(bundle.docs().filter((name) => /DEPLOY/.test(name)).length, 0)
  } finally {
    bundle.remove()
  }
}

/** What, why and next; never a stack. */
export function told(ran: Ran, exit: number, says: readonly RegExp[]): void {
  const words = ran.stdout + ran.stderr
  assert.is(ran.code, exit, words)
  for (const each of says) assert.match(words, each)
  assert.not.match(words, /^\s+at .*\.ts:\d+/m, 'a stack')
}
