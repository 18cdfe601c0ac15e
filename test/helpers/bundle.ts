// Commands as node runs them, without zx before them: in a copy of the bundle, where a sandbox and edits of
// a runbook are the test's own, or of the checkout in another project's folder.

import {spawn} from 'node:child_process'
import {join} from 'node:path'
import {bundleWithSandbox} from './bundle-runs.ts'
import {gitEnvironment} from './repository.ts'

const root = join(import.meta.dirname, '../..')

export interface Bundle {
  readonly path: string
  /** The sandbox's working clone. */
  readonly project: string
  /** Runs `scripts/<script>` as people do, without a terminal. */
  readonly run: (script: string, args?: readonly string[]) => Promise<Ran>
  readonly remove: () => void
}

export interface Ran {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
  /** Both, for what is told rather than answered. */
  readonly said: string
}

/** With a sandbox that was just born. */
export async function copyOfBundle(): Promise<Bundle> {
  const {path, paths, remove} = await bundleWithSandbox()
  return {
    path,
    project: paths.project,
    run: (script, args = []) => runScript(path, script, args),
    remove,
  }
}

/** A command of the checkout itself, run in `cwd`: for projects that are no sandbox. */
export const runHere = (script: string, args: readonly string[], cwd: string): Promise<Ran> =>
  runScript(root, script, args, cwd)

function runScript(
  bundle: string,
  script: string,
  args: readonly string[],
  cwd = bundle,
): Promise<Ran> {
  const loader = join(root, 'scripts/lib/loader/index.js')
  const words = [`--import=${loader}`, join(bundle, 'scripts', script), ...args]
  const {CI: _, GITHUB_TOKEN: __, ...environment} = gitEnvironment
  const child = spawn(process.execPath, words, {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exit) => resolve({exit, stdout, stderr, said: stdout + stderr}))
  })
}
