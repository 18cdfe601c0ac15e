// Waits until an address of Vercel's has switched. A command that ended well is no answer: `promote` and
// `rollback` exit with 0 for a job that was skipped, queued, or never seen.

import {problem} from '../../domain/problem.ts'
import {type Effect, runOrThrow} from '../../guard/effect.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import {switchLimitMs, within} from './switching.ts'
import {deploymentOf, isRolledBack, latestDeployments, projectOf} from './vercel-api.ts'

/** How long a ready deployment may wait for its domains before it is promoted. */
const graceMs = 20_000

export interface Switch {
  readonly tools: AdapterTools
  /** The id of what the address serves now. */
  readonly liveId: () => Promise<string | null>
  readonly host: string
  /** How long the address may take, in milliseconds; two minutes where it is not said. */
  readonly limitMs?: number
}

const limitOf = ({tools, limitMs = switchLimitMs}: Switch) => ({tools, limitMs})

/** Waits until `id` is live. Throws a `Problem` (1) where it is not within two minutes. */
export async function untilLive(place: Switch, id: string): Promise<void> {
  const reached = await within(limitOf(place), async () => (await place.liveId()) === id)
  if (!reached) throw notSwitched(place.host, id)
}

/** What was there before `vercel deploy`: its own deployment is whatever comes on top. */
export async function beforeDeploy({tools, liveId}: Switch) {
  return {
    live: await liveId(),
    known: new Set((await latestDeployments(tools))?.map(({uid}) => uid) ?? []),
  }
}

/**
 * Makes the deployment that carries this label live: Vercel assigns the domains by itself, unless the
 * project was rolled back, or a team turned that off; then it is promoted. Throws a `Problem` (1) where
 * it failed, or is not live in the end.
 */
export async function goLive(
  place: Switch,
  {
    before,
    label,
    promote,
  }: {
    before: Awaited<ReturnType<typeof beforeDeploy>>
    label: string
    promote: (id: string) => Effect
  },
): Promise<void> {
  const {tools, liveId, host} = place
  const began = performance.now()
  let promoted = false
  const reached = await within(limitOf(place), async () => {
    const live = await liveId()
    const made = await madeNow(tools, before.known, label)
    if (made === null) return live !== before.live
    if (live === made) return true
    const deployment = await deploymentOf(tools, made)
    if (deployment === null) throw failed(made, 'DELETED', null)
    const {readyState, readySubstate, errorMessage, aliasError} = deployment
    if (aliasError) throw failed(made, 'aliases', aliasError.message)
    if (readyState === 'ERROR' || readyState === 'CANCELED' || readyState === 'BLOCKED') {
      throw failed(made, readyState, errorMessage)
    }
    if (readySubstate === 'ROLLING') throw failed(made, 'ROLLING', null)
    if (readyState === 'READY' && readySubstate !== 'PROMOTED' && !promoted) {
      const {project} = await projectOf(tools)
      const owed = project !== null && isRolledBack(project)
      if (owed || performance.now() - began > graceMs) {
        promoted = true
        await runOrThrow(promote(made))
      }
    }
    return false
  })
  if (!reached) throw notSwitched(host, label.split(' ')[0] ?? '')
}

/**
 * Waits while Vercel moves the domains, or builds what carries this label and would be given them. False where it
 * still does at the limit.
 */
export async function settled(place: Switch, label: string): Promise<boolean> {
  const {tools, liveId} = place
  const began = performance.now()
  return await within(limitOf(place), async () => {
    const {project} = await projectOf(tools)
    const job = project?.lastAliasRequest?.jobStatus
    if (job === 'pending' || job === 'in-progress') return false
    const made = await madeNow(tools, new Set(), label)
    const deployment = made === null ? null : await deploymentOf(tools, made)
    if (deployment === null || made === (await liveId())) return true
    const {readyState, readySubstate} = deployment
    if (readyState !== 'READY') return !(readyState != null && unfinished.has(readyState))
    if (readySubstate === 'ROLLING') return false
    // A project that was rolled back gives it no domains; else they come within a moment, or never.
    const isAwaited = readySubstate === 'STAGED' && project !== null && !isRolledBack(project)
    return !isAwaited || performance.now() - began > graceMs
  })
}

/** `readyState` of a deployment whose end is still to come (@vercel/sdk 1.28.35). */
const unfinished: ReadonlySet<string> = new Set(['QUEUED', 'INITIALIZING', 'BUILDING'])

/** The deployment that appeared with this label; null where it is not there yet, or nobody says. */
async function madeNow(
  tools: AdapterTools,
  known: ReadonlySet<string>,
  label: string,
): Promise<string | null> {
  const listed = await latestDeployments(tools)
  const made = listed?.find(({uid, meta}) => meta?.postgate === label && !known.has(uid))
  return made?.uid ?? null
}

const notSwitched = (host: string, wanted: string) =>
  problem({
    what: {
      fr: `${host} ne sert toujours pas ${wanted}.`,
      en: `${host} still does not serve ${wanted}.`,
    },
    next: {fr: 'vercel promote status', en: 'vercel promote status'},
    exit: 1,
  })

const failed = (id: string, state: string, why: string | null | undefined) =>
  problem({
    what: {
      fr: `Vercel n’a pas mis ${id} en ligne : ${state}.`,
      en: `Vercel did not put ${id} online: ${state}.`,
    },
    ...(why ? {why} : {}),
    exit: 1,
  })
