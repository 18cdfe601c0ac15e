// The only way by which a step reaches a shell. Commands are halted values quoted by zx; when one is
// run it is authorised, looked through for forbidden acts, journalled before its first instruction,
// and its output is masked.

import {spawn, spawnSync} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {accessSync, constants, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import type {Options} from 'zx/core'
import {lazy} from '../base/lazy.ts'
import {problem} from '../domain/problem.ts'
import type {Text} from '../domain/text.ts'
import type {Authorisation} from './authorised/authorised.ts'
import type {Command, CommandResult, RunOptions} from './effect.ts'
import {problemFileName} from './final-message.ts'
import type {ForbiddenAct} from './forbidden/act.ts'
import {forbiddenActs} from './forbidden/forbidden.ts'
import type {Mask} from './mask.ts'
import {createMaskedOutput} from './output.ts'
import {takeProblemFile} from './problem-file.ts'
import {birthOf, endGroup, type Group, markName} from './process/group.ts'

/** What may stand in `${}`: one word, or several. Anything else is a defect of the step. */
export type ShellValue = string | number | readonly (string | number)[]

export interface Spawned extends Group {
  /** Masked. */
  readonly command: string
}

export interface ShellOptions {
  readonly cwd: string
  /** The whole environment of the command (see `childEnvironment`); nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  readonly mask: Mask
  /** Layer 1, bound to the fences of the phase. */
  readonly authorise: (commandText: string) => Promise<Authorisation>
  /** Layer 2; `forbiddenActs` unless a test says otherwise. */
  readonly forbidden?: (commandText: string) => Promise<readonly ForbiddenAct[]>
  /** Called before the command's first instruction; it does not start when this throws. */
  readonly onSpawn?: (spawned: Spawned) => void
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
  /** Characters kept of each stream: the last ones. */
  readonly outputMax?: number
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs?: number
}

export interface Shell {
  (pieces: TemplateStringsArray, ...values: ShellValue[]): Command
  /** The same shell in another folder or with more variables. */
  readonly with: (changes: {
    readonly cwd?: string
    readonly env?: Readonly<Record<string, string>>
    readonly timeoutMs?: number
  }) => Shell
}

/** Makes a step's `$`. zx is loaded here, when a command is first needed. */
export async function createShell(options: ShellOptions): Promise<Shell> {
  const zx = await import('zx/core')
  return shell(zx, options)
}

type Zx = typeof import('zx/core')

function shell(zx: Zx, options: ShellOptions): Shell {
  const template = (pieces: TemplateStringsArray, ...values: ShellValue[]): Command => {
    const text = quoted(zx, pieces, values)
    return command(zx, options, text)
  }
  return Object.assign(template, {
    with: (changes: Parameters<Shell['with']>[0]) =>
      shell(zx, {
        ...options,
        ...(changes.cwd === undefined ? {} : {cwd: changes.cwd}),
        ...(changes.timeoutMs === undefined ? {} : {timeoutMs: changes.timeoutMs}),
        env: {...options.env, ...changes.env},
      }),
  })
}

/** The command's words, quoted by zx. Throws a `TypeError` for what no word can hold. */
function quoted(zx: Zx, pieces: TemplateStringsArray, values: readonly ShellValue[]): string {
  for (const value of values.flat()) {
    if (typeof value === 'number' ? !Number.isFinite(value) : typeof value !== 'string') {
      throw new TypeError(`A command cannot hold ${describe(value)} as a word.`)
    }
    // The shell would cut the word at a NUL; a lone surrogate would become another character.
    if (typeof value === 'string' && (value.includes('\0') || /\p{Surrogate}/u.test(value))) {
      throw new TypeError('A command cannot hold a NUL or a lone surrogate.')
    }
  }
  const halted = zx.$({...fixed(zx), halt: true})(
    pieces,
    ...values.map((value) => (Array.isArray(value) ? value.map(String) : String(value))),
  )
  const text = halted.cmd
  if (typeof text !== 'string') throw new TypeError('A command holds only words known by now.')
  return text.trim()
}

const describe = (value: unknown) => (value === null ? 'null' : typeof value)

// Set explicitly, so that no ZX_* variable and nothing that a script did to `$` has a say.
const fixed = (zx: Zx) =>
  ({
    prefix: '',
    postfix: '',
    quote: zx.quote,
    shell: bash(),
    preferLocal: false,
    detached: true,
    verbose: false,
    quiet: true,
    nothrow: true,
    sync: false,
    timeout: 0,
    killSignal: 'SIGTERM',
    timeoutSignal: 'SIGTERM',
    stdio: 'pipe',
  }) satisfies Partial<Options>

function bash(): string {
  const folders = ['/bin', '/usr/bin', ...(process.env.PATH ?? '').split(delimiter)]
  for (const folder of folders) {
    const path = join(folder, 'bash')
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // not there
    }
  }
  throw problem({
    what: {fr: 'bash est introuvable.', en: 'bash was not found.'},
    next: {fr: 'installez bash, puis relancez', en: 'install bash, then run again'},
    exit: 3,
  })
}

