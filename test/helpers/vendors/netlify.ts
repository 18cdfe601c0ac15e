// Netlify's API as netlify-cli uses it: a deploy lists its files by SHA-1, those that are missing are
// uploaded, and the deploy becomes ready and, unless it is a draft, the published one.

import {broken, fields, missing, ok, routes, type Store, strings, type VendorApi} from './store.ts'

const siteId = '00000000-0000-4000-8000-000000000001'

export function netlifyApi(store: Store): VendorApi {
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
      published_deploy:
        deployment === undefined
          ? null
          : {id: live, title: deployment.message, published_at: '2026-01-23T14:00:00Z'},
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

  return routes([
    [/^GET \/api\/v1\/user$/, () => ok({id: 'user-1', email: 'deploy@example.org'})],
    [/^GET \/api\/v1\/accounts$/, () => ok([{id: 'account-1', slug: 'essai', name: 'Essai'}])],
    [
      /^GET \/api\/v1\/sites$/,
      (_, {query}) => ok(query.get('name') === 'essai' || !query.has('name') ? [site()] : []),
    ],
    [
      /^GET \/api\/v1\/sites\/([^/]+)$/,
      ([id = '']) => (id === siteId || id === 'essai.netlify.app' ? ok(site()) : missing()),
    ],
    [
      /^POST \/api\/v1\/sites\/[^/]+\/deploys$/,
      (_, request) => {
        made += 1
        const id = `draft${made}`
        const {title, draft} = {...fields(request)}
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
        if (known === undefined) return missing()
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
        if (files === undefined) return missing()
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
          return store.get(id) !== undefined ? ok(deploy(id, 'ready')) : missing()
        const files = uploads.get(id) ?? {}
        const made = store.add({files, message: known.title})
        if (made === null) return broken
        open.delete(id)
        if (!known.draft) store.release(made)
        return ok(deploy(made, 'ready'))
      },
    ],
    [/^POST \/api\/v1\/deploys\/\w+\/cancel$/, () => ok({})],
    [
      /^POST \/api\/v1\/sites\/(?:essai\.netlify\.app|[\w-]{36})\/deploys\/([\w.-]+)\/restore$/,
      ([id = '']) => (store.release(id) ? ok(deploy(id, 'ready')) : missing()),
    ],
  ])
}
