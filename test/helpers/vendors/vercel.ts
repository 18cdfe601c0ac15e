// Vercel's API as its CLI uses it: files go up by their SHA-1, a deployment names them, is built and,
// a moment later, aliased to the project's addresses. A rollback moves the aliases and turns their
// assignment off: whatever is deployed after it stays staged until something is promoted, which turns
// it on again. On the Hobby plan a rollback goes back by one deployment only.

import {createHash} from 'node:crypto'
import {
  fields,
  missing,
  ok,
  routes,
  type Store,
  strings,
  unavailable,
  type Vendor,
} from './store.ts'

const output = '.vercel/output/static/'
const labels = (message: string) => (message === '' ? {} : {postgate: message})

/** How long aliases take to move, and a deployment to be ready. */
const delayMs = 250
const time = 1769176800000

export interface VercelState {
  plan: 'hobby' | 'pro' | 'enterprise'
  autoAssignCustomDomains: boolean
  rollingRelease: object | null
  paused: boolean
}

interface AliasJob {
  readonly type: 'promote' | 'rollback'
  readonly from: string | null
  readonly to: string
  readonly requestedAt: number
  jobStatus: 'pending' | 'in-progress' | 'succeeded' | 'skipped' | 'failed'
}

/** `host`: the project's production address. */
export function vercelApi(store: Store, host: () => string): Vendor & {state: VercelState} {
  const uploads = new Map<string, Buffer>()
  const state: VercelState = {
    plan: 'pro',
    autoAssignCustomDomains: true,
    rollingRelease: null,
    paused: false,
  }
  let job: AliasJob | null = null
  /** Deployments to production, oldest first, and those that were live once. */
  const made: string[] = []
  const promoted = new Set<string>()
  const readyAt = new Map<string, number>()

  /** What the sandbox was born with is a former deployment too. */
  const all = () => {
    const live = store.live()
    if (live !== null && !made.includes(live)) made.push(live)
    if (live !== null) promoted.add(live)
    return made
  }
  const isReady = (id: string) => (readyAt.get(id) ?? 0) <= Date.now()
  const move = (id: string) => {
    all()
    const moved = store.release(id)
    if (moved) promoted.add(id)
    return moved
  }
  const deployed = (id: string) => {
    all().push(id)
    readyAt.set(id, Date.now() + delayMs)
    const assigned = state.autoAssignCustomDomains
    const timer = setTimeout(() => assigned && move(id), 2 * delayMs)
    timer.unref()
    return true
  }
  const ask = (type: AliasJob['type'], to: string) => {
    const from = store.live()
    const mine: AliasJob = {type, from, to, requestedAt: Date.now(), jobStatus: 'pending'}
    job = mine
    const later = (ms: number, run: () => void) => void setTimeout(run, ms).unref()
    if (from === to) {
      later(delayMs, () => {
        mine.jobStatus = 'skipped'
      })
      return
    }
    later(delayMs / 2, () => {
      mine.jobStatus = 'in-progress'
    })
    later(delayMs, () => {
      mine.jobStatus = move(to) ? 'succeeded' : 'failed'
      state.autoAssignCustomDomains = type === 'promote'
    })
  }
  /** Those that were live once, other than the one that is; on Hobby the one before it alone. */
  const candidates = () => {
    const live = store.live()
    const former = all().filter((id) => promoted.has(id) && id !== live)
    const at = made.indexOf(live ?? '')
    return state.plan === 'hobby' ? former.filter((id) => made.indexOf(id) < at).slice(-1) : former
  }

  const substate = (id: string) =>
    promoted.has(id) || store.live() === id
      ? 'PROMOTED'
      : state.rollingRelease === null
        ? 'STAGED'
        : 'ROLLING'
  const deployment = (id: string) => ({
    id,
    name: 'essai',
    type: 'LAMBDAS',
    projectId: 'prj_1',
    projectSettings: {},
    ownerId: 'team_1',
    target: 'production',
    url: `essai-${id}.vercel.app`,
    inspectorUrl: `https://vercel.com/essai/essai/${id}`,
    ...(isReady(id)
      ? {readyState: 'READY', readySubstate: substate(id), status: 'READY'}
      : {readyState: 'BUILDING', status: 'BUILDING'}),
    // Its own addresses are assigned, whether the project's are or not.
    aliasAssigned: isReady(id),
    aliasError: null,
    alias: [host()],
    aliasFinal: host(),
    creator: {uid: 'user_1', username: 'deployer'},
    team: {id: 'team_1', slug: 'essai', name: 'Essai'},
    createdAt: time,
    createdIn: 'iad1',
    buildingAt: time,
    bootedAt: time,
    buildSkipped: false,
    build: {env: []},
    env: [],
    isInConcurrentBuildsQueue: false,
    isInSystemBuildsQueue: false,
    errorMessage: null,
    version: 2,
    meta: labels(store.get(id)?.message ?? ''),
    regions: ['iad1'],
    routes: null,
    plan: state.plan,
    public: false,
  })
  const listed = (id: string) => ({
    uid: id,
    name: 'essai',
    type: 'LAMBDAS',
    projectId: 'prj_1',
    target: 'production',
    url: `essai-${id}.vercel.app`,
    inspectorUrl: null,
    created: time,
    createdAt: time,
    creator: {uid: 'user_1', username: 'deployer'},
    readyState: isReady(id) ? 'READY' : 'BUILDING',
    state: isReady(id) ? 'READY' : 'BUILDING',
    ...(isReady(id) && {readySubstate: substate(id)}),
    aliasError: null,
    isRollbackCandidate: candidates().includes(id),
    meta: labels(store.get(id)?.message ?? ''),
  })
  const project = () => {
    const resources = {fluid: false, functionDefaultRegions: ['iad1']}
    return {
      id: 'prj_1',
      name: 'essai',
      accountId: 'team_1',
      alias: [],
      createdAt: time,
      directoryListing: false,
      nodeVersion: '22.x',
      deploymentExpiration: {},
      defaultResourceConfig: resources,
      resourceConfig: resources,
      targets: {},
      autoAssignCustomDomains: state.autoAssignCustomDomains,
      // Set only while the aliases move back.
      lastRollbackTarget:
        job?.type === 'rollback' && /^(pending|in-progress)$/.test(job.jobStatus) ? {} : null,
      rollingRelease: state.rollingRelease,
      paused: state.paused,
      lastAliasRequest: job && {
        fromDeploymentId: job.from,
        toDeploymentId: job.to,
        jobStatus: job.jobStatus,
        requestedAt: job.requestedAt,
        type: job.type,
      },
    }
  }
  const notFound = missing({error: {code: 'not_found', message: 'Deployment not found'}})

  const answer = routes([
    [
      /^GET \/v2\/user$/,
      () =>
        ok({
          user: {
            ...{id: 'user_1', username: 'deployer', email: 'd@example.org', name: null},
            ...{avatar: null, defaultTeamId: 'team_1', limited: true},
          },
        }),
    ],
    [/^GET \/teams\/team_1$/, () => ok({id: 'team_1', slug: 'essai', name: 'Essai'})],
    [
      /^GET \/v[12]\/teams$/,
      () => ok({teams: [{id: 'team_1', slug: 'essai', name: 'Essai'}], pagination: {}}),
    ],
    [/^GET \/v9\/projects\/prj_1$/, () => ok(project())],
    [
      /^POST \/v2\/files$/,
      (_, {body, header}) => {
        const digest = createHash('sha1').update(body).digest('hex')
        if ((header('x-now-digest') || header('x-vercel-digest')) !== digest) {
          return {status: 400, body: {error: {code: 'bad_digest', message: 'bad digest'}}}
        }
        uploads.set(digest, body)
        return ok({urls: []})
      },
    ],
    [
      /^POST \/v13\/deployments$/,
      (_, request) => {
        const given = fields(request).files
        const list: readonly {file: string; sha: string}[] = Array.isArray(given) ? given : []
        const wanted = list.map(({sha}) => sha).filter((sha) => !uploads.has(sha))
        if (wanted.length > 0) {
          return {
            status: 400,
            body: {error: {code: 'missing_files', message: 'Missing files', missing: wanted}},
          }
        }
        const files = Object.fromEntries(
          list
            .filter(({file}) => file.startsWith(output))
            .map(({file, sha}) => [
              file.slice(output.length),
              (uploads.get(sha) ?? Buffer.alloc(0)).toString('base64'),
            ]),
        )
        const message = strings(fields(request).meta).postgate ?? ''
        const id = store.add({files, message})
        if (id === null) return unavailable
        deployed(id)
        return ok(deployment(id))
      },
    ],
    [
      /^GET \/v7\/deployments$/,
      () =>
        ok({
          deployments: all().toReversed().map(listed),
          pagination: {count: made.length, next: null, prev: null},
        }),
    ],
    [
      /^GET \/v13\/deployments\/([\w.-]+)$/,
      ([id = '']) => {
        const found = store.get(id) !== undefined ? id : /^essai-(\w+)\.vercel\.app$/.exec(id)?.[1]
        return found !== undefined && store.get(found) !== undefined
          ? ok(deployment(found))
          : notFound
      },
    ],
    [/^GET \/v[23]\/now\/deployments\/[\w.-]+\/events$/, () => ok([])],
    [/^GET \/v3\/deployments\/[\w.-]+\/events$/, () => ok([])],
    [
      /^POST \/v\d+\/projects\/prj_1\/rollback\/([\w.-]+)$/,
      ([id = '']) => {
        if (store.get(id) === undefined) return notFound
        if (id !== store.live() && !candidates().includes(id)) {
          const message =
            state.plan === 'hobby'
              ? 'To roll back further than the previous production deployment, upgrade to pro'
              : 'This deployment cannot be rolled back to'
          return {status: state.plan === 'hobby' ? 402 : 409, body: {error: {code: 'x', message}}}
        }
        ask('rollback', id)
        return {status: 201, body: {}}
      },
    ],
    [
      /^POST \/v10\/projects\/prj_1\/promote\/([\w.-]+)$/,
      ([id = '']) => {
        if (store.get(id) === undefined) return notFound
        ask('promote', id)
        return {status: 201, body: {}}
      },
    ],
    [
      /^GET \/v4\/aliases\/(.+)$/,
      ([name = '']) => {
        const live = store.live()
        return live === null || decodeURIComponent(name) !== host()
          ? missing({error: {code: 'not_found', message: 'not found'}})
          : ok({
              uid: 'alias_1',
              alias: host(),
              created: '2026-01-23T14:00:00.000Z',
              createdAt: time,
              updatedAt: time,
              deploymentId: live,
              projectId: 'prj_1',
              redirect: null,
            })
      },
    ],
  ])
  return {answer, deployed, born: () => void all(), state}
}
