// Phase 2 of STAGING: the one command that drops a schema, behind both of its guards.

import {existsSync} from 'node:fs'
import {join} from 'node:path'
import type {Command, Effect} from '../guard/effect.ts'
import type {Shell} from '../guard/shell.ts'
import type {Context} from '../kit/context.ts'
import {withoutDatabase} from '../proofs/without-database.ts'
import {placesOf} from '../store/places.ts'
import {backupEffect} from './checkpoint.ts'

/**
 * Step `reset-database`, `act`: on a machine where the run's backup does not lie, one is made first; nothing
 * where the project has no database.
 */
export async function resetEffects(context: Context): Promise<readonly Effect[]> {
  if (withoutDatabase(context) !== null) return []
  const backup = context.fact('backup')
  const reset = await resetCommand(context)
  if (backup === undefined || existsSync(placesOf(context.world).found(backup.path))) return [reset]
  const left = Date.parse(backup.keepUntil) - context.world.clock.now().getTime()
  return [backupEffect(context, {keep: Math.max(0, left)}), reset]
}

/** The project's own script comes first, as it stands in the checkpoint. */
export async function resetCommand({
  $,
  run,
  world,
  worktree,
  env,
  dryRun,
  checkpoint,
  project,
}: Context): Promise<Command> {
  const staging = await env('staging')
  const own = !dryRun && hasOwnScript(worktree())
  const keys = project.environments.staging.database
  const values = Object.fromEntries(
    [keys?.url, keys?.ref]
      .flatMap((key) => (key ?? '').split('|'))
      .flatMap((key) => {
        const value = staging.get(key)
        return value === undefined ? [] : [[key, value] as const]
      }),
  )
  const reset = $.with({
    cwd: own ? worktree() : world.bundle,
    env: {
      ...values,
      POSTGATE_PROJECT: world.project,
      POSTGATE_WORKTREE: dryRun ? '' : worktree(),
      POSTGATE_COMMIT: checkpoint.commit,
      POSTGATE_RUN: run().run,
      POSTGATE_AT: world.clock.now().toISOString(),
    },
  })
  return resetScript(reset)
}

/** A project's own script takes precedence; it leaves no mark of ours in the database. */
export const hasOwnScript = (worktree: string): boolean =>
  existsSync(join(worktree, 'scripts/reset_staging.sh'))

/** The one command, with both guards on its line; lint compares it with the runbook. */
export const resetScript = ($: Shell): Command =>
  $`CONFIRM_STAGING_RESET=I_UNDERSTAND_THIS_WILL_DROP_PUBLIC ALLOW_STAGING_RESET=true ./scripts/reset_staging.sh`
