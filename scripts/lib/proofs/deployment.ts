// What is live, putting the proven bytes online, and going back. The way back is known, printed and
// kept before anything is replaced.

import {join} from 'node:path'
import {manifestFrom} from '../artifact/manifest.ts'
import {observeServed} from '../artifact/served.ts'
import {keptArtifact} from '../artifact/store.ts'
import {type Fact, factSchemas} from '../domain/facts.ts'
import {problem} from '../domain/problem.ts'
import {fail, type Judgement, pass, unknown, worst} from '../domain/verdict.ts'
import type {Effect} from '../guard/effect.ts'
import type {Context} from '../kit/context.ts'
import type {Hosting} from '../kit/ports/hosting.ts'
import {cause, shortList, words} from '../words/observed.ts'
import {purgeEffects} from './purge.ts'
import {knownManifest} from './served.ts'

type Deployment = Fact<'deployment'>

/** Check `tools-ready`: builder and host, and as whom; each failure with the command that mends it. */
export async function judgeToolsReady(context: Context): Promise<Judgement> {
  const [builder, hosting] = [await context.adapters.builder(), await context.adapters.hosting()]
  const judged = [
    {name: builder.product, judgement: await builder.ready()},
    {name: hosting.product, judgement: await hosting.ready()},
  ]
  const wrong = judged.filter(({judgement}) => judgement.verdict !== 'pass')
  const said = shortList(
    (wrong.length > 0 ? wrong : judged).map(
      ({name, judgement}) => words`${name} : ${judgement.observed}`,
    ),
    2,
  )
  const next = wrong.flatMap(({judgement}) => judgement.next ?? [])
  return {
    verdict: worst(judged.map(({judgement}) => judgement.verdict)),
    observed: said,
    ...(next.length === 0 ? {} : {next: shortList(next, 2)}),
  }
}

/** Check `previous-deployment`: something is live, so there is a version to return to. */
export async function judgePreviousDeployment(context: Context): Promise<Judgement> {
  // Asked again by a resume: what is live by then may be this run's own, and is nothing to return to.
  if (context.run().deploymentAttempted) {
    const before = context.fact('deployment-before')
    return before === undefined ? neverDeployed : pass(shown(before))
  }
  const live = await liveNow(await context.adapters.hosting())
  if ('verdict' in live) return live
  return live.deployment === null ? neverDeployed : pass(shown(live.deployment))
}

/** A person writes down the fallback, once for the whole run. */
const neverDeployed = unknown(
  {
    fr: 'rien n’avait jamais été déployé : aucune version où revenir',
    en: 'nothing had ever been deployed: no version to return to',
  },
  {
    attestable: {},
    next: {
      fr: 'inscrivez la solution de repli (page d’attente, ancienne adresse…) et qui la tient',
      en: 'write down the fallback (holding page, old address, …) and who holds it',
    },
  },
)

/** Step `live-before`: id of what is live, a sample of its bytes, and the vendor's own way back to it. */
export async function liveBefore(context: Context): Promise<Judgement> {
  const hosting = await context.adapters.hosting()
  const live = await liveNow(hosting)
  if ('verdict' in live) return live
  const before = live.deployment
  if (before === null) {
    return pass({
      fr: 'rien n’est en ligne : premier déploiement',
      en: 'nothing is live: first deployment',
    })
  }
  const command = hosting.restoreByHand(before.id)
  const sample =
    (await knownManifest(context, before)) === null ? await observe(context, hosting, before) : {}
  return pass(
    words`${shown(before)} ; ${{fr: 'retour à la main', en: 'back by hand'}} : ${command}`,
    {
      facts: {'deployment-before': before, 'rollback-command': {command}, ...sample},
    },
  )
}

const sampleFiles = 60

