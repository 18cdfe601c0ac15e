// What single git subcommands may not do: each rule reads the options of one, and names what it would break.

import type {ForbiddenAct, RuleName} from './act.ts'
import {type Arg, has, type Scanned, type scan} from './options.ts'
import {bypass} from './words.ts'

export interface GitContext {
  /** Looks through a shell text that git would run. */
  readonly shellText: (text: Arg) => readonly ForbiddenAct[]
}

const act = (rule: RuleName, fr: string, en: string): ForbiddenAct => ({rule, why: {fr, en}})

/** Keys that `-c` and `git config` may set; any other could switch something off or run something. */
export const plainKey =
  /^(user\.(name|email)|color\.|advice\.|log\.|core\.quotepath|init\.defaultbranch|safe\.directory|gc\.auto$)/i

export interface Rule {
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

/** By subcommand; one that is not here is harmless as a whole, rewrites, or is not known. */
export const rules: Readonly<Record<string, Rule>> = {
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

export const rewrites = (name: string, args: readonly Arg[] = []): ForbiddenAct =>
  args.some((arg) => arg?.includes('refs/tags/'))
    ? act('tag-deletion', `\`git ${name}\` sur un tag`, `\`git ${name}\` on a tag`)
    : act(
        'code-change-without-gate',
        `\`git ${name}\` change le code ou réécrit l’histoire sans nouveau Release Gate`,
        `\`git ${name}\` changes code or rewrites history without a new Release Gate`,
      )
