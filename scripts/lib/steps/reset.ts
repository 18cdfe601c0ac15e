// Phase 2 of STAGING: the one command that drops a schema, behind both of its guards.

import {existsSync} from 'node:fs'
import {join, resolve} from 'node:path'
import type {Project} from '../domain/project.ts'
import type {Text} from '../domain/text.ts'
import {type Command, type Effect, effect} from '../guard/effect.ts'
import type {Shell} from '../guard/shell.ts'
import type {Context} from '../kit/context.ts'
import {withoutDatabase} from '../proofs/database.ts'
import {placesOf} from '../store/places.ts'
import {backupEffect} from './checkpoint.ts'

/**
 * Step `reset-database`, `act`: on a machine where the run's backup does not lie, one is made first; nothing
 * where the project has no database.
 */
export async function resetEffects(context: Context): Promise<readonly Effect[]> {
  if (withoutDatabase(context) !== null) return []
  const backup = context.fact('backup')
  const reset = [await resetCommand(context), ...ownProof(context)]
  if (backup === undefined || existsSync(placesOf(context.world).found(backup.path))) return reset
  const left = Date.parse(backup.keepUntil) - context.world.clock.now().getTime()
  return [backupEffect(context, {keep: Math.max(0, left)}), ...reset]
}

/** Postgate's own reset proves the schema before it commits; what another script left is proved after it. */
function ownProof(context: Context): readonly Effect[] {
  if (context.project.database?.reset === undefined) return []
  return [
    effect(
      {
        fr: 'comparer ce qu’il a laissé au schéma de PROD, reconstruit à sa place dans une transaction annulée',
        en: 'compare what it left with the shape of PROD, built in its place in a transaction that is rolled back',
      },
      async () => {
        const database = await context.adapters.database()
        await database.proveShape({
          run: context.run().run,
          at: context.world.clock.now().toISOString(),
          checkpoint: context.worktree(),
        })
      },
    ),
  ]
}

/** Postgate's own reset, or the script that `database.reset` names, as it stands in the checkpoint. */
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
  const own = project.database?.reset !== undefined
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
    cwd: own && !dryRun ? worktree() : world.bundle,
    env: {
      ...values,
      POSTGATE_PROJECT: world.project,
      POSTGATE_WORKTREE: dryRun ? '' : worktree(),
      POSTGATE_COMMIT: checkpoint.commit,
      POSTGATE_RUN: run().run,
      POSTGATE_AT: world.clock.now().toISOString(),
      // Read where it lies: it is never copied into the checkpoint's folder.
      ...(own && {POSTGATE_ENV_FILE: resolve(world.project, project.environments.staging.envFile)}),
    },
  })
  return {...resetScript(reset, project), note: whoseReset(project)}
}

/** The one command, with both guards on its line; lint compares it with the runbook. */
export const resetScript = ($: Shell, project: Pick<Project, 'database'>): Command =>
  $`CONFIRM_STAGING_RESET=I_UNDERSTAND_THIS_WILL_DROP_PUBLIC ALLOW_STAGING_RESET=true ${scriptPath(project)}`

const scriptPath = ({database}: Pick<Project, 'database'>) =>
  `./${database?.reset ?? 'scripts/reset_staging.sh'}`

/** Whose script it is that the command runs. */
export const whoseReset = (project: Pick<Project, 'database'>): Text =>
  project.database?.reset === undefined
    ? {
        fr: 'script de Postgate (database.reset n’en nomme pas d’autre)',
        en: 'Postgate’s own script (database.reset names no other)',
      }
    : {
        fr: `script du projet, tel qu’il est dans le checkpoint (database.reset : ${project.database.reset})`,
        en: `the project’s script, as it stands in the checkpoint (database.reset: ${project.database.reset})`,
      }

/** A script of the usual name that lies in the project and that nothing names: null where there is none. */
export function unusedScript(
  {database}: Pick<Project, 'database'>,
  {root, bundle}: {readonly root: string; readonly bundle: string},
): Text | null {
  const usual = 'scripts/reset_staging.sh'
  // Where the bundle lies in the project's own root, that script is Postgate's.
  if (database?.reset !== undefined || root === bundle || !existsSync(join(root, usual)))
    return null
  return {
    fr: `${usual} du projet ne sert pas : le nommer dans postgate.yaml (database.reset) pour qu’il serve`,
    en: `the project’s ${usual} is not used: name it in postgate.yaml (database.reset) if it should be`,
  }
}
