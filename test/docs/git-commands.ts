// The engine's own git commands, read from the sources: which file runs which, and what it writes. They do
// not pass the guard's first layer, so the list of them is fixed and shown.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {globbySync} from 'globby'

const writing: Readonly<Record<string, string>> = {
  'commit-tree': 'objects',
  fetch: 'objects (no ref)',
  'hash-object': 'objects (with `-w`)',
  merge: 'the branch that is checked out, forwards only',
  mktag: 'objects',
  mktree: 'objects',
  push: 'the remote',
  'read-tree': 'a private index',
  'update-index': 'a private index',
  'update-ref': 'local refs',
  worktree: 'worktrees under the cache',
  'write-tree': 'objects',
}
const reading = [
  ...['cat-file', 'check-ignore', 'check-ref-format', 'config', 'diff', 'for-each-ref', 'log'],
  ...[
    'ls-files',
    'ls-remote',
    'ls-tree',
    'merge-base',
    'rev-list',
    'rev-parse',
    'status',
    'show',
    'symbolic-ref',
    'remote',
  ],
]
const call = new RegExp(
  `\\[\\s*'(${[...Object.keys(writing), ...reading].join('|')})'(?=,\\s*['\`.a-z]|\\])`,
  'g',
)

/** A Markdown table: command, what it writes, the files that it stands in. */
export function gitCommands(root: string): string {
  // The sandbox has a git of its own; the views and the guard's rules name commands, and run none.
  const others = ['!scripts/lib/{sandbox,domain,guard/forbidden}/**']
  const files = globbySync(['scripts/lib/**/*.ts', ...others], {cwd: root}).sort()
  const places = new Map<string, Set<string>>()
  for (const path of files) {
    for (const [, verb = ''] of readFileSync(join(root, path), 'utf8').matchAll(call)) {
      places.set(verb, (places.get(verb) ?? new Set()).add(path))
    }
  }
  const row = (verb: string, what: string) => {
    const found = [...(places.get(verb) ?? [])].map(
      (path) => `[${path.replace('scripts/lib/', '')}](../${path})`,
    )
    return found.length === 0 ? [] : [`| \`git ${verb}\` | ${what} | ${found.join(', ')} |`]
  }
  return [
    '| Command | Writes | Stands in |',
    '| --- | --- | --- |',
    ...Object.entries(writing).flatMap(([verb, what]) => row(verb, what)),
    ...reading.flatMap((verb) => row(verb, 'nothing')),
  ].join('\n')
}
