// Which git command lines are forbidden. Subcommands are an allow-list: an unknown one could be an
// alias for anything.

import {marks} from '../authorised/words.ts'
import type {ForbiddenAct, RuleName} from './act.ts'
import {type Arg, has, type Scanned, scan} from './options.ts'
import {inGitFolder} from './words.ts'

export interface GitContext {
  /** Looks through a shell text that git would run. */
  readonly shellText: (text: Arg) => readonly ForbiddenAct[]
}

const act = (rule: RuleName, fr: string, en: string): ForbiddenAct => ({rule, why: {fr, en}})

const bypass = (fr: string, en: string) => [act('guard-bypass', fr, en)]

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

/** Keys that `-c` and `git config` may set; any other could switch something off or run something. */
const plainKey =
  /^(user\.(name|email)|color\.|advice\.|log\.|core\.quotepath|init\.defaultbranch|safe\.directory|gc\.auto$)/i

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
  const own = checked[name]
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

const rewrites = (name: string, args: readonly Arg[] = []): ForbiddenAct =>
  args.some((arg) => arg?.includes('refs/tags/'))
    ? act('tag-deletion', `\`git ${name}\` sur un tag`, `\`git ${name}\` on a tag`)
    : act(
        'code-change-without-gate',
        `\`git ${name}\` change le code ou réécrit l’histoire sans nouveau Release Gate`,
        `\`git ${name}\` changes code or rewrites history without a new Release Gate`,
      )

interface Rule {
  readonly grammar?: Parameters<typeof scan>[1]
  readonly acts: (
    scanned: Scanned,
    args: readonly Arg[],
    context: GitContext,
  ) => readonly ForbiddenAct[]
}

const pushes: Rule = {
  grammar: {
    short: 'o',
    long: ['repo', 'push-option', 'receive-pack', 'exec', 'recurse-submodules'],
  },
  acts: (scanned) => {
    const acts: ForbiddenAct[] = []
    const forced = (fr: string, en: string) => acts.push(act('forced-push', fr, en))
    if (has(scanned, 'f', 'force', 'force-with-lease', 'force-if-includes')) {
      forced('un push forcé', 'a forced push')
    }
    if (has(scanned, '', 'mirror', 'prune')) {
      forced('un push qui supprime des références', 'a push that deletes refs')
    }
    const refspecs = scanned.positionals.map(String)
    for (const refspec of refspecs.filter((word) => word.startsWith('+'))) {
      forced(`un push forcé (\`${refspec}\`)`, `a forced push (\`${refspec}\`)`)
    }
    const erased = has(scanned, 'd', 'delete')
      ? refspecs.slice(1)
      : refspecs.filter((word) => /^:./.test(word))
    if (has(scanned, 'd', 'delete') || erased.length > 0) {
      const onMain = erased.some((word) => /^:?(refs\/heads\/)?(main|master)$/.test(word))
      acts.push(
        onMain
          ? act('forced-push', 'la suppression de main', 'deleting main')
          : act(
              'tag-deletion',
              'la suppression d’une référence distante',
              'deleting a ref of the remote',
            ),
      )
    }
    if (has(scanned, '', 'no-verify')) acts.push(...bypass('`--no-verify`', '`--no-verify`'))
    if (has(scanned, '', 'receive-pack', 'exec')) {
      acts.push(...bypass('un autre `receive-pack`', 'another `receive-pack`'))
    }
    return acts
  },
}

const reads = (words: readonly string[]): Rule => ({
  acts: ({positionals}, args) =>
    args.length === 0 || words.includes(String(positionals[0] ?? words[0]))
      ? []
      : [rewrites(`… ${args.join(' ')}`)],
})

