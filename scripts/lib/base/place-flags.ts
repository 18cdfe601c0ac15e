// The flags that say on which project a command works: `--project DIR`, or `--sandbox` with what only it
// has. Read alike for the scenarios and for the tools beside them.

import {parseDuration} from '../domain/duration.ts'
import {shellWord} from '../words/commands.ts'
import {usage} from './flags.ts'

/** Every command has these. */
export const placeFlags = {project: {type: 'string'}, sandbox: {type: 'boolean'}} as const

export interface PlaceArguments {
  readonly sandbox: boolean
  readonly project?: string
  readonly break?: string
  readonly advanceMs?: number
}

interface Given {
  readonly sandbox?: boolean | undefined
  readonly project?: string | undefined
  readonly break?: string | undefined
  readonly advance?: string | undefined
}

/** Throws a `Problem` (2) for flags that do not go together. */
export function placeArguments({
  sandbox = false,
  project,
  advance,
  ...given
}: Given): PlaceArguments {
  if (sandbox && project !== undefined) {
    throw usage('--sandbox, --project', {
      fr: 'l’un ou l’autre : le bac à sable est un projet à lui seul',
      en: 'one or the other: the sandbox is a project of its own',
    })
  }
  if (!sandbox && (given.break !== undefined || advance !== undefined)) {
    throw usage('--break, --advance', {
      fr: 'ils n’existent qu’avec --sandbox',
      en: 'they exist with --sandbox only',
    })
  }
  const advanceMs = advance === undefined ? undefined : parseDuration(advance)
  if (advance !== undefined && advanceMs === undefined) {
    throw usage(`--advance ${advance}`, {
      fr: 'une durée s’écrit 90s, 30m, 48h ou 7d',
      en: 'a duration is written 90s, 30m, 48h or 7d',
    })
  }
  return {
    sandbox,
    ...(project !== undefined && {project}),
    ...(given.break !== undefined && {break: given.break}),
    ...(advanceMs !== undefined && {advanceMs}),
  }
}

/** ` --sandbox` or ` --project DIR` as a shell reads them; nothing where neither was given. */
export function flagsOf({sandbox, project}: Pick<PlaceArguments, 'sandbox' | 'project'>): string {
  if (sandbox) return ' --sandbox'
  return project === undefined ? '' : ` --project ${shellWord(project)}`
}
