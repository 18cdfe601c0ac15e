// A test file's process: its own group, a time-out, its output kept aside. Whatever it leaves behind
// ends with it, and a process that dies without a word is a failure.

import {spawn} from 'node:child_process'
import {closeSync, openSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {type Outcome, outcomeShape} from './outcome.ts'

// A promise that nobody handles ends a test, as it would end a run.
const nodeFlags = ['--unhandled-rejections=strict', '--import=typescript-when-needed']

export interface FileRun extends Outcome {
  readonly file: string
  readonly seconds: number
  /** What it printed besides. */
  readonly output: string
}

const entry = fileURLToPath(new URL('one.ts', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))
/** A busy machine takes a while to remove what tests made; what was left open never ends. */
const lingerMs = 60_000
const groups = new Set<number>()

/** Runs one file. Never rejects: what goes wrong is in its faults. `file` is absolute. */
export async function runFile(file: string, timeoutMs: number): Promise<FileRun> {
  const log = join(tmpdir(), `postgate-test-${process.pid}-${Math.random().toString(36).slice(2)}`)
  const sink = openSync(log, 'w')
  const started = performance.now()
  const child = spawn(process.execPath, [...nodeFlags, entry, file], {
    cwd: root,
    detached: true,
    env: testEnvironment(process.env),
    stdio: ['ignore', sink, sink, 'ipc'],
  })
  closeSync(sink)
  if (child.pid !== undefined) groups.add(child.pid)

  let told: Outcome | undefined
  let late: string | undefined
  const end = (why: string) => {
    late = why
    endGroup(child.pid)
  }
  const timer = setTimeout(() => end(`it ran longer than ${timeoutMs / 1000} s`), timeoutMs)
  let linger: NodeJS.Timeout | undefined
  child.on('message', (message) => {
    told = outcomeShape.parse(message)
    linger = setTimeout(() => end('it left something open: its process does not end'), lingerMs)
  })
  const ending = await new Promise<string>((resolve) => {
    child.on('error', ({message}) => resolve(message))
    child.on('exit', (code, signal) => resolve(signal ?? `exit ${code}`))
  })
  clearTimeout(timer)
  clearTimeout(linger)
  endGroup(child.pid)

  const faults = [...(told?.faults ?? [])]
  if (late !== undefined) faults.push(late)
  else if (told === undefined) faults.push(`its process ended before its tests did (${ending})`)
  else if (ending !== 'exit 0') faults.push(`its process ended with ${ending}`)
  const output = readFileSync(log, 'utf8')
  rmSync(log, {force: true})
  const seconds = (performance.now() - started) / 1000
  const {passed, failed, errors} = told ?? {passed: 0, failed: 0, errors: []}
  return {file, seconds, output, passed, failed, errors, faults}
}

/** Ends every test process that is still there; for Ctrl-C. */
export function endAll(): void {
  for (const group of groups) endGroup(group)
}

function endGroup(group: number | undefined): void {
  if (group === undefined) return
  groups.delete(group)
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // all of it is gone already
  }
}

// Nothing of the machine: colours would break the comparisons of what commands print, and the person's
// own git configuration those of what git does.
function testEnvironment({FORCE_COLOR: _, ...environment}: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const git = {GIT_CONFIG_GLOBAL: join(root, 'test/runner/gitconfig'), GIT_CONFIG_NOSYSTEM: '1'}
  return {...environment, ...git, NO_COLOR: '1'}
}
