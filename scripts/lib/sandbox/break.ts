// The break of one command: applied on top of a healthy sandbox, undone at the command's end, or at
// the next start where it was killed.

import {applyBreak, type BreakContext, readBreak, undoBreak} from './break-effects.ts'
import {breakNamed, breaks} from './breaks.ts'
import type {SandboxClock} from './clock.ts'
import {createFaults, type Faults, noFaults, releaseIds} from './services/faults.ts'

/** Undoes what a killed command left broken, unless it is the break that is asked for again. */
export async function breakOf(
  context: BreakContext,
  name: string | undefined,
  clock: SandboxClock,
): Promise<{faults: Faults; undo: () => Promise<void>}> {
  const {paths} = context
  const left = await readBreak(paths.broken)
  if (left !== null && left.name !== name) await undoBreak(context)
  const plan = name === undefined ? undefined : breaks[breakNamed(name)]
  if (name === undefined || plan === undefined) return {faults: noFaults, undo: async () => {}}
  const again = left?.name === name ? left : null
  const record = again ?? {
    name,
    known: {
      staging: await releaseIds(paths.hosting.staging),
      production: await releaseIds(paths.hosting.production),
    },
    effects: [...(await plan(context))],
  }
  await applyBreak(context, record)
  const faults = createFaults({
    name,
    roots: paths.hosting,
    known: record.known,
    waited: clock.waited,
  })
  if (name === 'no-data') {
    // The machine sleeps through most of the watch: too few looks, whatever they see.
    clock.stretch((ms) => (faults.newIsLive('production') ? Math.max(ms, 20 * 60_000) : ms))
  }
  return {faults, undo: () => undoBreak(context)}
}
