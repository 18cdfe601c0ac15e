// PRODUCTION in a sandbox whose STAGING is validated and whose rollback was rehearsed.

import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import {type Bundle, bundleWithSandbox, type Ran, type RunOptions} from '../helpers/bundle-runs.ts'

const command = ['scripts/production.ts', '--sandbox']

export const production = (
  bundle: Bundle,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Ran> => bundle.run([...command, ...args], options)

export const said = ({stdout, stderr}: Ran): string => stdout + stderr

/** A sandbox where only the 48 hours are missing: `--advance 48h`. */
export async function readyForProduction(): Promise<Bundle> {
  const bundle = await bundleWithSandbox()
  for (const args of [[], ['--rollback', 'drill']]) {
    const ran = await bundle.run(['scripts/staging.ts', '--sandbox', ...args])
    assert.is(ran.code, 0, said(ran))
  }
  return bundle
}

/** The newest document of `docs/` whose name begins so. */
export function newest(bundle: Bundle, start: string): {path: string; text: string} {
  const order = (name: string) => name.replace(/\.md$/, '').padEnd(40, ' ')
  const name = bundle
    .docs()
    .filter((each) => each.startsWith(start))
    .sort((a, b) => order(a).localeCompare(order(b)))
    .at(-1)
  assert.ok(name, `no ${start} in ${bundle.docs().join(', ')}`)
  const path = `docs/${name}`
  return {path, text: bundle.read(path)}
}

/** Changes a document as a person does, in a clone of their own, and pushes it to main. */
export function pushed(bundle: Bundle, path: string, change: (text: string) => string): void {
  const clone = mkdtempSync(join(tmpdir(), 'postgate-person-'))
  try {
    bundle.git('clone', '--quiet', bundle.paths.remote, clone)
    const file = join(clone, path)
    writeFileSync(file, change(readFileSync(file, 'utf8')))
    const who = ['-c', 'user.name=Paul Lemaire', '-c', 'user.email=paul@example.org']
    bundle.git('-C', clone, ...who, 'commit', '--quiet', '--all', '-m', 'Post-mortem rempli')
    bundle.git('-C', clone, 'push', '--quiet', 'origin', 'HEAD:main')
  } finally {
    rmSync(clone, {recursive: true, force: true})
  }
}
