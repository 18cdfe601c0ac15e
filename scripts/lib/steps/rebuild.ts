// The rollback of a host that cannot restore, or that lost the previous deployment: its kept bytes are
// deployed again, and where those are gone too, they are built anew from the recorded checkpoint.

import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {compareManifests} from '../artifact/manifest.ts'
import {findManifest, keepArtifact, keptArtifact} from '../artifact/store.ts'
import {type Fact, factSchemas} from '../domain/facts.ts'
import {problem} from '../domain/problem.ts'
import type {Text} from '../domain/text.ts'
import {fail, type Judgement, pass} from '../domain/verdict.ts'
import {fullVersion} from '../domain/version.ts'
import {type Effect, effect, runOrThrow} from '../guard/effect.ts'
import type {Context} from '../kit/context.ts'
import {purgeEffects} from '../proofs/purge.ts'
import {addCheckpointWorktree, removeWorktree} from '../store/git/worktree.ts'
import {shortList, words} from '../words/observed.ts'
import {searchArtifact} from './artifact-search.ts'
import {buildIn, releaseVersion} from './build.ts'

type Deployment = Fact<'deployment'>

/** Step `rebuild-previous`, `act`. */
export async function rebuildPrevious(context: Context): Promise<readonly Effect[]> {
  const previous = context.fact('deployment-before')
  if (previous === undefined) throw lost(context)
  const kept = previous.manifest ? await keptArtifact(context.world.cache, previous.manifest) : null
  if (kept === null) return fromCheckpoint(context, previous)
  const hosting = await context.adapters.hosting()
  const version = previous.version ?? ''
  const effects = [hosting.deploy({...kept, version, message: `${version} rollback`})].flat()
  return [...effects, ...(await purgeEffects(context))]
}

/** A fresh worktree of the commit that the previous deployment was made from; nothing of it is kept. */
async function fromCheckpoint(context: Context, previous: Deployment): Promise<readonly Effect[]> {
  const checkpoint = await madeBy(context, previous.id)
  if (checkpoint === null) throw lost(context)
  const {world} = context
  const run = `${context.run().run}-previous`
  const number = freeNumber(join(world.cache, run))
  const folder = join(world.cache, `${run}-${number}`)
  const version = await releaseVersion(context, checkpoint)
  const {tag, commit} = checkpoint
  return [
    effect(
      {fr: `extraire ${tag} dans un dossier à part`, en: `check ${tag} out aside`},
      async () => {
        const {repository, cache} = world
        const made = await addCheckpointWorktree({repository, cache, run, number, commit})
        if (made.path !== folder) throw new Error(`${made.path} instead of ${folder}`)
      },
    ),
    ...(await buildIn(context, {folder, version})),
    effect(
      {fr: `déployer ${tag} tel que rebâti`, en: `deploy ${tag} as it was built anew`},
      async () => {
        await deployBuilt(context, {folder, version: fullVersion(version), tag})
        await removeWorktree(world.repository, folder)
      },
    ),
    ...(await purgeEffects(context)),
  ]
}

/** Its commands pass the guard one by one, as any other; the manifest is known only by now. */
async function deployBuilt(
  context: Context,
  {folder, version, tag}: {folder: string; version: string; tag: string},
): Promise<void> {
  const output = join(folder, (await context.adapters.builder()).output)
  const {manifest, found} = await searchArtifact(context, output)
  // Going back is locked by nothing, but no secret is published by it.
  if (found.length > 0) throw secretInside(shortList(found, 4))
  const kept = await keepArtifact({folder: output, manifest, cache: context.world.cache})
  const hosting = await context.adapters.hosting()
  const message = `${version} ${tag} rollback`
  const effects = hosting.deploy({folder: kept, manifest, version, message, source: folder})
  for (const each of [effects].flat()) await runOrThrow(each)
}

/** The run of this scenario that made the deployment `id`; null where none did. */
async function madeBy(context: Context, id: string) {
  const {runs} = await context.records()
  for (const run of runs.toReversed()) {
    if (run.scenario !== context.scenario) continue
    const made = factSchemas.deployment.safeParse((await run.load()).facts.get('deployment')?.value)
    if (made.success && made.data.id === id) return run
  }
  return null
}

function freeNumber(stem: string): number {
  let number = 1
  while (existsSync(`${stem}-${number}`)) number += 1
  return number
}

/** Step `rebuild-previous`, `done`: its version is live, as a deployment that is new. */
export async function rebuilt(context: Context): Promise<Judgement> {
  const live = await (await context.adapters.hosting()).live()
  const previous = context.fact('deployment-before')
  // What is undone may carry the same version: a deployment that a run made is not this one.
  const isNew =
    live !== null &&
    live.id !== context.fact('deployment')?.id &&
    (await madeBy(context, live.id)) === null
  if (!isNew || previous === undefined || !isVersion(live, previous)) {
    return fail({fr: `en ligne : ${live?.id ?? '—'}`, en: `live: ${live?.id ?? '—'}`})
  }
  return pass(words`${live.id} ; ${await compared(context, {live, previous})}`, {
    facts: {'deployment-restored': live},
  })
}

const isVersion = (live: Deployment, previous: Deployment) =>
  live.version !== null && (previous.version === null || live.version === previous.version)

/** Two builds of one commit may differ: then the report says so. */
async function compared(
  context: Context,
  {live, previous}: {live: Deployment; previous: Deployment},
) {
  if (live.manifest !== null && live.manifest === previous.manifest) {
    return {fr: 'octets de la version précédente', en: 'the previous version’s bytes'}
  }
  const [before, after] = await Promise.all(
    [previous.manifest, live.manifest].map((digest) =>
      digest === null ? null : findManifest(context.world, digest),
    ),
  )
  if (!before || !after) {
    return {
      fr: 'rebâtie depuis son tag ; le manifeste d’origine manque, rien à comparer',
      en: 'built anew from its tag; its first manifest is missing, nothing to compare with',
    }
  }
  const {missing, added, changed} = compareManifests({before, after})
  const paths = [...changed, ...missing, ...added]
  const some = paths.slice(0, 3).join(', ')
  return {
    fr: `rebâtie depuis son tag : ${paths.length} fichiers diffèrent du manifeste enregistré (${some}…)`,
    en: `built anew from its tag: ${paths.length} files differ from the recorded manifest (${some}…)`,
  }
}

const secretInside = (why: Text) =>
  problem({
    what: {
      fr: 'La version précédente rebâtie contient un secret : elle ne part pas.',
      en: 'The previous version as built anew holds a secret: it does not leave.',
    },
    why,
    exit: 1,
  })

const lost = (context: Context) =>
  problem({
    what: {
      fr: 'Les octets de la version précédente ne sont plus nulle part, et aucun run n’en dit le commit.',
      en: 'The previous version’s bytes are nowhere any more, and no run tells its commit.',
    },
    next: context.fact('rollback-command')?.command ?? '',
    exit: 1,
  })
