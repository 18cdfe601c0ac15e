// Whether a name can be a ref's: what could carry a suffix (`^`, `~`, `@{`) or a pattern cannot.

import type {Git} from './run.ts'

// Ordinary names need no process to be recognised: parts of letters, digits, `_` and `-`, joined by
// one `/` or one dot. Everything else is git's to judge.
const ordinary = /^refs(\/[\w-]+(\.[\w-]+)*)+$/

/** `ref`: a full name, `refs/...`. */
export const isRefName = async (git: Git, ref: string): Promise<boolean> =>
  (ordinary.test(ref) && !/\.lock(\/|$)/.test(ref) && !/\/-/.test(ref)) ||
  (await git.attempt(['check-ref-format', ref])).exitCode === 0
