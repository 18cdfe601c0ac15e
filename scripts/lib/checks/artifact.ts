// What was built, before anybody gets it: complete, for the right project, and with nothing secret
// inside. A value is never shown: a finding names the key and the file.

import {stat} from 'node:fs/promises'
import {join} from 'node:path'
import {artifact as artifactFact, type Fact} from '../domain/facts.ts'
import {secretKind} from '../domain/secret.ts'
import type {Text} from '../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import {fullVersion} from '../domain/version.ts'
import {type Found, type Needle, scanArtifact} from '../engine/artifact-scan.ts'
import {keepArtifact, keptManifest, pruneArtifacts} from '../engine/artifact-store.ts'
import type {Context} from '../engine/context.ts'
import {secretWords} from '../engine/defines.ts'
import type {EnvFile} from '../engine/env-file.ts'
import {manifestOf} from '../engine/manifest.ts'
import type {Manifest} from '../engine/ports/manifest.ts'
import {observeServed} from '../engine/served.ts'
import {releaseVersion} from './build.ts'
import {otherEnvironment, projectRef, publicValues} from './configuration.ts'
import {knownManifest} from './served.ts'
import {cause, counted, list, percents, sizes, words} from './words.ts'

const keptArtifacts = 12

/** Step `artifact-proof`: reads every byte that was built. What passes is kept by its digest, and is what will be deployed. */
export async function artifactProof(context: Context): Promise<Judgement> {
  const builder = await context.adapters.builder()
  const folder = join(context.worktree(), builder.output)
  const manifest = await manifestOf(folder)
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
  const {scan, wanted} = await search(context, folder, manifest)
  for (const {label} of wanted) {
    if (!scan.seen.has(label)) {
      wrong.push({
        fr: `l’adresse ${label} n’y figure pas`,
        en: `the address ${label} is not inside`,
      })
    }
  }
  wrong.push(...scan.found.map(describe))
  if (wrong.length > 0) {
    return fail(list(wrong, 4), {
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
    words`${counted(manifest.files.length, ['fichier', 'fichiers'], ['file', 'files'])}, ${sizes(manifest.bytes)}, ${version}, sha256 ${manifest.digest.slice(0, 12)}… ; ${counted(wanted.length, ['adresse attendue', 'adresses attendues'], ['expected address', 'expected addresses'])}, ${{fr: 'aucun secret', en: 'no secret'}}`,
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

async function search(context: Context, folder: string, manifest: Manifest) {
  const env = await context.env(context.environment ?? 'staging')
  const other = await otherEnvironment(context)
  const open = publicValues(context, env)
  const wanted = [...open]
    .filter(([, value]) => /^https?:\/\//.test(value))
    .map(([label, word]) => ({label, word: word.replace(/\/+$/, '')}))
  const forbidden = [
    ...ownSecrets(env, [...open.values()]),
    ...(other === null ? [] : foreignValues(other, [...open.values()])),
  ]
  context.progress({fr: 'lecture de l’artefact', en: 'reading the artifact'})
  const scan = await scanArtifact({
    folder,
    paths: manifest.files.map((file) => file.path),
    forbidden,
    wanted,
    ref: projectRef(context, env),
  })
  return {scan, wanted}
}

/** This environment's own values that are not compiled in on purpose. */
function ownSecrets(env: EnvFile, open: readonly string[]): readonly Needle[] {
  return env.keys.flatMap((key) => {
    const value = env.get(key)
    const harmless = /_(?:REF|HOST|PORT|ENV|ENVIRONMENT|NAME|REGION|MODE)$/.test(key)
    if (value === undefined || !telling(value) || (harmless && secretKind(value) === null))
      return []
    // A ref stands inside the public address; it is no secret.
    if (open.some((word) => word.includes(value))) return []
    if (/^https?:\/\/[^@]*$/.test(value)) return []
    return [{label: key, word: value}]
  })
}

/** Anything of the other environment is wrong here, its public address and ref included. */
function foreignValues(
  {env, ref}: {env: EnvFile; ref: string | null},
  open: readonly string[],
): readonly Needle[] {
  const named = env.keys.flatMap((key) => {
    const value = env.get(key)
    return value === undefined || !telling(value) || open.some((word) => word.includes(value))
      ? []
      : [{label: `${key} (${env.path})`, word: value}]
  })
  return ref === null || open.some((word) => word === ref)
    ? named
    : [{label: `ref (${env.path})`, word: ref}, ...named]
}

/** Long and odd enough that it does not occur by chance. */
const telling = (value: string) =>
  value.length >= 8 && !/^(?:[a-z]{1,14}|[A-Z]{1,14}|[\d.:-]+)$/.test(value)

function describe({path, what}: Found): Text {
  switch (what.type) {
    case 'secret': {
      const kind = secretWords[what.kind]
      return {fr: `${kind.fr} dans ${path}`, en: `${kind.en} in ${path}`}
    }
    case 'foreign-key':
      return {
        fr: `une clé d’un autre projet (${what.ref}) dans ${path}`,
        en: `a key of another project (${what.ref}) in ${path}`,
      }
    case 'needle':
      return {
        fr: `la valeur de ${what.label} dans ${path}`,
        en: `the value of ${what.label} in ${path}`,
      }
    default: {
      const never: never = what
      return never
    }
  }
}

/** Step `artifact-size`: `total` and `file` are the largest relative changes accepted without a person. */
export async function artifactSize(
  context: Context,
  limits: {total: number; file: number},
): Promise<Judgement> {
  const now = context.fact('artifact')
  if (now === undefined) return unknown({fr: 'aucun artefact prouvé', en: 'no proven artifact'})
  const before = (await lastArtifact(context)) ?? (await liveArtifact(context))
  if ('verdict' in before) return before
  const change = now.bytes / before.bytes - 1
  const anomalies: Text[] = []
  if (Math.abs(change) > limits.total) anomalies.push(words`total ${signed(change)}`)
  const sizesBefore = new Map(before.largest.map((file) => [file.path, file.bytes]))
  for (const {path, bytes} of now.largest) {
    const was = sizesBefore.get(path)
    // Under a kilobyte a new word is already half a file.
    if (was === undefined || was === 0 || Math.abs(bytes - was) < 1_024) continue
    if (Math.abs(bytes / was - 1) > limits.file)
      anomalies.push(words`${path} ${signed(bytes / was - 1)}`)
  }
  const observed = words`${sizes(before.bytes)} → ${sizes(now.bytes)} (${signed(change)})`
  const facts = {'artifact-previous': before}
  return anomalies.length === 0
    ? pass(observed, {facts})
    : unknown(words`${observed} ; ${list(anomalies, 5)}`, {
        facts,
        attestable: {},
        next: {
          fr: 'une personne qui connaît le changement l’explique',
          en: 'a person who knows the change explains it',
        },
      })
}

const signed = (change: number): Text => {
  return words`${change < 0 ? '−' : '+'}${percents(Math.abs(change), 1)}`
}

/** The last build of this environment that a successful run recorded. */
async function lastArtifact(context: Context): Promise<Fact<'artifact'> | null> {
  const {runs} = await context.records()
  for (const run of runs.toReversed()) {
    if (run.scenario !== context.scenario || run.result !== 'succeeded') continue
    const parsed = artifactFact.safeParse((await run.load()).facts.get('artifact')?.value)
    if (parsed.success) return parsed.data
  }
  return null
}

/** Before the first recorded build: what is live now, where its files are known. */
async function liveArtifact(context: Context): Promise<Fact<'artifact'> | Judgement> {
  const now = context.fact('artifact')
  const size = now === undefined ? '' : sizes(now.bytes)
  try {
    const live = await (await context.adapters.hosting()).live()
    if (live === null) {
      return pass(
        words`${size} ; ${{fr: 'premier build, rien à comparer', en: 'first build, nothing to compare with'}}`,
      )
    }
    const served = await servedNow(context, (await knownManifest(context, live))?.files ?? [])
    if (served.bytes > 0) return factOf(served, live.version ?? live.id)
    return incomparable(
      words`${size} ; ${{fr: 'aucun build enregistré, et l’hébergeur ne dit pas les tailles de', en: 'no recorded build, and the host does not tell the sizes of'}} ${live.id}`,
    )
  } catch (error) {
    context.signal.throwIfAborted()
    return incomparable(
      words`${size} ; ${{fr: 'aucun build enregistré, et la version en ligne ne se lit pas', en: 'no recorded build, and what is live cannot be read'}} (${cause(error)})`,
    )
  }
}

/** The sizes that users get today: a list of hashes does not hold them. */
async function servedNow(context: Context, listed: Manifest['files']): Promise<Manifest> {
  const built = context.fact('artifact')
  const kept = built && (await keptManifest(context.world.cache, built.digest))
  const files = listed.length > 0 ? listed : (kept?.files ?? [])
  return observeServed({
    url: (await context.adapters.hosting()).url,
    paths: files.map(({path}) => path),
    signal: context.signal,
  })
}

const incomparable = (observed: Text): Judgement =>
  unknown(observed, {
    attestable: {},
    next: {
      fr: 'une personne qui connaît l’artefact dit si sa taille est celle qu’on attend',
      en: 'a person who knows the artifact says whether its size is as expected',
    },
  })
