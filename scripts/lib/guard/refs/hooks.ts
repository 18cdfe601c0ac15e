// Layer 3: git hooks for every child process, whatever script a command calls. They refuse to move
// or delete validated tags and to move main other than forward; the project's own hooks still run.

import {createHash} from 'node:crypto'
import {chmodSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {linesOf, unmovedGit} from './git.ts'

export interface HooksOptions {
  /** Any folder of the repository (a worktree will do). */
  readonly repository: string
  /** A private folder to write into; made with mode 0700. Its content is overwritten. */
  readonly folder: string
  /** The branch that may only fast-forward, e.g. `main`. */
  readonly main: string
  /** Names of tags, without `refs/tags/`. */
  readonly validatedTags: readonly string[]
  /** The repository as it was just seen: its common git directory, and at least the validated tags. */
  readonly seen?: {readonly common: string; readonly refs: Readonly<Record<string, string>>}
  /** The environment that the children start from; its own GIT_CONFIG_* entries are kept. */
  readonly base?: Readonly<Record<string, string | undefined>>
}

export interface Hooks {
  readonly folder: string
  /** For every child process, above everything else. */
  readonly environment: Readonly<Record<string, string>>
  /** Whether the folder still is as it was written. */
  readonly intact: () => boolean
}

// Every hook of git: those that guard nothing only hand over to the project's own.
const names = (
  'applypatch-msg commit-msg fsmonitor-watchman post-applypatch post-checkout post-commit ' +
  'post-index-change post-merge post-rewrite pre-applypatch pre-auto-gc pre-commit pre-merge-commit ' +
  'pre-push pre-rebase prepare-commit-msg push-to-checkout reference-transaction sendemail-validate'
).split(' ')

/** Writes the hooks and says with which variables git finds them. */
export async function prepareHooks(options: HooksOptions): Promise<Hooks> {
  const {repository, folder, main, validatedTags, base = {}} = options
  const {common, refs} = options.seen ?? (await seenNow(repository, options.base))
  mkdirSync(folder, {recursive: true, mode: 0o700})
  chmodSync(folder, 0o700)
  const tags = validatedTags.map((tag) => {
    const ref = `refs/tags/${tag}`
    return `tag ${ref} ${refs[ref] ?? 'absent'}`
  })
  const count = Number(base.GIT_CONFIG_COUNT ?? 0) || 0
  const settings = [
    `repository ${realpathSync(common.trim())}`,
    `main refs/heads/${main}`,
    `count ${count}`,
    ...tags,
  ]
  const files = new Map([['protected', `${settings.join('\n')}\n`]])
  for (const name of names) files.set(name, script)
  for (const [name, content] of files) {
    const path = join(folder, name)
    writeFileSync(path, content, {mode: 0o700})
    chmodSync(path, 0o700)
  }
  const written = digest(folder)
  const kept = Object.entries(base).filter(([name]) => /^GIT_CONFIG_(KEY|VALUE)_\d+$/.test(name))
  const environment: Record<string, string> = {}
  for (const [name, value] of kept) if (value !== undefined) environment[name] = value
  environment[`GIT_CONFIG_KEY_${count}`] = 'core.hooksPath'
  environment[`GIT_CONFIG_VALUE_${count}`] = folder
  environment.GIT_CONFIG_COUNT = String(count + 1)
  // A question would wait for ever: there is no terminal behind a step.
  environment.GIT_TERMINAL_PROMPT = '0'
  return {folder, environment, intact: () => digest(folder) === written}
}

async function seenNow(repository: string, base: HooksOptions['base']) {
  const git = unmovedGit(repository, base)
  const listed = await linesOf(git, [
    'for-each-ref',
    '--format=%(refname) %(objectname)',
    'refs/tags',
  ])
  return {
    common: await git.text(['rev-parse', '--path-format=absolute', '--git-common-dir']),
    refs: Object.fromEntries(
      listed.map((line): [string, string] => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']),
    ),
  }
}

function digest(folder: string): string {
  const hash = createHash('sha256')
  try {
    for (const name of readdirSync(folder).sort()) {
      hash
        .update(`${name}\0`)
        .update(readFileSync(join(folder, name)))
        .update('\0')
    }
  } catch {
    return 'unreadable'
  }
  return hash.digest('hex')
}

// POSIX sh. In `prepared`, a non-zero exit aborts the whole update. pack-refs and gc move no value,
// fetch and new tags are other refs, so neither is in the way.
const script = `#!/bin/sh
# Written by Postgate for one run: protects main and the validated tags.
name=$(basename "$0")
here=$(cd "$(dirname "$0")" && pwd -P)

refuse() {
  echo "postgate: $1" >&2
  exit 1
}

value() {
  sed -n "s/^$1 //p" "$here/protected"
}

is_zero() {
  case $1 in *[!0]*) return 1 ;; esac
}

# $1 old commit, $2 new commit: the new one contains the old one.
forward() {
  GIT_NO_REPLACE_OBJECTS=1 GIT_GRAFT_FILE=/dev/null git merge-base --is-ancestor "$1" "$2" 2>/dev/null
}

# Older gits announce the pruning of a packed ref's loose file as a deletion. It is one only while
# packed-refs, which nobody rewrites just now, goes on holding the value.
pruned() {
  [ -e "$common/packed-refs.new" ] && return 1
  [ -e "$common/packed-refs.lock" ] && return 1
  grep -qxF "$1 $2" "$common/packed-refs" 2>/dev/null
}

# Lines "new ref" of the protected refs, on stdin "old new ref".
touched() {
  awk 'FNR == NR { if ($1 == "tag" || $1 == "main") kept[$2] = 1; next } $3 in kept { print $2, $3 }' \\
    "$here/protected" -
}

transaction() {
  common=$(git rev-parse --path-format=absolute --git-common-dir) || return 0
  common=$(cd "$common" && pwd -P)
  [ "$common" = "$(value repository)" ] || return 0
  printf '%s\\n' "$input" | touched | while read -r new ref; do
    now=$(git rev-parse --quiet --verify "$ref") || continue
    [ "$now" = "$new" ] && continue
    is_zero "$new" && pruned "$now" "$ref" && continue
    case $ref in
      refs/tags/*) refuse "the validated tag $ref may not move or vanish" ;;
    esac
    is_zero "$new" && refuse "$ref may not be deleted"
    forward "$now" "$new" || refuse "$ref may only move forward"
  done
}

push() {
  printf '%s\\n' "$input" | while read -r _ new ref old; do
    [ -n "$ref" ] || continue
    is_zero "$old" && continue
    [ "$old" = "$new" ] && continue
    if [ "$ref" = "$(value main)" ]; then
      is_zero "$new" && refuse "$ref of the remote may not be deleted"
      forward "$old" "$new" || refuse "$ref of the remote may only move forward"
    elif grep -qF "tag $ref " "$here/protected"; then
      refuse "the validated tag $ref of the remote may not move or vanish"
    fi
  done
}

input=
case $name in
  reference-transaction)
    input=$(cat)
    if [ "$1" = prepared ]; then transaction || exit 1; fi
    ;;
  pre-push)
    input=$(cat)
    push || exit 1
    ;;
esac

# The project's own hook, where it has one.
count=$(value count)
own=$(GIT_CONFIG_COUNT=$count git config --type=path --get core.hooksPath) ||
  own=$(git rev-parse --path-format=absolute --git-common-dir 2>/dev/null)/hooks
case $own in
  /*) ;;
  *) own=$(git rev-parse --show-toplevel 2>/dev/null)/$own ;;
esac
[ "$(cd "$own" 2>/dev/null && pwd -P)" = "$here" ] && exit 0
[ -x "$own/$name" ] || exit 0
case $name in
  reference-transaction | pre-push) printf '%s\\n' "$input" | "$own/$name" "$@" ;;
  *) exec "$own/$name" "$@" ;;
esac
`
