// The scenarios that are killed, each from a sandbox that is ready for it.

import {openClock} from '../../scripts/lib/sandbox/clock.ts'
import {type Bundle, bundleWithSandbox} from '../helpers/bundle-runs.ts'
import type {Story} from './matrix.ts'
import {noteResets} from './observed.ts'

const staging = ['scripts/staging.ts', '--sandbox'] as const

/** Each prepared once, in the order of what they need; `close` removes them all. */
export async function stories(
  wanted: readonly string[],
): Promise<{stories: Story[]; close: () => void}> {
  const born = await bundleWithSandbox()
  const made: Bundle[] = [born]
  await noteResets(born)
  const prepared = new Map<string, Bundle>([
    ['staging', born],
    ['freeze', born],
    ['staging-rolled-back', born],
  ])
  if (wanted.includes('production') || wanted.includes('drill')) {
    const released = born.copy()
    made.push(released)
    await must(released, [...staging])
    prepared.set('drill', released)
    if (wanted.includes('production')) {
      const ready = released.copy()
      made.push(ready)
      await must(ready, [...staging, '--rollback', 'drill'])
      ;(await openClock(ready.paths.clock, {persist: true})).advance(48 * 3_600_000)
      prepared.set('production', ready)
    }
  }
  const known: Readonly<Record<string, Omit<Story, 'prepared'>>> = {
    staging: {name: 'staging', args: staging, exit: 0, resets: 1},
    'staging-rolled-back': {
      name: 'staging-rolled-back',
      args: [...staging, '--break', 'partial-deploy'],
      exit: 1,
      resets: 1,
    },
    production: {
      name: 'production',
      args: ['scripts/production.ts', '--sandbox'],
      exit: 0,
      resets: 1,
    },
    freeze: {name: 'freeze', args: ['scripts/freeze.ts', '--sandbox'], exit: 0, resets: 0},
    drill: {name: 'drill', args: [...staging, '--rollback', 'drill'], exit: 0, resets: 1},
  }
  const found = wanted.flatMap((name) => {
    const [story, bundle] = [known[name], prepared.get(name)]
    return story === undefined || bundle === undefined ? [] : [{...story, prepared: bundle}]
  })
  return {
    stories: found,
    close: () => {
      for (const bundle of made) bundle.remove()
    },
  }
}

async function must(bundle: Bundle, args: readonly string[]): Promise<void> {
  const ran = await bundle.run(args)
  if (ran.code !== 0) throw new Error(`${args.join(' ')}: ${ran.code}\n${ran.stdout}${ran.stderr}`)
}
