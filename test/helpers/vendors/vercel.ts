// Vercel's API as its CLI uses it: files go up by their SHA-1, a deployment names them, is built (here
// at once) and aliased to the project's addresses; a rollback moves the aliases.

import {createHash} from 'node:crypto'
import {broken, fields, missing, ok, routes, type Store, strings, type VendorApi} from './store.ts'

const output = '.vercel/output/static/'
const labels = (message: string) => (message === '' ? {} : {postgate: message})

/** `host`: the project's production address. */
export function vercelApi(store: Store, host: () => string): VendorApi {
  const uploads = new Map<string, Buffer>()
  let rollback: {id: string; status: string} | null = null

  const deployment = (id: string) => ({
    id,
    uid: id,
    name: 'essai',
    projectId: 'prj_1',
    ownerId: 'team_1',
    target: 'production',
    url: `essai-${id}.vercel.app`,
    inspectorUrl: `https://vercel.com/essai/essai/${id}`,
    readyState: 'READY',
    readySubstate: 'PROMOTED',
    status: 'READY',
    aliasAssigned: true,
    alias: [host()],
    aliasFinal: host(),
    creator: {uid: 'user_1', username: 'deployer'},
    team: {id: 'team_1', slug: 'essai'},
    createdAt: 1769176800000,
    created: 1769176800000,
    version: 2,
    meta: labels(store.get(id)?.message ?? ''),
    regions: ['iad1'],
    plan: 'pro',
    public: false,
  })

  return routes([
    [
      /^GET \/v2\/user$/,
      () => ok({user: {id: 'user_1', username: 'deployer', email: 'd@example.org'}}),
    ],
    [/^GET \/teams\/team_1$/, () => ok({id: 'team_1', slug: 'essai', name: 'Essai'})],
    [
      /^GET \/v[12]\/teams$/,
      () => ok({teams: [{id: 'team_1', slug: 'essai', name: 'Essai'}], pagination: {}}),
    ],
    [
      /^GET \/v9\/projects\/prj_1$/,
      () =>
        ok({
          id: 'prj_1',
          name: 'essai',
          accountId: 'team_1',
          createdAt: 1769176800000,
          targets: {production: store.live() === null ? null : deployment(store.live() ?? '')},
          lastRollbackTarget: null,
          lastAliasRequest:
            rollback === null
              ? null
              : {
                  fromDeploymentId: 'dpl_0',
                  toDeploymentId: rollback.id,
                  jobStatus: rollback.status,
                  requestedAt: Date.now(),
                  type: 'rollback',
                },
        }),
    ],
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
        if (id === null) return broken
        store.release(id)
        return ok(deployment(id))
      },
    ],
    [
      /^GET \/v13\/deployments\/([\w.-]+)$/,
      ([id = '']) => {
        const found = store.get(id) !== undefined ? id : /^essai-(\w+)\.vercel\.app$/.exec(id)?.[1]
        return found !== undefined && store.get(found) !== undefined
          ? ok(deployment(found))
          : missing({error: {code: 'not_found', message: 'Deployment not found'}})
      },
    ],
    [/^GET \/v[23]\/now\/deployments\/\w+\/events$/, () => ok([])],
    [/^GET \/v3\/deployments\/\w+\/events$/, () => ok([])],
    [
      /^POST \/v\d+\/projects\/prj_1\/rollback\/(\w+)$/,
      ([id = '']) => {
        if (!store.release(id)) return missing({error: {code: 'not_found', message: 'not found'}})
        rollback = {id, status: 'succeeded'}
        return ok({})
      },
    ],
    [
      /^GET \/v4\/aliases\/(.+)$/,
      ([name = '']) => {
        const live = store.live()
        return live === null || decodeURIComponent(name) !== host()
          ? missing({error: {code: 'not_found', message: 'not found'}})
          : ok({alias: host(), deploymentId: live, updatedAt: 1769176800000})
      },
    ],
  ])
}
