// What the guard knows about command words: which are shells, wrappers or interpreters, which
// variables and folders are guards.

import type {Text} from '../../domain/text.ts'
import {marks} from '../authorised/words.ts'
import type {ForbiddenAct, RuleName} from './act.ts'
import {type Arg, scan} from './options.ts'

export const forbiddenAct = (rule: RuleName, why: Text): ForbiddenAct => ({rule, why})

/** A guard that would be switched off, or gone around. */
export const bypass = (fr: string, en: string): readonly ForbiddenAct[] => [
  forbiddenAct('guard-bypass', {fr, en}),
]

export const nameOf = (word: string) =>
  (word.split(/[/\\]/).pop() ?? '').replace(/\.exe$/i, '').toLowerCase()

const set = (words: string) => new Set(words.split(' '))

export const shells = set(
  'sh bash dash zsh ksh mksh ash rbash fish csh tcsh pwsh powershell cmd nu elvish xonsh osh yash posh',
)
/** They run what they are given later, when nobody compares any more. */
export const deferring = set('at batch crontab systemd-run launchctl schtasks')
/** Other programs that write refs, with words of their own. */
export const otherGits = set('jj sl stg tig lazygit gitui dulwich gix got hub')
export const interpreters = set(
  'node nodejs deno bun python python2 python3 perl ruby php lua osascript awk gawk mawk nawk',
)
export const declaring = set('export declare typeset local readonly')
export const quietPrograms = set(
  'echo printf test [ ls cat which type grep true false : cd pwd mkdir du df',
)
export const readingPrograms = set('ls cat test [ stat du head tail grep wc file')
export const dropping = set('sudo doas su runuser pkexec')
// Tools that take a whole shell text in one word.
export const texts = set(
  'script watch flock ssh parallel tmux screen npm npx yarn pnpm bun docker podman entr ' +
    'hyperfine concurrently expect vim vi ex tar rsync sed make just',
)

export const runsThings = (name: string) =>
  name === 'git' || name.startsWith('git-') || shells.has(name)

export const wrappers: Readonly<
  Record<string, {short?: string; long?: readonly string[]; skip?: number}>
> = {
  command: {},
  builtin: {},
  nohup: {},
  setsid: {},
  time: {short: 'fo', long: ['format', 'output']},
  nice: {short: 'n', long: ['adjustment']},
  ionice: {short: 'cnp', long: ['class', 'classdata', 'pid']},
  timeout: {short: 'sk', long: ['signal', 'kill-after'], skip: 1},
  stdbuf: {short: 'ioe', long: ['input', 'output', 'error']},
  sudo: {short: 'ughpCTrtDR', long: ['user', 'group', 'host', 'prompt', 'chdir', 'chroot']},
  doas: {short: 'uC'},
  busybox: {},
  toybox: {},
  chroot: {skip: 1},
  taskset: {skip: 1},
  caffeinate: {short: 'tw'},
}

export const xargs = {
  short: 'aEILnPsd',
  long: ['arg-file', 'delimiter', 'max-args', 'max-chars', 'max-procs', 'max-lines', 'replace'],
}

export function wrappedCommand(
  rest: readonly Arg[],
  {skip = 0, ...grammar}: {short?: string; long?: readonly string[]; skip?: number},
): readonly Arg[] {
  const {positionals} = scan(rest, {...grammar, stopAtFirst: true})
  const inner = positionals.slice(skip)
  const at = inner.findIndex((arg) => arg === null || !/^\w+=/.test(arg))
  return at < 0 ? [] : inner.slice(at)
}

/** The commands behind `-exec` and its like, `{}` unknown. */
export function executed(rest: readonly Arg[]): readonly (readonly Arg[])[] {
  const commands: Arg[][] = []
  let open: Arg[] | undefined
  for (const arg of rest) {
    if (arg !== null && /^-(exec|execdir|ok|okdir)$/.test(arg)) {
      open = []
      commands.push(open)
    } else if (arg === ';' || arg === '+') {
      open = undefined
    } else {
      open?.push(arg === null || arg.includes('{}') ? null : arg)
    }
  }
  return commands
}

export const isReadableFile = (word: Arg | undefined) =>
  word !== undefined &&
  word !== null &&
  word !== '-' &&
  !marks.test(word.charAt(0)) &&
  !/^\/(dev|proc)\//.test(word)

/** As file systems that ignore case take it, too. */
export const inGitFolder = /(^|[/=:])\.git(\/|$)/i
/** The same, anywhere in a text that a program reads as commands: `w .git/HEAD`. */
export const namesGitFolder = /(^|[^\p{L}\p{N}_.*-])\.git(?![\p{L}\p{N}_.*-])/iu

/** Variables whose value other programs run as a command. */
export const leadsToCommand = (name: string) =>
  /(^|_)(EDITOR|VISUAL|PAGER|BROWSER|RSH|SHELL|ASKPASS|WRAPPER|COMMAND|LESSOPEN|LESSCLOSE)$/i.test(
    name,
  )

const guarded = set(
  'PATH BASH_ENV ENV LD_PRELOAD LD_LIBRARY_PATH NODE_OPTIONS SHELLOPTS BASHOPTS IFS PS4 ' +
    'PROMPT_COMMAND HUSKY HUSKY_SKIP_HOOKS LEFTHOOK SKIP PRE_COMMIT_ALLOW_NO_CONFIG',
)
const plainGit =
  /^GIT_((AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)|TERMINAL_PROMPT|LFS_SKIP_SMUDGE|MERGE_AUTOEDIT)$/

export const guardedVariable = (name: string) =>
  guarded.has(name) ||
  /^(DYLD_|POSTGATE_|BASH_FUNC_)/.test(name) ||
  (name.startsWith('GIT_') && !plainGit.test(name))
