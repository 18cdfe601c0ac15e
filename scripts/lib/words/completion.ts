// Completion for shells, from what `--help` says of each command: a flag that is not told is not offered.

import {approveHelp, incidentHelp} from './approve.ts'
import {auditHelp} from './audit.ts'
import type {commandList} from './command-list.ts'
import {gateHelp, oneShotHelp} from './gate.ts'
import {help} from './help.ts'
import {initHelp} from './init.ts'
import {lintHelp} from './lint.ts'
import {snapshotHelp} from './snapshot.ts'
import {statusHelp} from './status.ts'
import {toolHelp} from './tool-help.ts'

export const completedShells = ['bash', 'zsh', 'fish'] as const
export type CompletedShell = (typeof completedShells)[number]

type Name = keyof typeof commandList

const helps: Readonly<Record<Name, string>> = {
  init: initHelp('en'),
  lint: lintHelp('en'),
  snapshot: snapshotHelp('en'),
  gate: gateHelp('en'),
  d1_one_shot: oneShotHelp('en'),
  decide: toolHelp('decide', 'en'),
  staging: help('staging', 'en'),
  approve: approveHelp('en'),
  production: help('production', 'en'),
  freeze: help('freeze', 'en'),
  incident: incidentHelp('en'),
  status: statusHelp('en'),
  audit: auditHelp('en'),
}

const verbs: Readonly<Partial<Record<Name, readonly string[]>>> = {
  gate: ['open', 'check', 'nightly-post-mortem'],
  approve: ['staging', 'production', 'freeze'],
}

/** What may follow each command: its verbs, then its flags. */
export const completed = (): ReadonlyMap<string, readonly string[]> =>
  new Map([
    ...Object.entries(helps).map(([name, text]): [string, readonly string[]] => [
      name,
      [...verbsOf(name), ...flagsIn(text)],
    ]),
    ['completion', completedShells],
  ])

const verbsOf = (name: string): readonly string[] =>
  Object.entries(verbs).find(([each]) => each === name)?.[1] ?? []

const flagsIn = (text: string): string[] =>
  [...new Set([...(text.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []), '--help', '--version'])].sort()

/** A script to be sourced: words of ours alone stand in it, nothing of the machine. */
export const completionScript = (shell: CompletedShell): string =>
  ({bash: bash(), zsh: `#compdef postgate\n${zsh()}`, fish: fish()})[shell]

const commandWords = () => [...completed().keys(), '--help', '--version'].join(' ')

const cases = (indent: string) =>
  [...completed()]
    .map(([name, words]) => `${indent}${name}) words='${words.join(' ')}' ;;`)
    .join('\n')

// After a flag that a file or folder follows, files are offered.
const files = '--answers|--gate|--project|--html|--key|--out|--output'

const bash = () => `_postgate() {
  local words current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then words='${commandWords()}'
  else
    case $before in ${files})
      COMPREPLY=($(compgen -f -- "$current"))
      return ;;
    esac
    case \${COMP_WORDS[1]} in
${cases('      ')}
      *) words='' ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o filenames -F _postgate postgate
`

const zsh = () => `_postgate() {
  local before=\${words[CURRENT-1]}
  if (( CURRENT == 2 )); then
    compadd -- ${commandWords()}
    return
  fi
  case $before in ${files}) _files; return ;; esac
  case \${words[2]} in
${[...completed()].map(([name, list]) => `    ${name}) compadd -- ${list.join(' ')} ;;`).join('\n')}
  esac
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -u }
compdef _postgate postgate
`

const fish = () =>
  [
    'complete -c postgate -f',
    `complete -c postgate -n __fish_use_subcommand -a '${commandWords()}'`,
    ...[...completed()].flatMap(([name, words]) => [
      `complete -c postgate -n '__fish_seen_subcommand_from ${name}' -a '${words.join(' ')}'`,
    ]),
    '',
  ].join('\n')
