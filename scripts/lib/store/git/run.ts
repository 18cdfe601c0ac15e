// Runs git through simple-git, always with an exit code instead of an exception, and with an
// environment that cannot lead it to another repository, an editor or a prompt.

import {causeLine} from '../../base/cause-line.ts'
import {makeRoom, saysNoSpace} from '../../base/disk-problem.ts'
import {problem} from '../../domain/problem.ts'
import type {Text} from '../../domain/text.ts'
import {type Talk, talk} from './talk.ts'

export interface GitOptions {
  readonly cwd?: string
  readonly input?: string | Uint8Array
  /** Added to the environment of this one call: dates, identity, a private index. */
  readonly environment?: Readonly<Record<string, string>>
  /** Ends the call when git has been silent for so long. */
  readonly timeoutMs?: number
}

export interface GitResult {
  readonly exitCode: number
  readonly stdout: Buffer
  readonly stderr: string
}

export interface Git {
  /** Never throws for git's own failures: the caller judges `exitCode`. */
  readonly attempt: (args: readonly string[], options?: GitOptions) => Promise<GitResult>
  /** Standard output without its last newline. Throws a `Problem` (3) when git fails. */
  readonly text: (args: readonly string[], options?: GitOptions) => Promise<string>
  /** A git that stays, for many questions of one kind. */
  readonly talk: (args: readonly string[], options?: Pick<GitOptions, 'environment'>) => Talk
}

// Everything else that begins with GIT_ is dropped: GIT_DIR and GIT_INDEX_FILE are set while a hook
// runs, and would make us read and write somewhere else.
const kept =
  /^(GIT_(SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|CONFIG_(COUNT|KEY_\d+|VALUE_\d+|GLOBAL|SYSTEM|NOSYSTEM)|(AUTHOR|COMMITTER)_(NAME|EMAIL)|CEILING_DIRECTORIES|HTTP_USER_AGENT|SSL_\w+|PROXY_SSL_\w+)|SSH_ASKPASS)$/
// A person's settings that would change what git answers, not what it does: encodings of what is told,
// colours in what is read, root commits that show no files.
const sameAnswers = [
  'i18n.logOutputEncoding=UTF-8',
  'i18n.commitEncoding=UTF-8',
  'log.showRoot=true',
  'color.ui=false',
].flatMap((setting) => ['-c', setting])
const dropped = /^(EDITOR|VISUAL|PAGER|PREFIX|GIT_.*|SSH_ASKPASS)$/i

/** A runner of git in `folder`, with the process's `environment` as it was at the start. */
export function gitIn(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Git {
  const base = safeEnvironment(environment)
  const attempt = (args: readonly string[], options: GitOptions = {}) =>
    run(args, {cwd: folder, ...options, environment: {...base, ...options.environment}})
  return {
    attempt,
    async text(args, options) {
      const result = await attempt(args, options)
      if (result.exitCode !== 0) throw gitFailed(args, result)
      return result.stdout.toString('utf8').replace(/\n$/, '')
    },
    talk: (args, {environment} = {}) =>
      talk([...sameAnswers, ...args], {cwd: folder, environment: {...base, ...environment}}),
  }
}

function safeEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const safe: Record<string, string> = {}
  for (const [key, value] of Object.entries(environment)) {
    if (value !== undefined && (kept.test(key) || !dropped.test(key))) safe[key] = value
  }
  return {
    ...safe,
    // Reading never refreshes the index: a person's own git may be at work beside us.
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  }
}