const checked: Readonly<Record<string, Rule>> = {
  push: pushes,
  'send-pack': {acts: () => [act('forced-push', '`git send-pack`', '`git send-pack`')]},
  'http-push': {acts: () => [act('forced-push', '`git http-push`', '`git http-push`')]},
  'receive-pack': {acts: () => [act('forced-push', '`git receive-pack`', '`git receive-pack`')]},
  tag: {
    grammar: {
      short: 'mFu',
      long: ['message', 'file', 'local-user', 'cleanup', 'sort', 'format', 'points-at', 'trailer'],
    },
    acts: (scanned) =>
      has(scanned, 'df', 'delete', 'force')
        ? [act('tag-deletion', 'supprimer ou déplacer un tag', 'deleting or moving a tag')]
        : [],
  },
  branch: {
    grammar: {short: 'u', long: ['set-upstream-to', 'sort', 'format', 'points-at']},
    acts: (scanned) =>
      has(scanned, 'dDfmMC', 'delete', 'force', 'move') ? [rewrites('branch')] : [],
  },
  checkout: {
    grammar: {short: 'b', long: ['orphan', 'conflict', 'pathspec-from-file']},
    acts: (scanned) => (has(scanned, 'B') ? [rewrites('checkout -B')] : []),
  },
  switch: {
    grammar: {short: 'c', long: ['create', 'orphan', 'conflict']},
    acts: (scanned) => (has(scanned, 'C', 'force-create') ? [rewrites('switch -C')] : []),
  },
  worktree: {acts: (scanned) => (has(scanned, 'B') ? [rewrites('worktree add -B')] : [])},
  fetch: {
    grammar: {
      long: ['depth', 'deepen', 'shallow-since', 'upload-pack', 'refmap', 'jobs'],
      short: 'jo',
    },
    acts: (scanned) => {
      const specs = scanned.positionals.slice(1).map(String)
      // `--prune` forgets remote-tracking refs only.
      const kept = {...scanned, longs: scanned.longs.filter((option) => option !== 'prune')}
      if (
        has(
          kept,
          'fPu',
          'force',
          'prune-tags',
          'refmap',
          'update-head-ok',
          'depth',
          'unshallow',
          'stdin',
        ) ||
        specs.some((spec) => /[+:]/.test(spec))
      ) {
        return [
          act('tag-deletion', 'un fetch qui réécrit des références', 'a fetch that rewrites refs'),
        ]
      }
      return has(scanned, '', 'upload-pack')
        ? bypass('un autre `upload-pack`', 'another `upload-pack`')
        : []
    },
  },
  remote: {
    acts: ({positionals}) => {
      const [verb] = positionals
      if (verb === undefined || ['show', 'get-url', 'update'].includes(String(verb))) return []
      return bypass(
        `\`git remote ${verb}\` change le dépôt distant`,
        `\`git remote ${verb}\` changes the remote`,
      )
    },
  },
  config: {
    grammar: {short: 'ft', long: ['file', 'type', 'default', 'blob']},
    acts: (scanned) => {
      const [first, second] = scanned.positionals.map(String)
      if (has(scanned, 'l', 'get', 'get-all', 'get-regexp', 'get-urlmatch', 'get-color', 'list'))
        return []
      if (first === 'get' || first === 'list') return []
      const writes =
        has(
          scanned,
          'e',
          'unset',
          'unset-all',
          'add',
          'replace-all',
          'rename-section',
          'remove-section',
          'edit',
        ) || second !== undefined
      if (
        !writes ||
        (first !== 'set' && plainKey.test(first ?? '')) ||
        (first === 'set' && plainKey.test(second ?? ''))
      )
        return []
      return bypass(
        '`git config` change un garde-fou de git',
        '`git config` changes a guard of git',
      )
    },
  },
  'symbolic-ref': {
    grammar: {short: 'm'},
    acts: (scanned) =>
      has(scanned, 'd', 'delete') || scanned.positionals.length > 1
        ? [rewrites('symbolic-ref')]
        : [],
  },
  reflog: reads(['show', 'exists', 'list']),
  // `install` writes hooks, `migrate` rewrites history.
  lfs: reads(['ls-files', 'status', 'env', 'version', 'fetch', 'pull', 'checkout', 'fsck']),
  notes: reads(['list', 'show', 'get-ref']),
  bundle: reads(['create', 'verify', 'list-heads']),
  bisect: {
    acts: ({positionals}, args, context) =>
      positionals[0] === 'run' ? context.shellText(args.slice(1).join(' ')) : [],
  },
  submodule: {
    acts: (_scanned, args, context) => {
      const at = args.indexOf('foreach')
      if (at < 0) return []
      // Its own options come first; everything behind is the command, with its options.
      const rest = args.slice(at + 1)
      const from = rest.findIndex(
        (arg) => arg === null || !/^(-q|--quiet|--recursive|--)$/.test(arg),
      )
      const command = from < 0 ? [] : rest.slice(from)
      return context.shellText(command.includes(null) ? null : command.join(' '))
    },
  },
  gc: {
    acts: (scanned) => (has(scanned, '', 'prune') ? [rewrites('gc --prune')] : []),
  },
  repack: {acts: (scanned) => (has(scanned, 'dAa') ? [rewrites('repack')] : [])},
}
