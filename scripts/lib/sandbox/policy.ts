// The bundle's runbooks and templates in the project: copied when the bundle's change, merged with what
// runs (history rows) and people have written into the project's since.

import {execFile} from 'node:child_process'
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {replaceFile, textOf} from './file.ts'
import {commitOnMain, onMain} from './git.ts'
import type {SandboxPaths} from './paths.ts'
import {releaseManager, withPeople} from './people.ts'

/** The sandbox has its own signers: the bundle's example would replace them. */
const own = 'runbooks/allowed_signers'

/** The bundle's policy by path, as the project is to hold it. */
export async function bundlePolicy(bundle: string): Promise<Map<string, string>> {
  const {globby} = await import('globby')
  const names = await globby(['runbooks/**', 'templates/**'], {cwd: bundle, dot: true})
  const texts = await Promise.all(
    names.sort().map(async (name): Promise<[string, string]> => {
      const text = await readFile(join(bundle, name), 'utf8')
      return [name, name === 'runbooks/decision.md' ? withPeople(text) : text]
    }),
  )
  return new Map(texts.filter(([name]) => name !== own))
}

/** Which of the bundle's files changed since they were last copied; null: the bundle dropped it. */
export async function changedPolicy(
  bundle: string,
  paths: SandboxPaths,
): Promise<Map<string, string | null>> {
  const {globby} = await import('globby')
  const present = await bundlePolicy(bundle)
  const changed = new Map<string, string | null>()
  for (const [path, text] of present) {
    if ((await textOf(join(paths.policy, path))) !== text) changed.set(path, text)
  }
  for (const path of await globby('**', {cwd: paths.policy, dot: true})) {
    if (!present.has(path)) changed.set(path, null)
  }
  return changed
}

/** Brings the project's main up to the bundle's policy in one commit. True where it changed. */
export async function copyPolicy(input: {
  bundle: string
  paths: SandboxPaths
  now: Date
}): Promise<boolean> {
  const {paths} = input
  const {changed, files} = await pendingPolicy(input)
  if (files.size > 0) {
    await commitOnMain({
      project: paths.project,
      files,
      message: 'SANDBOX : runbooks et modèles du paquet',
      author: releaseManager,
      at: input.now,
    })
  }
  // Last: a kill before this makes the next start merge once more, to the same text.
  for (const [path, text] of changed) await keep(paths, path, text)
  return files.size > 0
}

/** What the next copy would write, by path; null: it would remove the file. Writes nothing itself. */
export async function pendingPolicy({bundle, paths}: {bundle: string; paths: SandboxPaths}) {
  const changed = await changedPolicy(bundle, paths)
  const files = new Map<string, string | null>()
  for (const [path, text] of changed) {
    const current = await onMain(paths.project, path)
    const base = await textOf(join(paths.policy, path))
    const next = text === null || current === null ? text : await merge({current, base, text})
    if (next !== current) files.set(path, next)
  }
  return {changed, files}
}

/** Remembers what was copied. */
export async function keep(paths: SandboxPaths, path: string, text: string | null): Promise<void> {
  const file = join(paths.policy, path)
  if (text === null) return rm(file, {force: true})
  await mkdir(dirname(file), {recursive: true})
  replaceFile(file, text)
}

/** Three-way; where both changed the same lines the bundle's win. */
async function merge(input: {current: string; base: string | null; text: string}): Promise<string> {
  const {current, base, text} = input
  if (base === null || current === base) return text
  const folder = await mkdtemp(join(tmpdir(), 'postgate-merge-'))
  try {
    const files = {current, base, text}
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(folder, name), content)
    }
    return await new Promise<string>((resolve, reject) => {
      execFile(
        'git',
        ['merge-file', '--stdout', '--theirs', 'current', 'base', 'text'],
        {cwd: folder, maxBuffer: 1 << 26},
        (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
      )
    })
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}