/** Hashes of what is served now: where nobody kept a manifest, the rollback is judged by these. */
async function observe(context: Context, hosting: Hosting, before: Deployment) {
  const artifact = context.fact('artifact')
  const kept = artifact && (await keptArtifact(context.world.cache, artifact.digest))
  const built = kept?.manifest.files.map((file) => file.path) ?? []
  const telling = built.filter((path) => /\.(?:html|m?js|json|wasm|css)$/.test(path))
  try {
    const seen = await observeServed({
      url: hosting.url,
      paths: [...new Set(['index.html', ...telling])].slice(0, sampleFiles),
      signal: context.signal,
    })
    const files = seen.files.map(({path, sha256}) => ({path, sha256}))
    return files.length === 0 ? {} : {'served-before': {id: before.id, files}}
  } catch {
    context.signal.throwIfAborted()
    return {}
  }
}

/** Step `deploy`, `act`: exactly the proven bytes, read again before they leave. */
export async function deployEffects(context: Context): Promise<readonly Effect[]> {
  const hosting = await context.adapters.hosting()
  const artifact = context.fact('artifact')
  const kept = artifact ? await keptArtifact(context.world.cache, artifact.digest) : null
  if (kept === null && !context.dryRun) throw notKept(artifact, context.scenario)
  const builder = await context.adapters.builder()
  const effects = hosting.deploy({
    folder: kept?.folder ?? join(context.worktree(), builder.output),
    manifest: kept?.manifest ?? manifestFrom([]),
    version: artifact?.version ?? '<version>',
    message: messageOf(context, artifact),
    source: context.worktree(),
  })
  return [...[effects].flat(), ...(await purgeEffects(context))]
}

const messageOf = ({checkpoint}: Context, artifact: Fact<'artifact'> | undefined) =>
  `${artifact?.version ?? '<version>'} ${checkpoint.tag}`

/** Step `deploy`, `done`: the host says that something else is live than before. The bytes are proven next. */
export async function deployed(context: Context): Promise<Judgement> {
  const before = context.fact('deployment-before')?.id
  const live = await liveAtLast(context, ({id}) => id !== before)
  if ('verdict' in live) return live
  const {deployment} = live
  const artifact = context.fact('artifact')
  if (deployment === null) return fail({fr: 'rien n’est en ligne', en: 'nothing is live'})
  if (deployment.id === before) {
    return fail(words`${{fr: 'toujours', en: 'still'}} ${shown(deployment)}`)
  }
  if (deployment.manifest !== null && deployment.manifest !== artifact?.digest) {
    return fail(
      words`${shown(deployment)} : ${{fr: 'd’autres octets que ceux de ce run', en: 'other bytes than this run’s'}}`,
    )
  }
  const known = {
    ...deployment,
    version: deployment.version ?? artifact?.version ?? null,
    manifest: deployment.manifest ?? artifact?.digest ?? null,
  }
  return pass(shown(known), {facts: {deployment: known}})
}

/** The deployment to return to: what was live before this run's, else before the run that made what is live. */
export async function findPrevious(context: Context): Promise<Deployment | null> {
  const before = context.fact('deployment-before')
  if (before !== undefined) return before
  const live = await (await context.adapters.hosting()).live()
  if (live === null) return null
  const {runs} = await context.records()
  for (const run of runs.toReversed()) {
    if (run.scenario !== context.scenario) continue
    const recorded = (await run.load()).facts
    const made = factSchemas.deployment.safeParse(recorded.get('deployment')?.value)
    const replaced = factSchemas.deployment.safeParse(recorded.get('deployment-before')?.value)
    if (made.success && made.data.id === live.id && replaced.success) return replaced.data
  }
  return null
}

/**
 * Makes this deployment live again; `forward` to one that a rollback moved away from. A `Problem` (1)
 * where the host cannot.
 */
