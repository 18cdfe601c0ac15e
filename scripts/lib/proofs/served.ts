// Judged by the bytes that users get: after a deployment and after a rollback alike.

import {manifestFrom} from '../artifact/manifest.ts'
import {pausesWithin, proveServed, type ServedProof} from '../artifact/served.ts'
import {findManifest} from '../artifact/store.ts'
import {parseDuration} from '../domain/duration.ts'
import type {Fact} from '../domain/facts.ts'
import type {Manifest} from '../domain/manifest.ts'
import {inLang, type Text} from '../domain/text.ts'
import {fail, type Judgement, unknown} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import type {Hosting} from '../kit/ports/hosting.ts'
import {words} from '../words/observed.ts'

type Deployment = Fact<'deployment'>

/** Step `served-bytes`: every file of the proven artifact, fetched from the address that users open. */
export async function servedBytes(context: Context): Promise<Judgement> {
  const artifact = context.fact('artifact')
  const manifest = artifact && (await findManifest(context.world, artifact.digest))
  if (!artifact || !manifest) {
    return unknown({
      fr: 'le manifeste de l’artefact n’est pas sur cette machine',
      en: 'the artifact’s manifest is not on this machine',
    })
  }
  const deployment = context.fact('deployment')
  const proof = await prove(context, manifest, {
    replaced: context.fact('deployment-before'),
    bytesMost: artifact.bytes,
  })
  return proof.verdict !== 'pass' || deployment === undefined
    ? judgement(proof)
    : judgement(proof, {
        'deployment-verified': {
          id: deployment.id,
          digest: artifact.digest,
          files: proof.files,
          at: context.world.clock.now().toISOString(),
        },
      })
}

/** Step `verify-previous`: the deployment returned to is live, and the bytes served are its own. */
export async function previousServed(
  context: Context,
  target: Deployment | undefined = context.fact('deployment-restored') ??
    context.fact('deployment-before'),
): Promise<Judgement> {
  if (target === undefined) {
    return unknown({fr: 'aucune version précédente connue', en: 'no previous version known'})
  }
  const hosting = await context.adapters.hosting()
  const live = await hosting.live()
  if (live?.id !== target.id) {
    return fail(
      words`${{fr: 'en ligne', en: 'live'}} : ${live?.id ?? '—'}, ${{fr: 'attendu', en: 'expected'}} : ${target.id}`,
    )
  }
  const whole = await knownManifest(context, target)
  const manifest = whole ?? sampled(context, target)
  if (manifest === null) {
    return unknown({
      fr: `${target.id} est en ligne, mais personne n’a gardé les empreintes de ses fichiers`,
      en: `${target.id} is live, but nobody kept the hashes of its files`,
    })
  }
  const undone = [context.fact('deployment'), context.fact('deployment-before')]
  const proof = await prove(context, manifest, {
    replaced: undone.find((each) => each !== undefined && each.id !== target.id),
  })
  if (proof.verdict !== 'pass') return judgement(proof)
  const observed =
    whole === null
      ? words`${target.id} : ${{fr: 'échantillon relevé avant le déploiement', en: 'sample taken before the deployment'}}, ${proof.observed}`
      : words`${target.id} : ${proof.observed}`
  return {
    ...judgement(proof, {
      'deployment-verified': {
        id: target.id,
        digest: target.manifest ?? manifest.digest,
        files: proof.files,
        at: context.world.clock.now().toISOString(),
      },
    }),
    observed,
  }
}

/** Every file of a deployment with its hash: built here, or kept by the host; else null. */
export async function knownManifest(
  context: Context,
  deployment: Deployment,
): Promise<Manifest | null> {
  const built =
    deployment.manifest === null ? null : await findManifest(context.world, deployment.manifest)
  if (built !== null) return built
  const hosting = await context.adapters.hosting()
  return (await hosting.manifestOf?.(deployment.id)) ?? null
}

function sampled(context: Context, deployment: Deployment): Manifest | null {
  const sample = context.fact('served-before')
  return sample?.id === deployment.id
    ? manifestFrom(sample.files.map((file) => ({...file, bytes: 0})))
    : null
}

/** `replaced`: what was served before, whose bytes a host may go on serving for a while. */
async function prove(
  context: Context,
  manifest: Manifest,
  {replaced, bytesMost}: {replaced: Deployment | undefined; bytesMost?: number},
): Promise<ServedProof> {
  const hosting = await context.adapters.hosting()
  const what = {fr: 'octets servis', en: 'served bytes'}
  return proveServed({
    url: hosting.url,
    manifest,
    ...(bytesMost !== undefined && {bytesMost}),
    ignored: hosting.ignored ?? [],
    withholds: hosting.withholds ?? false,
    pausesMs: pausesWithin(propagationMs(context, hosting)),
    wait: (ms) => context.world.clock.wait(ms, context.signal),
    waiting: (waited, leftMs) => context.progress(waitingFor(waited, leftMs)),
    before: async () =>
      replaced === undefined
        ? null
        : await knownManifest(context, replaced)
            .then((known) => known ?? sampled(context, replaced))
            .catch(() => null),
    signal: context.signal,
    progress: (done, total) => context.progress(what, done / total),
  })
}

/** What `propagation:` says of this environment, else what the host is known for. */
export const propagationMs = (context: Context, hosting: Hosting): number =>
  parseDuration(context.settings().propagation ?? '') ?? hosting.propagationMs ?? 31_000

const waitingFor = (what: Text, leftMs: number): Text => {
  const seconds = Math.ceil(leftMs / 1_000)
  return {
    fr: `${inLang(what, 'fr')} : attente, ${seconds} s au plus (propagation)`,
    en: `${inLang(what, 'en')}: waiting, ${seconds} s at most (propagation)`,
  }
}

/** A judgement without the lists, which the journal does not need. */
const judgement = (proof: ServedProof, facts?: Judgement['facts']): Judgement => ({
  verdict: proof.verdict,
  observed: proof.observed,
  ...(facts === undefined ? {} : {facts}),
})