function command(zx: Zx, options: ShellOptions, text: string): Command {
  const printed = options.mask.mask(text)
  const authorisation = lazy(async (): Promise<Authorisation> => {
    const acts = await (options.forbidden ?? forbiddenActs)(text)
    const [act] = acts
    if (act) return {ok: false, reason: act.why}
    return options.authorise(text)
  })
  return {
    kind: 'command',
    text: printed,
    cwd: options.cwd,
    authorisation,
    run: async (run = {}) => {
      const answer = await authorisation()
      if (!answer.ok) throw refusal(printed, answer.reason, options.mask)
      return execute(zx, options, text, run)
    },
  }
}

function refusal(printed: string, reason: Text, mask: Mask): Error {
  const hidden: Text =
    typeof reason === 'string'
      ? mask.mask(reason)
      : {fr: mask.mask(reason.fr), en: mask.mask(reason.en)}
  return problem({
    what: {fr: `Commande refusée : ${printed}`, en: `Command refused: ${printed}`},
    why: hidden,
    next: {
      fr: 'corrigez le runbook ou l’étape, puis `npx zx scripts/lint.ts`',
      en: 'correct the runbook or the step, then `npx zx scripts/lint.ts`',
    },
    exit: 3,
  })
}

// The shell waits for a line on descriptor 3: its group is journalled before it does anything, and a
// death of ours in between ends it. The line never comes from a terminal.
const gate = 'IFS= read -r -u 3 REPLY || exit 125; exec 3<&-; unset REPLY; set -euo pipefail; '

async function execute(
  zx: Zx,
  options: ShellOptions,
  text: string,
  run: RunOptions,
): Promise<CommandResult> {
  const aborts = [options.signal, run.signal].filter((signal) => signal !== undefined)
  if (aborts.some((signal) => signal.aborted)) return neverStarted
  const output = createMaskedOutput(options, run.onLine)
  const mark = randomUUID()
  const problemFile = join(tmpdir(), `postgate-problem-${mark}.json`)
  const began = performance.now()
  let group: Group | undefined
  let failed: unknown
  let ending: Promise<unknown> | undefined
  let timedOut = false
  const end = (): void => {
    ending ??= group && endGroup({...group, ours: true}, options.graceMs)
  }

  const hooked = new Proxy(spawn, {
    apply(target, self, [line, args, given]) {
      // What runs is what was checked, and nothing around it.
      if (line !== gate + text) throw new Error('The command changed after it was checked.')
      const stdio = ['ignore', 'pipe', 'pipe', 'pipe']
      const child = Reflect.apply(target, self, [line, args, {...given, detached: true, stdio}])
      const release = child.stdio[3]
      release.on('error', () => {}) // it ended before it was released
      if (child.pid === undefined) return child
      group = {pid: child.pid, birth: birthOf(child.pid, mark)}
      try {
        options.onSpawn?.({...group, command: options.mask.mask(text)})
        release.end('go\n')
      } catch (error) {
        failed = error
        release.destroy()
      }
      return child
    },
  })
  const halted = zx.$({
    ...fixed(zx),
    prefix: gate,
    halt: true,
    cwd: options.cwd,
    env: {...options.env, [markName]: mark, [problemFileName]: problemFile},
    spawn: hooked,
    spawnSync: refuseSync,
    store: {stdout: new Nothing(), stderr: new Nothing(), stdall: new Nothing()},
    log: (entry) => {
      if (entry.kind === 'stdout' || entry.kind === 'stderr') output.write(entry.kind, entry.data)
    },
  })(verbatim(text))

  const limitMs = run.timeoutMs ?? options.timeoutMs
  const timer = limitMs
    ? setTimeout(() => {
        timedOut = true
        end()
      }, limitMs)
    : undefined
  for (const signal of aborts) signal.addEventListener('abort', end, {once: true})
  try {
    const result = await halted.run()
    if (failed) throw failed
    // What the command left running in its group could act after the refs were compared.
    end()
    await ending
    const {stdout, stderr} = output.end()
    const told = takeProblemFile(problemFile, options.mask)
    return {
      exitCode: result.exitCode,
      signal: result.signal,
      stdout,
      stderr: result.exitCode === null && !result.signal ? stderr || 'could not start' : stderr,
      durationMs: Math.round(performance.now() - began),
      timedOut,
      aborted: aborts.some((signal) => signal.aborted),
      ...(told !== null && {problem: told}),
    }
  } finally {
    clearTimeout(timer)
    rmSync(problemFile, {force: true})
    for (const signal of aborts) signal.removeEventListener('abort', end)
  }
}

// zx would keep the whole output in clear, and end it with a newline that nobody printed.
class Nothing extends Array<string | Buffer> {
  override push(): number {
    return 0
  }
}

const neverStarted: CommandResult = {
  exitCode: null,
  signal: null,
  stdout: '',
  stderr: '',
  durationMs: 0,
  timedOut: false,
  aborted: true,
}

/** A template without values: zx takes its text as it is. */
const verbatim = (text: string): TemplateStringsArray => Object.assign([text], {raw: [text]})

const refuseSync = new Proxy(spawnSync, {
  apply() {
    throw new Error('A step never runs a command synchronously.')
  },
})
