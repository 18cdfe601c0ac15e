// Builds the checkpoint in its worktree. The public values live in a private file for as long as the
// build does; whether it worked is read from what it left, never from an exit code.

import {stat} from 'node:fs/promises'
import {join} from 'node:path'
import {definesPath, publicDefines, removeDefines, writeDefines} from '../artifact/defines.ts'
import type {Environment} from '../domain/event.ts'
import {Problem} from '../domain/problem.ts'
import type {Text} from '../domain/text.ts'
import {fail, type Judgement, pass} from '../domain/verdict.ts'
import {fullVersion, type ReleaseVersion, versionOf} from '../domain/version.ts'
import {type Effect, effect} from '../guard/effect.ts'
import type {Context} from '../kit/context.ts'
import {sourcesUntouched} from '../run/stepping/worktrees.ts'
import {gitIn} from '../store/git/run.ts'
import {shortList} from '../words/observed.ts'

/** The version that a checkpoint carries, whichever machine builds it; this run's, unless another is given. */
export async function releaseVersion(
  context: Context,
  {commit, tag}: {commit: string; tag: string} = context.checkpoint,
): Promise<ReleaseVersion> {
  const git = gitIn(context.world.project, context.world.environment)
  const seconds = await git.text(['show', '-s', '--format=%ct', commit])
  return versionOf({tag, commitDate: new Date(Number(seconds) * 1000)})
}

/** Step `build`, `act`. */
export const buildEffects = async (context: Context): Promise<readonly Effect[]> =>
  buildIn(context, {folder: context.worktree(), version: await releaseVersion(context)})

/** Builds what lies in `folder` with this environment's public values. */
export async function buildIn(
  context: Context,
  {folder, version}: {folder: string; version: ReleaseVersion},
): Promise<readonly Effect[]> {
  const environment = context.environment ?? 'staging'
  const file = definesPath(context.world.cache, environment)
  const names = Object.keys(context.settings().defines)
  const builder = await context.adapters.builder()
  const built = builder.build({
    ...{folder, definesFile: file, ...version},
    defines: await readable(context, environment),
  })
  return [
    effect(
      {
        fr: `écrire les valeurs publiques (${names.join(', ') || 'aucune'}) dans un fichier privé`,
        en: `write the public values (${names.join(', ') || 'none'}) to a private file`,
      },
      async () => {
        const env = await context.env(environment)
        await writeDefines(file, publicDefines(env, context.settings().defines))
      },
    ),
    ...(isMany(built) ? built : [built]),
    effect({fr: 'supprimer ce fichier', en: 'remove that file'}, () => removeDefines(file)),
  ]
}

/** None where some are missing or secret: the effect that writes them says so. */
async function readable(
  context: Context,
  environment: Environment,
): Promise<Readonly<Record<string, string>>> {
  try {
    return publicDefines(await context.env(environment), context.settings().defines)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return {}
  }
}

/** Step `build`, `done`: the entry files are there, and the version in them is this checkpoint's. */
export async function built(context: Context): Promise<Judgement> {
  // A build that failed or was killed leaves the file behind.
  await removeDefines(definesPath(context.world.cache, context.environment ?? 'staging'))
  const builder = await context.adapters.builder()
  const folder = join(context.worktree(), builder.output)
  const missing: Text[] = []
  for (const entry of builder.entries) {
    const size = await stat(join(folder, entry)).then(
      (found) => found.size,
      () => 0,
    )
    if (size === 0) missing.push(entry)
  }
  if (missing.length > 0) {
    const names = shortList(missing, 3)
    return fail(
      typeof names === 'string'
        ? names
        : {
            fr: `rien de complet dans ${builder.output} : il manque ${names.fr}`,
            en: `nothing complete in ${builder.output}: ${names.en} missing`,
          },
    )
  }
  // A build that rewrites its sources made something else than the checkpoint.
  const sources = await sourcesUntouched(context)
  if (sources.verdict !== 'pass') return sources
  const expected = await releaseVersion(context)
  const found = await builder.versionOf(folder)
  if (found !== null && found !== fullVersion(expected) && found !== expected.version) {
    return fail({
      fr: `version ${found} au lieu de ${fullVersion(expected)}`,
      en: `version ${found} instead of ${fullVersion(expected)}`,
    })
  }
  return pass(`${builder.product}, ${found ?? fullVersion(expected)}`)
}

const isMany = (effects: Effect | readonly Effect[]): effects is readonly Effect[] =>
  Array.isArray(effects)
