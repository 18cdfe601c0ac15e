// The journal of the run that is open in this clone: under the git directory, where no clean, stash or
// checkout reaches it.

import {existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Terminal} from '../../base/terminal.ts'
import {fold} from '../../domain/fold.ts'
import type {RunState} from '../../domain/run.ts'
import type {Mask} from '../../guard/mask.ts'
import {openJournal, parseJournal} from '../../store/journal.ts'
import {placesOf} from '../../store/places.ts'
import type {World} from '../../store/world.ts'
import {type LiveRun, liveRun} from './live-run.ts'

interface Here {
  readonly world: World
}

/** Where that journal lies. */
export const liveFile = ({world}: Here): string =>
  join(world.repository.gitDirectory, 'postgate', 'live.jsonl')

/** The state of the run that is open in this clone; null where there is none. */
export function openRunHere(here: Here): RunState | null {
  const path = liveFile(here)
  if (!existsSync(path)) return null
  const events = parseJournal(readFileSync(path, 'utf8'), path)
  return events.length === 0 ? null : fold(events)
}

/** The bytes of that journal, as they lie there. */
export const liveText = (here: Here): string => readFileSync(liveFile(here), 'utf8')

/** Opens it to be written on; a new one where there is none. */
export function openLiveRun(
  session: Here & {readonly mask: Mask; readonly terminal: Terminal},
): LiveRun {
  const {world, mask, terminal} = session
  const {recorded} = placesOf(world)
  const journal = openJournal(liveFile(session), world.clock.now, (text) =>
    recorded(mask.mask(text)),
  )
  return liveRun(world.journal?.(journal) ?? journal, terminal)
}

/** Puts a journal that came from elsewhere in its place. */
export function restoreLive(session: Here, journal: string): void {
  const path = liveFile(session)
  mkdirSync(dirname(path), {recursive: true, mode: 0o700})
  writeFileSync(`${path}.new`, journal, {mode: 0o600, flush: true})
  renameSync(`${path}.new`, path)
}

/** Forgets a run that changed nothing. */
export function discardRun(here: Here): void {
  rmSync(liveFile(here), {force: true})
}

/** Puts the journal of an ended run aside. */
export function archiveRun(here: Here, run: string): void {
  const path = liveFile(here)
  const folder = join(dirname(path), 'runs')
  mkdirSync(folder, {recursive: true, mode: 0o700})
  if (existsSync(path)) renameSync(path, join(folder, `${run}.jsonl`))
}
