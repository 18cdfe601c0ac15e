// Plays the faults of one area, one after another, and tells what came of each.

import {areas} from './areas.ts'
import {survive} from './fault.ts'

export interface Told {
  readonly fault: string
  /** null: survived. */
  readonly why: string | null
}

export async function play(area: string, part = ''): Promise<Told[]> {
  const load = areas[area]
  if (load === undefined) throw new Error(`no area ${area}`)
  const told: Told[] = []
  for (const fault of await load()) {
    if (!fault.name.includes(part)) continue
    const began = performance.now()
    const why = await survive(fault).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    told.push({fault: fault.name, why})
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    console.log(`  ${why === null ? '✔' : '✘'} ${seconds.padStart(5)} s  ${area}: ${fault.name}`)
  }
  if (area === 'database') await (await import('./database.ts')).close()
  return told
}
