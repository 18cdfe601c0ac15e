// The ways in which an act may be brought to run: in the runbook, as a step's command, or hidden in
// a script that an authorised command calls.

import type {Act} from './acts.ts'

export type Carrier = {
  readonly name: string
  /** `lint`: the runbook lists it. `listed`: a step runs what the runbook lists. `unlisted`: a step
   * runs what it does not list. `script`: an authorised script holds it. */
  readonly way: 'lint' | 'listed' | 'unlisted' | 'script'
  readonly text: (act: Act) => string
  readonly gitOnly?: boolean
  readonly pushOnly?: boolean
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
const same = (act: Act) => act.text
const withoutGit = (act: Act) => act.text.replace(/^git /, '')
const args = (act: Act) => withoutGit(act)

type Script = Pick<Carrier, 'name' | 'text' | 'gitOnly' | 'pushOnly'>

const spellings: readonly Script[] = [
  {name: 'plain', text: same},
  {name: 'quotes inside words', text: (act) => act.text.replace(/^(\w)(\w)/, '$1"$2"')},
  {name: 'backslashes', text: (act) => act.text.replace(/^(\w)(\w)/, '\\$1\\$2')},
  {name: 'line continuation', text: (act) => act.text.replaceAll(' ', ' \\\n  ')},
  {name: 'ANSI-C quoting', text: (act) => act.text.replace(/^git/, "$'\\x67it'"), gitOnly: true},
  {name: 'env', text: (act) => `env A=1 ${act.text}`},
  {name: 'env -S', text: (act) => `env -S ${quote(act.text)}`},
  {name: 'command', text: (act) => `command ${act.text}`},
  {name: 'sh -c', text: (act) => `sh -c ${quote(act.text)}`},
  {name: 'bash -ec in env', text: (act) => `env bash -ec ${quote(act.text)}`},
  {name: 'eval', text: (act) => `eval ${quote(act.text)}`},
  {name: 'xargs', text: (act) => `echo ${args(act)} | xargs git`, gitOnly: true},
  {name: 'nohup nice', text: (act) => `nohup nice -n 5 ${act.text}`},
  {name: 'timeout', text: (act) => `timeout -k 1 60 ${act.text}`},
  {name: 'variable', text: (act) => `g=git; $g ${args(act)}`, gitOnly: true},
  {name: 'git -C', text: (act) => `git -C . ${args(act)}`, gitOnly: true},
  {name: 'git --git-dir', text: (act) => `git --git-dir=.git ${args(act)}`, gitOnly: true},
  {
    name: 'inline alias',
    text: (act) => `git -c alias.z=${quote(withoutGit(act))} z`,
    gitOnly: true,
  },
  {
    name: 'hooks off by -c',
    text: (act) => `git -c core.hooksPath=/dev/null ${args(act)}`,
    gitOnly: true,
  },
  {name: 'hooks off by variable', text: (act) => `GIT_CONFIG_COUNT=0 ${act.text}`},
  {name: 'function', text: (act) => `f() { ${act.text}; }; f`},
  {name: 'substitution', text: (act) => `echo "$(${act.text})"`},
  {name: 'shell on stdin', text: (act) => `echo ${quote(act.text)} | sh`},
  {name: 'here-document', text: (act) => `bash <<'END'\n${act.text}\nEND`},
  {name: 'find -exec', text: (act) => `find . -maxdepth 0 -exec ${act.text} \\;`},
]

const scripts: readonly Script[] = [
  {name: 'a script', text: same},
  {name: 'a script, git by path', text: (act) => `"$(command -v git)" ${args(act)}`, gitOnly: true},
  {
    name: 'a script, hooks off by -c',
    text: (act) => `git -c core.hooksPath=/dev/null ${args(act)}`,
    gitOnly: true,
  },
  {name: 'a script, variables unset', text: (act) => `unset GIT_CONFIG_COUNT\n${act.text}`},
  {name: 'a script, env -i', text: (act) => `env -i PATH="$PATH" HOME=/ ${act.text}`},
  {
    name: 'a script, hooks off in the configuration',
    text: (act) => `git config core.hooksPath /dev/null\n${act.text}`,
  },
  {
    name: 'a script, hooks folder removed',
    text: (act) => `rm -rf "$(git config core.hooksPath)"\n${act.text}`,
  },
  {
    name: 'a script, hooks folder emptied',
    text: (act) => `rm -f "$(git config core.hooksPath)"/*\n${act.text}`,
  },
  {
    name: 'a script, alias in the configuration',
    text: (act) => `git config alias.z ${quote(withoutGit(act))}\ngit z`,
    gitOnly: true,
  },
  {
    name: 'a script, another remote named',
    text: (act) => {
      const text = act.text.replace(' origin', ' ../remote.git')
      return `git remote set-url origin ../elsewhere.git\nunset GIT_CONFIG_COUNT\n${text}`
    },
    gitOnly: true,
  },
  {
    name: 'a script, in another worktree',
    text: (act) =>
      `git worktree add --quiet --detach ../aside main\ncd ../aside\n${act.text.replaceAll('.git/', '../clone/.git/')}`,
  },
  {
    name: 'a script, in another clone',
    text: (act) =>
      `git clone --quiet . ../other\ncd ../other\ngit branch evil origin/evil\n${act.text.replace(' origin', ' ../remote.git')}`,
    pushOnly: true,
  },
  {name: 'a script, a detached child', text: (act) => `setsid sh -c ${quote(act.text)}\nwait`},
  {
    name: 'a script, node',
    text: (act) =>
      `node -e ${quote(`process.exit(require('child_process').spawnSync(${JSON.stringify(act.text)},{shell:true}).status)`)}`,
  },
]

export const carriers: readonly Carrier[] = [
  ...spellings.map(
    (spelling): Carrier => ({...spelling, name: `runbook, ${spelling.name}`, way: 'lint'}),
  ),
  ...spellings.map(
    (spelling): Carrier => ({...spelling, name: `step, ${spelling.name}`, way: 'listed'}),
  ),
  {name: 'step, not in the runbook', way: 'unlisted', text: same},
  ...scripts.map((script): Carrier => ({...script, way: 'script'})),
]
