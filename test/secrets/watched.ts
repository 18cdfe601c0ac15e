// Runs one command of a bundle with everything about it observed: what it prints, every command line
// that any of its processes ran, and the temporary files that others could read meanwhile.

import {spawn, spawnSync} from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {planted} from './canaries.ts'
import {readableByOthers} from './places.ts'

export interface Watched {
  readonly exit: number | null
  readonly printed: string
  readonly commandLines: readonly string[]
  /** Path and content. */
  readonly temporary: ReadonlyMap<string, string>
}

/** Every exec, exactly, where the machine has strace; else what a look every 3 ms at /proc sees. */
const traced =
  spawnSync('strace', ['-f', '--seccomp-bpf', '-e', 'trace=execve', 'true']).status === 0
export const howCommandLinesAreSeen = traced ? 'strace' : '/proc, every 3 ms'

const loader = resolve('scripts/lib/loader/index.js')

export async function runWatched(bundle: string, words: readonly string[]): Promise<Watched> {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'postgate-watched-')))
  chmodSync(scratch, 0o1777)
  const own = mkdtempSync(join(tmpdir(), 'postgate-trace-'))
  const log = join(own, 'execve')
  const [script = '', ...rest] = words
  const node = [process.execPath, `--import=${loader}`, join(bundle, script), ...rest]
  const strace = ['strace', '-f', '-qq', '--seccomp-bpf', '-e', 'trace=execve', '-s', '65535']
  const [program = '', ...args] = traced ? [...strace, '-o', log, ...node] : node
  const {CI: _, NODE_OPTIONS: __, ...inherited} = process.env
  const child = spawn(program, args, {
    cwd: bundle,
    env: {...inherited, ...planted, TMPDIR: scratch, POSTGATE_SANDBOX_HASTE: '1'},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
  const commandLines = new Set<string>()
  const temporary = new Map<string, string>()
  const timers = [
    setInterval(() => lookAtFiles(scratch, temporary), 40),
    ...(traced ? [] : [setInterval(() => lookAtProcesses(child.pid ?? 0, commandLines), 3)]),
  ]
  const exit = await new Promise<number | null>((done, reject) => {
    child.on('error', reject)
    child.on('close', done)
  })
  for (const timer of timers) clearInterval(timer)
  lookAtFiles(scratch, temporary)
  if (existsSync(log)) {
    for (const line of readFileSync(log, 'utf8').split('\n')) {
      const call = /execve\((.*), 0x[0-9a-f]+ \/\*/.exec(line)?.[1]
      if (call !== undefined) commandLines.add(unescaped(call))
    }
  }
  for (const folder of [scratch, own]) rmSync(folder, {recursive: true, force: true})
  return {exit, printed, commandLines: [...commandLines], temporary}
}

/** strace writes C strings: octal bytes, and a backslash before quotes and backslashes. */
const unescaped = (text: string) =>
  Buffer.from(
    text
      .replace(/\\([0-7]{1,3})/g, (_, digits: string) =>
        String.fromCharCode(Number.parseInt(digits, 8)),
      )
      .replace(/\\(["\\])/g, '$1'),
    'latin1',
  ).toString('utf8')

function lookAtFiles(folder: string, found: Map<string, string>): void {
  try {
    for (const path of readableByOthers(folder)) {
      const {size, mtimeMs} = lstatSync(path)
      const key = `${path} ${size} ${mtimeMs}`
      if (!found.has(key) && size < 4_000_000) found.set(key, readFileSync(path, 'utf8'))
    }
  } catch {
    // it went while it was looked at
  }
}

function lookAtProcesses(root: number, found: Set<string>): void {
  const parents = new Map<number, number>()
  const lines = new Map<number, string>()
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]))
      lines.set(Number(name), readFileSync(`/proc/${name}/cmdline`, 'utf8'))
    } catch {
      // it ended meanwhile
    }
  }
  for (const [pid, line] of lines) {
    for (let at = pid; at > 1; at = parents.get(at) ?? 0) {
      if (at === root) found.add(line.replaceAll('\0', ' '))
    }
  }
}
