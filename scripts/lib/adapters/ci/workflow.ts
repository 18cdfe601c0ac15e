// Finds the nightly's workflow by what it is, a file with a `schedule:`, since its name is anybody's guess.

import {problem} from '../../domain/problem.ts'
import type {Repository} from '../../store/git/repository.ts'

const folder = '.github/workflows'

/** The file name of the one scheduled workflow on main. Throws a `Problem` (3) where there is none or several. */
export async function scheduledWorkflow(repository: Repository): Promise<string> {
  const main = await repository.remoteMain()
  const commit = main === null ? null : await repository.fetchCommit(main.sha)
  const paths = commit === null ? [] : await repository.listFiles(commit, folder)
  const scheduled: string[] = []
  for (const path of paths.filter((each) => /^[^/]+\.ya?ml$/.test(each.slice(folder.length + 1)))) {
    const source = commit === null ? null : await repository.showFile(commit, path)
    if (source !== null && (await hasSchedule(source)))
      scheduled.push(path.slice(folder.length + 1))
  }
  const named = scheduled.filter((name) => /night|nuit/i.test(name))
  const [only, ...others] = named.length > 0 ? named : scheduled
  if (only !== undefined && others.length === 0) return only
  throw problem({
    what:
      only === undefined
        ? {
            fr: 'Aucun workflow planifié (schedule:) sur la branche principale.',
            en: 'No scheduled workflow (schedule:) on the main branch.',
          }
        : {
            fr: `Plusieurs workflows planifiés : ${scheduled.join(', ')}.`,
            en: `Several scheduled workflows: ${scheduled.join(', ')}.`,
          },
    next: {
      fr: 'nommer la nightly dans postgate.yaml, sous ci.workflow',
      en: 'name the nightly in postgate.yaml, under ci.workflow',
    },
    exit: 3,
  })
}

async function hasSchedule(source: string): Promise<boolean> {
  const {parse} = await import('yaml')
  try {
    const parsed: unknown = parse(source)
    const on = entry(parsed, 'on')
    return (
      on === 'schedule' ||
      (Array.isArray(on) && on.includes('schedule')) ||
      entry(on, 'schedule') !== undefined
    )
  } catch {
    // A workflow that cannot be read does not run either.
    return false
  }
}

const entry = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
