// The journal that a take-over goes on with. What the lease carries was sent at its last push; the same
// journal may have gone on since: in this very clone, where it was its own run, or in the run's documents,
// where the machine died between their push and the end.

import {existsSync} from 'node:fs'
import {documentNames} from '../../domain/document-names.ts'
import {fold} from '../../domain/fold.ts'
import {Problem} from '../../domain/problem.ts'
import {committedFor} from '../../store/git/documents-commit.ts'
import {parseJournal} from '../../store/journal.ts'
import type {World} from '../../store/world.ts'
import {archiveRun, liveFile, liveText} from './live-file.ts'

interface Here {
  readonly world: World
}

/** Of those that continue `sent` the longest. Another run's journal that lies in its place is put aside. */
export async function furthestJournal(here: Here, sent: string): Promise<string> {
  const own = existsSync(liveFile(here)) ? liveText(here) : null
  const journal = [own, await committedJournal(here, sent)].reduce<string>(
    (best, text) => (text?.startsWith(best) && runOf(text) !== null ? text : best),
    sent,
  )
  if (own !== null && !journal.startsWith(own))
    archiveRun(here, `${runOf(own) ?? runOf(sent)}.lost`)
  return journal
}

async function committedJournal({world}: Here, sent: string): Promise<string | null> {
  const {repository} = world
  const state = fold(parseJournal(sent, 'lease'))
  const {run, started} = state
  const commit = await committedFor({
    ...{repository, run},
    ...(started.main !== '' && {since: started.main}),
  })
  if (commit === null) return null
  return repository.showFile(commit, `${documentNames(state).folder}/journal.jsonl`)
}

/** null: it is damaged, or holds nothing. */
function runOf(text: string): string | null {
  try {
    const events = parseJournal(text, 'journal')
    return events.length === 0 ? null : fold(events).run
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}
