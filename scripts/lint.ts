#!/usr/bin/env -S npx zx
// Proves that runbooks, templates and scripts agree, both ways. 0: they do; 2: each finding with its place.

import {scriptArguments} from './lib/base/entry.ts'
import {exitWith} from './lib/run/main.ts'

await exitWith(async () => {
  const {lintArguments} = await import('./lint/arguments.ts')
  const args = lintArguments(scriptArguments())
  if (args.help) {
    const {lintHelp} = await import('./lib/words/lint.ts')
    process.stdout.write(lintHelp(args.lang))
    return 0
  }
  const {lint} = await import('./lint/lint.ts')
  return lint(args)
})
