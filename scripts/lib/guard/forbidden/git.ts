// Which git command lines are forbidden. Subcommands are an allow-list: an unknown one could be an
// alias for anything.

import {marks} from '../authorised/words.ts'
import type {ForbiddenAct} from './act.ts'
import {type GitContext, plainKey, rewrites, rules} from './git-rules.ts'
import {type Arg, scan} from './options.ts'
import {bypass, inGitFolder} from './words.ts'

const harmless = new Set(
  (
    'add annotate archive blame cat-file check-attr check-ignore check-ref-format cherry clean clone ' +
    'count-objects describe diff diff-files diff-index diff-tree for-each-ref ' +
    'format-patch fsck get-tar-commit-id grep hash-object help init log ls-files ls-remote ' +
    'ls-tree merge-base mv name-rev pack-refs range-diff read-tree restore rev-list rev-parse rm ' +
    'shortlog show show-branch show-ref sparse-checkout stash status stripspace unpack-file var ' +
    'verify-commit verify-pack verify-tag version whatchanged write-tree'
  ).split(' '),
)

// They make or take over code, or rewrite what main holds.
const rewriting = new Set(
  (
    'am apply cherry-pick commit commit-tree fast-import filter-branch filter-repo merge ' +
    'merge-recursive mktag prune pull quiltimport rebase replace reset revert svn update-ref'
  ).split(' '),
)

/** The forbidden acts of `git ARGS`. */
export function gitActs(args: readonly Arg[], context: GitContext): readonly ForbiddenAct[] {
  const acts: ForbiddenAct[] = []
  let index = 0
  for (; index < args.length; index++) {
    const word = args[index] ?? null
    if (word === null) return [...acts, ...unreadable()]
    if (!word.startsWith('-')) break
    const [name = '', attached] = word.split(/=(.*)/s)
    if (name === '-c' || name === '--config-env') {
      const setting = name === '-c' ? (args[++index] ?? null) : (attached ?? args[++index] ?? null)
      acts.push(...configured(setting))
    } else if (/^-c./.test(word)) {
      acts.push(...configured(word.slice(2)))
    } else if (['-C', '--git-dir', '--work-tree', '--super-prefix'].includes(name)) {
      const folder = attached ?? args[++index] ?? null
      if (folder === null) return [...acts, ...unreadable()]
      // Paths behind it would count from there.
      if (name !== '--git-dir' && inGitFolder.test(folder)) {
        acts.push(...bypass(`\`git ${name} ${folder}\``, `\`git ${name} ${folder}\``))
      }
    } else if (name === '--namespace' || name === '--exec-path') {
      if (name === '--namespace' || attached !== undefined) {
        acts.push(
          ...bypass(`\`git ${name}\` change ce que git touche`, `\`git ${name}\` redirects git`),
        )
      }
      if (name === '--namespace' && attached === undefined) index++
    } else if (!globalFlags.has(name)) {
      acts.push(...bypass(`option de git inconnue : ${name}`, `unknown option of git: ${name}`))
    }
  }
  const subcommand = args[index]
  if (subcommand === undefined) return acts
  if (subcommand === null || marks.test(subcommand)) return [...acts, ...unreadable()]
  return [...acts, ...subcommandActs(subcommand, args.slice(index + 1), context)]
}

const globalFlags = new Set(
  (
    '--version -v --help -h --html-path --man-path --info-path -p --paginate -P --no-pager --bare ' +
    '--literal-pathspecs --glob-pathspecs --noglob-pathspecs --icase-pathspecs ' +
    '--no-optional-locks --no-replace-objects'
  ).split(' '),
)

const unreadable = () =>
  bypass('une commande git que seul le shell connaît', 'a git command that only the shell knows')

function configured(setting: Arg): readonly ForbiddenAct[] {
  const key = setting?.split('=', 1)[0] ?? ''
  if (plainKey.test(key)) return []
  return bypass(
    `\`git -c ${key}\` change un garde-fou de git`,
    `\`git -c ${key}\` changes a guard of git`,
  )
}

function subcommandActs(
  name: string,
  args: readonly Arg[],
  context: GitContext,
): readonly ForbiddenAct[] {
  const own = rules[name]
  if (own) {
    const scanned = scan(args, own.grammar)
    if (scanned.unknown) return unreadable()
    return [...own.acts(scanned, args, context), ...(writers.has(name) ? written(name, args) : [])]
  }
  if (rewriting.has(name)) return [rewrites(name, args)]
  if (!harmless.has(name)) {
    return bypass(
      `\`git ${name}\` n’est pas une commande connue comme inoffensive (un alias ?)`,
      `\`git ${name}\` is not known to be harmless (an alias?)`,
    )
  }
  return [...external(name, args), ...written(name, args)]
}

/** Another program that an option of a harmless subcommand would run. */
function external(name: string, args: readonly Arg[]): readonly ForbiddenAct[] {
  const scanned = scan(args)
  // In full, or as git completes them.
  const long = scanned.longs.find(
    (given) => given.length > 1 && programOptions.some((option) => option.startsWith(given)),
  )
  const short = [...(shortPrograms[name] ?? '')].find((letter) => scanned.shorts.has(letter))
  const option = long !== undefined ? `--${long}` : short !== undefined ? `-${short}` : null
  if (option === null) return []
  return bypass(
    `\`git ${name} ${option}\` lance un autre programme`,
    `\`git ${name} ${option}\` runs another program`,
  )
}

const programOptions =
  'upload-pack exec ext-diff extcmd open-files-in-pager config template separate-git-dir'.split(' ')

// `clone -u UPLOAD-PACK`, `clone -c KEY=PROGRAM`, `grep -OPAGER`.
const shortPrograms: Readonly<Record<string, string>> = {clone: 'uc', grep: 'O'}

/** What a reading subcommand would write: `--output` of the diff family anywhere, any file under .git. */
function written(name: string, args: readonly Arg[]): readonly ForbiddenAct[] {
  const output = args.some(
    (arg) => arg !== null && /^--outp?u?t?(=|$)/.test(arg) && !ownOutput.has(name),
  )
  const inside = args.find(
    (arg) => arg !== null && inGitFolder.test(arg.replace(/^-[oO](?=.)/, '')),
  )
  if (!output && inside === undefined) return []
  return bypass(
    `\`git ${name}\` écrit un fichier${inside === undefined ? '' : ` dans \`${inside}\``}`,
    `\`git ${name}\` writes a file${inside === undefined ? '' : ` in \`${inside}\``}`,
  )
}

// They write what they are asked for, beside the sources.
const ownOutput = new Set(['archive', 'format-patch'])
const writers = new Set(['bundle', 'worktree', 'submodule'])
