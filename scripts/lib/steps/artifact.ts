// What was built, before anybody gets it: complete, for the right project, and with nothing secret
// inside. A value is never shown: a finding names the key and the file.

import {stat} from 'node:fs/promises'
import {join} from 'node:path'
import {precompressedMismatches} from '../artifact/precompressed.ts'
import {keepArtifact, pruneArtifacts} from '../artifact/store.ts'
import type {Fact} from '../domain/facts.ts'
import type {Manifest} from '../domain/manifest.ts'
import type {Text} from '../domain/text.ts'
import {fail, type Judgement, pass} from '../domain/verdict.ts'
import {fullVersion} from '../domain/version.ts'
import type {Context} from '../kit/context.ts'
import {counted, shortList, sizes, words} from '../words/observed.ts'
import {searchArtifact} from './artifact-search.ts'
import {releaseVersion} from './build.ts'

const keptArtifacts = 12

/** Step `artifact-proof`: reads every byte that was built. What passes is kept by its digest, and is what will be deployed. */
export async function artifactProof(context: Context): Promise<Judgement> {
  const builder = await context.adapters.builder()
  const folder = join(context.worktree(), builder.output)
  const {manifest, missing, wanted, found: inside} = await searchArtifact(context, folder)
  const wrong: Text[] = []

  for (const entry of builder.entries) {
    const size = await stat(join(folder, entry)).then(
      (found) => found.size,
      () => null,
    )
    if (size === null) wrong.push({fr: `${entry} manque`, en: `${entry} is missing`})
    else if (size === 0) wrong.push({fr: `${entry} est vide`, en: `${entry} is empty`})
  }
  const expected = await releaseVersion(context)
  const found = await builder.versionOf(folder)
  if (found !== null && found !== fullVersion(expected) && found !== expected.version) {
    wrong.push({
      fr: `version ${found} au lieu de ${fullVersion(expected)}`,
      en: `version ${found} instead of ${fullVersion(expected)}`,
    })
  }
  for (const path of await precompressedMismatches(folder, manifest)) {
    wrong.push({
      fr: `${path} ne se décompresse pas en le fichier voisin`,
      en: `${path} does not unpack to the file beside it`,
    })
  }
  for (const label of missing) {
    wrong.push({
      fr: `l’adresse ${label} n’y figure pas`,
      en: `the address ${label} is not inside`,
    })
  }
  wrong.push(...inside)
  if (wrong.length > 0) {
    return fail(shortList(wrong, 4), {
      next: {
        fr: 'l’artefact ne part pas : corrigez le build ou « defines » dans postgate.yaml',
        en: 'the artifact does not leave: correct the build, or `defines` in postgate.yaml',
      },
    })
  }
  await keepArtifact({folder, manifest, cache: context.world.cache})
  await pruneArtifacts(context.world.cache, keptArtifacts)
  const version: Text =
    found === null
      ? {fr: 'version non lisible dans l’artefact', en: 'no version to read in the artifact'}
      : found
  return pass(
    words`${counted(manifest.files.length, ['fichier', 'fichiers'], ['file', 'files'])}, ${sizes(manifest.bytes)}, ${version}, sha256 ${manifest.digest.slice(0, 12)}… ; ${counted(wanted, ['adresse attendue', 'adresses attendues'], ['expected address', 'expected addresses'])}, ${{fr: 'aucun secret', en: 'no secret'}}`,
    {facts: {artifact: factOf(manifest, fullVersion(expected))}},
  )
}

/** The fact of an artifact: enough to find its bytes, and to compare the next build's sizes. */
export function factOf(manifest: Manifest, version: string): Fact<'artifact'> {
  return {
    version,
    files: manifest.files.length,
    bytes: manifest.bytes,
    digest: manifest.digest,
    kept: `artifacts/${manifest.digest}`,
    largest: manifest.files
      .toSorted((a, b) => b.bytes - a.bytes)
      .slice(0, 40)
      .map(({path, bytes}) => ({path, bytes})),
  }
}