async function run(
  args: readonly string[],
  options: GitOptions & {readonly cwd: string; readonly environment: Record<string, string>},
): Promise<GitResult> {
  const {simpleGit} = await import('simple-git')
  let result: GitResult = {exitCode: -1, stdout: Buffer.alloc(0), stderr: ''}
  const guarded = Object.keys(options.environment).filter(
    (key) => key.startsWith('GIT_') || key === 'SSH_ASKPASS',
  )
  const input = options.input ?? ''
  try {
    await simpleGit({
      baseDir: options.cwd,
      allowEnvironment: guarded,
      // Without these simple-git refuses what it finds in the environment or after `-c`. A person's push
      // works by their own ssh, prompts and configuration files; CI gives credentials and rewritten
      // addresses by GIT_CONFIG_COUNT; and the guard itself turns hooks and the file monitor off.
      unsafe: {
        allowUnsafeSshCommand: true,
        allowUnsafeAskPass: true,
        allowUnsafeConfigPaths: true,
        allowUnsafeConfigEnvCount: true,
        allowUnsafeCredentialHelper: true,
        allowUnsafeUrlRewrite: true,
        allowUnsafeHooksPath: true,
        allowUnsafeFsMonitor: true,
      },
      // Always a buffer, an empty one too: simple-git would leave standard input open without it.
      input: () => Buffer.from(input),
      ...(options.timeoutMs === undefined ? {} : {timeout: {block: options.timeoutMs}}),
      // Its 50 ms would cut off what a busy machine has not read yet; a child of git's that lives on
      // with our pipe in its hands ends the wait all the same.
      completion: {onClose: true, onExit: 2_000},
      errors(error, outcome) {
        result = {
          exitCode: exitCodeOf(error, outcome.exitCode),
          stdout: Buffer.concat(outcome.stdOut),
          stderr: Buffer.concat(outcome.stdErr).toString('utf8'),
        }
        return undefined
      },
    })
      .env(options.environment)
      .outputHandler((_command, stdout) => {
        // simple-git adds 50 ms to every command that prints nothing; an empty piece counts as output.
        setImmediate(() => stdout.emit('data', Buffer.alloc(0)))
      })
      .raw([...sameAnswers, ...args])
  } catch (error) {
    // Git was not found, its folder is gone, or it was silent for too long.
    const why = error instanceof Error ? error.message : String(error)
    return {exitCode: -1, stdout: Buffer.alloc(0), stderr: why}
  }
  return result
}

/** A git that was ended by a signal has no exit code; one that failed to start or to finish has none either. */
function exitCodeOf(error: unknown, code: unknown): number {
  if (typeof code !== 'number') return -1
  return error !== undefined && code === 0 ? -1 : code
}

/** A git failure nobody expected, in words: git's last line only, without credentials. */
export function gitFailed(args: readonly string[], result: GitResult) {
  const verb = args.find((word, index) => !word.startsWith('-') && args[index - 1] !== '-c') ?? ''
  return problem({
    what: {fr: `git ${verb} a échoué.`, en: `git ${verb} failed.`},
    why: lastWords(result),
    next: mending(lastWords(result)),
    ...(saysNoSpace(result.stderr) && {lacksRoom: true}),
    exit: 3,
  })
}

/** What helps where git cannot read its own repository, as a step may have left it. */
export function mending(why: string): Text {
  if (saysNoSpace(why)) return makeRoom
  if (/dubious ownership/.test(why)) {
    return {
      fr: 'rendre le dépôt à son propriétaire : chown -R "$(id -un)" . à sa racine ; puis relancer la même commande',
      en: 'give the repository back to its owner: chown -R "$(id -un)" . at its root; then run the same command again',
    }
  }
  return {
    fr: 'rétablir le dépôt (git status doit répondre), puis relancer la même commande',
    en: 'bring the repository back (git status has to answer), then run the same command again',
  }
}

/** The line of git's errors that says most, with credentials in addresses taken out. */
export function lastWords(result: GitResult): string {
  // ssh's own words come before git's, which only say that there was no answer.
  const words = withoutCredentials(causeLine(result.stderr).replace(/^(fatal|error): /, ''))
  return words === '' ? `exit code ${result.exitCode}` : words
}

/** Everything that git and the programs behind it said, on one line, without credentials. */
export function allWords(result: GitResult): string {
  const lines = result.stderr.split('\n').map((line) => line.trim())
  const words = lines.filter((line) => line !== '').join(' / ')
  return words === '' ? lastWords(result) : withoutCredentials(words)
}

/** What the remote itself said of a push, and git's line for each ref; else git's own last words. */
export function remoteWords(result: GitResult): string {
  const lines = result.stderr
    .split('\n')
    .filter((line) => /^(remote:|\s*!\s*\[)/.test(line))
    .map((line) => line.replace(/^remote:/, '').trim())
    .filter((line) => line !== '')
  const words = [...new Set(lines)].join(' / ').slice(0, 600)
  return words === '' ? lastWords(result) : withoutCredentials(words)
}

const withoutCredentials = (text: string) => text.replace(/\/\/[^/@\s]+@/g, '//***@')

/** For commands that answer by exit code: 0 yes, 1 no, anything else is a failure. */
export async function answered(git: Git, args: readonly string[]): Promise<boolean> {
  const result = await git.attempt(args)
  if (result.exitCode > 1 || result.exitCode < 0) throw gitFailed(args, result)
  return result.exitCode === 0
}