export async function restoreEffects(
  context: Context,
  id: string,
  direction: 'back' | 'forward' = 'back',
): Promise<readonly Effect[]> {
  const hosting = await context.adapters.hosting()
  const restore = direction === 'forward' ? (hosting.returnTo ?? hosting.restore) : hosting.restore
  if (restore === null) {
    throw problem({
      what: {
        fr: `${hosting.product} ne sait pas remettre un ancien déploiement en ligne.`,
        en: `${hosting.product} cannot make a former deployment live again.`,
      },
      next: {fr: 'reconstruisez depuis son tag', en: 'rebuild it from its tag'},
      exit: 1,
    })
  }
  return [...[restore(id)].flat(), ...(await purgeEffects(context))]
}

/** `done` of a restore: the host says that `id` is live. The bytes are proven by `previousServed`. */
export async function restored(context: Context, id: string): Promise<Judgement> {
  const live = await liveAtLast(context, (deployment) => deployment.id === id)
  if ('verdict' in live) return live
  if (live.deployment?.id !== id) {
    const now = live.deployment === null ? '—' : shown(live.deployment)
    return fail(words`${{fr: 'en ligne', en: 'live'}} : ${now}`)
  }
  // A release that was cloned back no longer says what it is; what was noted before does.
  const noted = await findPrevious(context)
  const known =
    noted?.id === id
      ? {
          ...live.deployment,
          version: live.deployment.version ?? noted.version,
          manifest: live.deployment.manifest ?? noted.manifest,
        }
      : live.deployment
  return pass(shown(known), {facts: {'deployment-restored': known}})
}

/**
 * What is live once nothing is under way any more: a client that died before it heard the answer has left a host
 * that may switch at any moment, also over what is deployed next.
 */
async function liveAtLast(
  context: Context,
  isWanted: (deployment: Deployment) => boolean,
): Promise<{deployment: Deployment | null} | Judgement> {
  const hosting = await context.adapters.hosting()
  const live = await liveNow(hosting)
  if ('verdict' in live || hosting.settled === undefined) return live
  if (live.deployment !== null && isWanted(live.deployment)) return live
  const artifact = context.fact('artifact')
  const made = {message: messageOf(context, artifact), manifest: artifact?.digest ?? ''}
  try {
    if (await hosting.settled(made)) return await liveNow(hosting)
  } catch (error) {
    return unsaid(hosting, error)
  }
  return unknown({
    fr: `${hosting.product} n’a pas fini ce qu’il a accepté de mettre en ligne`,
    en: `${hosting.product} has not finished what it accepted to put online`,
  })
}

async function liveNow(hosting: Hosting): Promise<{deployment: Deployment | null} | Judgement> {
  try {
    return {deployment: await hosting.live()}
  } catch (error) {
    return unsaid(hosting, error)
  }
}

const unsaid = ({product}: Hosting, error: unknown) =>
  unknown({
    fr: `${product} ne dit pas ce qui est en ligne : ${cause(error)}`,
    en: `${product} does not say what is live: ${cause(error)}`,
  })

const shown = (deployment: Deployment) =>
  deployment.version === null ? deployment.id : `${deployment.id} (${deployment.version})`

const notKept = (artifact: Fact<'artifact'> | undefined, scenario: Context['scenario']) =>
  problem({
    what:
      artifact === undefined
        ? {fr: 'Aucun artefact prouvé à déployer.', en: 'No proven artifact to deploy.'}
        : {
            fr: 'L’artefact prouvé n’est plus sur cette machine, ou ses octets ont changé.',
            en: 'The proven artifact is no longer on this machine, or its bytes changed.',
          },
    ...(artifact === undefined ? {} : {why: `sha256 ${artifact.digest}`}),
    next: {
      fr: `reconstruire et reprouver : npx zx scripts/${scenario}.ts --abort RAISON, puis npx zx scripts/${scenario}.ts`,
      en: `build and prove again: npx zx scripts/${scenario}.ts --abort WHY, then npx zx scripts/${scenario}.ts`,
    },
    exit: 3,
  })
