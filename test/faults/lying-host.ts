// The folder adapter with something changed: what it does is done by the real one, around which the
// lies are told.

import {effect} from '../../scripts/lib/guard/effect.ts'
import type {Catalogue} from '../../scripts/lib/kit/catalogue.ts'
import type {Hosting, HostingAdapter} from '../../scripts/lib/kit/ports/hosting.ts'
import type {Lies} from './stage.ts'

export type Act = () => Promise<void>
type How = (act: Act) => Promise<void>

export const lying = (change: (real: Hosting) => Partial<Hosting>): Lies => ({
  catalogue: (real: Catalogue) => ({
    hosting: {
      ...real.hosting,
      folder: async () => {
        const make = await real.hosting.folder?.()
        if (make === undefined) throw new Error('no folder adapter')
        return Object.assign(
          (...given: Parameters<HostingAdapter>) => {
            const hosting = make(...given)
            return {...hosting, ...change(hosting)}
          },
          {sample: make.sample},
        )
      },
    },
  }),
})

export const deploying = (how: How): Lies =>
  lying((real) => ({deploy: (artifact) => around(real.deploy(artifact), how)}))

export const restoring = (how: How): Lies =>
  lying((real) => ({restore: (id: string) => around(real.restore?.(id) ?? [], how)}))

export function around(effects: ReturnType<Hosting['deploy']>, how: How) {
  return [effects]
    .flat()
    .map((each) =>
      each.kind === 'code' ? effect(each.describe, () => how(() => each.run())) : each,
    )
}

/** The deployment happens, and something else right behind it, before anybody looks. */
export const duringDeployment = (happens: () => void | Promise<void>): Lies =>
  deploying(async (act) => {
    await act()
    await happens()
  })
