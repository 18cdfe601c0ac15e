// Compares what was built with the last recorded build, in total and file by file. An anomaly is for a
// person to explain.

import {observeServed} from '../artifact/served.ts'
import {findManifest} from '../artifact/store.ts'
import {artifactSchema as artifactFact, type Fact} from '../domain/facts.ts'
import type {Manifest} from '../domain/manifest.ts'
import type {Text} from '../domain/text.ts'
import {type Judgement, pass, unknown} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import {knownManifest} from '../proofs/served.ts'
import {cause, percents, shortList, sizes, words} from '../words/observed.ts'
import {factOf} from './artifact.ts'

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
    : unknown(words`${observed} ; ${shortList(anomalies, 5)}`, {
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
  const kept = built && (await findManifest(context.world, built.digest))
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
