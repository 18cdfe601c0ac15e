// The rollback of a host that cannot restore: the previous version's kept bytes are deployed again.

import {problem} from '../domain/problem.ts'
import {fail, type Judgement} from '../domain/verdict.ts'
import {keptArtifact} from '../engine/artifact-store.ts'
import type {Context} from '../engine/context.ts'
import type {Effect} from '../engine/effect.ts'

/** Step `rebuild-previous`, `act`. */
export async function rebuildPrevious(context: Context): Promise<readonly Effect[]> {
  const previous = context.fact('deployment-before')
  const kept = previous?.manifest
    ? await keptArtifact(context.world.cache, previous.manifest)
    : null
  if (previous === undefined || kept === null) {
    throw problem({
      what: {
        fr: 'Les octets de la version précédente ne sont plus ici.',
        en: 'The previous version’s bytes are no longer here.',
      },
      next: context.fact('rollback-command')?.command ?? '',
      exit: 1,
    })
  }
  const hosting = await context.adapters.hosting()
  return [
    hosting.deploy({
      folder: kept.folder,
      manifest: kept.manifest,
      version: previous.version ?? '',
      message: `rollback ${previous.id}`,
    }),
  ].flat()
}

/** Step `rebuild-previous`, `done`. */
export async function rebuilt(context: Context): Promise<Judgement> {
  const live = await (await context.adapters.hosting()).live()
  const previous = context.fact('deployment-before')
  return live !== null && previous !== undefined && live.version === previous.version
    ? {verdict: 'pass', observed: live.id, facts: {'deployment-restored': live}}
    : fail({fr: `en ligne : ${live?.id ?? '—'}`, en: `live: ${live?.id ?? '—'}`})
}
