// Sandboxes for tests: a bundle's folder with the real runbooks, and a sandbox opened in it.

import {cp, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Sandbox, SandboxOptions, StandIns} from '../../scripts/lib/kit/ports/sandbox.ts'
import {openSandbox} from '../../scripts/lib/sandbox/open.ts'
import {pathsOf, type SandboxPaths} from '../../scripts/lib/sandbox/paths.ts'

const root = join(import.meta.dirname, '../..')

/** A folder with the bundle's policy and nothing else; removed by `removeBundle`. */
export async function makeBundle(): Promise<string> {
  const bundle = await mkdtemp(join(tmpdir(), 'postgate-sandbox-'))
  for (const name of ['runbooks', 'templates']) {
    await cp(join(root, name), join(bundle, name), {recursive: true}).catch(() => {})
  }
  return bundle
}

export const removeBundle = (bundle: string): Promise<void> =>
  rm(bundle, {recursive: true, force: true, maxRetries: 5})

/** Its world and its people side by side, as tests look at them. */
export type OpenedSandbox = Sandbox['world'] & StandIns & Pick<Sandbox, 'policy' | 'close'>

export async function open(
  bundle: string,
  options: Partial<SandboxOptions> = {},
): Promise<OpenedSandbox> {
  const {world, standIns, ...rest} = await openSandbox({
    bundle,
    advanceMs: 0,
    readOnly: false,
    services: true,
    interactive: false,
    scenario: 'staging',
    ...options,
  })
  return {...world, ...standIns, ...rest}
}

/** Opens for the time of `use`. */
export async function inSandbox(
  bundle: string,
  options: Partial<SandboxOptions>,
  use: (sandbox: OpenedSandbox, paths: SandboxPaths) => Promise<void>,
): Promise<void> {
  const sandbox = await open(bundle, options)
  try {
    await use(sandbox, pathsOf(join(bundle, '.sandbox')))
  } finally {
    await sandbox.close()
  }
}
