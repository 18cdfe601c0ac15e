// The project's own command that empties the caches before a host, right after each switch. What is
// served afterwards is proven by the bytes: a purge that fails is told, and decides nothing.

import type {Effect} from '../guard/effect.ts'
import type {Context} from '../kit/context.ts'

/** None where `purge:` names no command; the runbook has to list the same words. */
export async function purgeEffects(context: Context): Promise<readonly Effect[]> {
  const {purge, purgeKeys} = context.settings()
  if (purge === undefined) return []
  const words = purge.split(' ')
  return [
    context.$.with({
      cwd: context.world.project,
      env: await variables(context, purgeKeys),
    })`${words}`,
  ]
}

/** Those that have a value. Going back is locked by nothing: not by an env file that cannot be read either. */
async function variables(context: Context, names: readonly string[]) {
  if (names.length === 0) return {}
  const env = await context.env(context.environment ?? 'staging').catch(() => null)
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = context.world.environment[name] || env?.get(name)
      return value ? [[name, value] as const] : []
    }),
  )
}
