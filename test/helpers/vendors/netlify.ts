// Netlify's API as netlify-cli uses it: a deploy lists its files by SHA-1, those that are missing are
// uploaded, and the deploy becomes ready and, unless it is a draft or publishing is locked, the
// published one.

import {fields, missing, ok, routes, type Store, strings, type Vendor} from './store.ts'

const siteId = '00000000-0000-4000-8000-000000000001'

/** Its errors carry a code and a message. */
const notFound = missing({code: 404, message: 'Not Found'})

export interface NetlifyState {
  /** Whether the published deploy is locked: then a deploy to production stays unpublished. */
  locked: boolean
  /** Whether production takes nothing but what is built from git. */
  preventNonGitProdDeploys: boolean
}

export function netlifyApi(store: Store): Vendor & {state: NetlifyState} {
  const state: NetlifyState = {locked: false, preventNonGitProdDeploys: false}
  const uploads = new Map<string, Record<string, string>>()
  const open = new Map<string, {id: string; title: string; draft: boolean}>()
  let made = 0

  const site = () => {
    const live = store.live()
    const deployment = live === null ? undefined : store.get(live)
    return {
      id: siteId,
      name: 'essai',
      url: 'https://essai.netlify.app',
      ssl_url: 'https://essai.netlify.app',
      admin_url: 'https://app.netlify.com/projects/essai',
      account_slug: 'essai',
      build_settings: {},
      prevent_non_git_prod_deploys: state.preventNonGitProdDeploys,
      // Netlify leaves it out, or says null, where nothing was ever published.
      ...(deployment !== undefined && {
        published_deploy: {
          id: live,
          title: deployment.message,
          published_at: '2026-01-23T14:00:00Z',
          locked: state.locked,
        },
      }),
    }
  }
  const deploy = (id: string, state: string) => ({
    id,
    state,
    site_id: siteId,
    name: 'essai',
    admin_url: 'https://app.netlify.com/projects/essai',
    ssl_url: 'https://essai.netlify.app',
    deploy_ssl_url: `https://${id}--essai.netlify.app`,
    required: [],
    required_functions: [],
  })

  const deployed = (id: string) =>
    !state.preventNonGitProdDeploys && (state.locked || store.release(id))

  const known = routes([
    [/^GET \/api\/v1\/user$/, () => ok({id: 'user-1', email: 'deploy@example.org'})],
    [/^GET \/api\/v1\/accounts$/, () => ok([{id: 'account-1', slug: 'essai', name: 'Essai'}])],
    [
      /^GET \/api\/v1\/sites$/,
      (_, {query}) => ok(query.get('name') === 'essai' || !query.has('name') ? [site()] : []),
    ],
    [
      /^GET \/api\/v1\/sites\/([^/]+)$/,
      ([id = '']) => (id === siteId || id === 'essai.netlify.app' ? ok(site()) : notFound),
    ],
    [
      /^POST \/api\/v1\/sites\/[^/]+\/deploys$/,
      (_, request) => {
        made += 1
        const id = `draft${made}`
        const {title, draft} = {...fields(request)}
        if (state.preventNonGitProdDeploys && draft !== true) {
          return {status: 422, body: {code: 422, message: 'Production deploys come from git only'}}
        }
        open.set(id, {
          id,
          title: request.query.get('title') ?? (typeof title === 'string' ? title : ''),
          draft: draft === true,
        })
        return ok(deploy(id, 'new'))
      },
    ],
    [
      /^PUT \/api\/v1\/sites\/[^/]+\/deploys\/(\w+)$/,
      ([id = ''], request) => {
        const known = open.get(id)
        if (known === undefined) return notFound
        const {files, draft} = fields(request)
        open.set(id, {...known, draft: draft === true})
        uploads.set(id, {})
        return ok({...deploy(id, 'uploading'), required: Object.values(strings(files))})
      },
    ],
    [
      /^PUT \/api\/v1\/deploys\/(\w+)\/files\/(.+)$/,
      ([id = '', path = ''], {body}) => {
        const files = uploads.get(id)
        if (files === undefined) return notFound
        // The CLI encodes a path that its client encodes once more.
        files[decodeURIComponent(decodeURIComponent(path))] = body.toString('base64')
        return ok({id: path, path})
      },
    ],
    [
      /^GET \/api\/v1\/(?:sites\/[^/]+\/)?deploys\/([\w.-]+)$/,
      ([id = '']) => {
        const known = open.get(id)
        if (known === undefined)
          return store.get(id) !== undefined ? ok(deploy(id, 'ready')) : notFound
        const files = uploads.get(id) ?? {}
        const made = store.add({files, message: known.title})
        if (made === null) return {status: 503, body: {code: 503, message: 'try later'}}
        open.delete(id)
        if (!known.draft) deployed(made)
        return ok(deploy(made, 'ready'))
      },
    ],
    [/^POST \/api\/v1\/deploys\/\w+\/cancel$/, () => ok({})],
    [
      /^POST \/api\/v1\/sites\/(?:essai\.netlify\.app|[\w-]{36})\/deploys\/([\w.-]+)\/restore$/,
      ([id = '']) => (store.release(id) ? {status: 201, body: deploy(id, 'ready')} : notFound),
    ],
  ])
  return {answer: (request) => known(request) ?? notFound, deployed, state}
}
