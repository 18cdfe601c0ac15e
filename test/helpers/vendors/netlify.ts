// Netlify's API as netlify-cli uses it: a deploy lists its files by SHA-1, those that are missing are
// uploaded, and a moment after the last one the deploy becomes ready and, unless it is a draft or
// publishing is locked, the published one, whether its client still asks or not.

import {fields, missing, ok, routes, type Store, strings, type Vendor} from './store.ts'

/** How long a deploy is processed. */
const delayMs = 250

/** A deploy that is not ready. */
interface Open {
  readonly title: string
  readonly draft: boolean
  readonly state: 'new' | 'uploading' | 'processing' | 'error'
  /** How many files are to be uploaded. */
  readonly wanted: number
}

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
  const open = new Map<string, Open>()
  /** Deploys by the id that they were opened with, oldest first. */
  const listed: {id: string; title: string; state: () => string}[] = []
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

  const publish = (id: string) =>
    !state.preventNonGitProdDeploys && (state.locked || store.release(id))
  const deployed = (id: string) => {
    listed.push({id, title: store.get(id)?.message ?? '', state: () => 'ready'})
    return publish(id)
  }

  /** The ids that deploys got when they were ready. */
  const ready = new Map<string, string>()
  const change = (id: string, changes: Partial<Open>) => {
    const known = open.get(id)
    if (known !== undefined) open.set(id, {...known, ...changes})
  }
  const uploaded = (id: string) => {
    const known = open.get(id)
    const files = uploads.get(id) ?? {}
    if (known?.state !== 'uploading' || Object.keys(files).length < known.wanted) return
    change(id, {state: 'processing'})
    setTimeout(() => {
      const made = store.add({files, message: known.title})
      if (made === null) return change(id, {state: 'error'})
      ready.set(id, made)
      open.delete(id)
      if (!known.draft) publish(made)
    }, delayMs).unref()
  }

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
        const label = request.query.get('title') ?? (typeof title === 'string' ? title : '')
        open.set(id, {title: label, draft: draft === true, state: 'new', wanted: 0})
        listed.push({id, title: label, state: () => open.get(id)?.state ?? 'ready'})
        return ok(deploy(id, 'new'))
      },
    ],
    [
      /^PUT \/api\/v1\/sites\/[^/]+\/deploys\/(\w+)$/,
      ([id = ''], request) => {
        if (!open.has(id)) return notFound
        const {files, draft} = fields(request)
        const required = [...new Set(Object.values(strings(files)))]
        change(id, {draft: draft === true, state: 'uploading', wanted: required.length})
        uploads.set(id, {})
        uploaded(id)
        return ok({...deploy(id, 'uploading'), required})
      },
    ],
    [
      /^PUT \/api\/v1\/deploys\/(\w+)\/files\/(.+)$/,
      ([id = '', path = ''], {body}) => {
        const files = uploads.get(id)
        if (files === undefined) return notFound
        // The CLI encodes a path that its client encodes once more.
        files[decodeURIComponent(decodeURIComponent(path))] = body.toString('base64')
        uploaded(id)
        return ok({id: path, path})
      },
    ],
    [
      /^GET \/api\/v1\/(?:sites\/[^/]+\/)?deploys\/([\w.-]+)$/,
      ([id = '']) => {
        const known = open.get(id)
        if (known?.state === 'error') return {status: 503, body: {code: 503, message: 'try later'}}
        if (known !== undefined) return ok(deploy(id, known.state))
        const made = ready.get(id) ?? id
        return store.get(made) === undefined ? notFound : ok(deploy(made, 'ready'))
      },
    ],
    [
      /^GET \/api\/v1\/sites\/[^/]+\/deploys$/,
      () =>
        ok(
          listed
            .toReversed()
            .map(({id, title, state}) => ({...deploy(ready.get(id) ?? id, state()), title})),
        ),
    ],
    [/^POST \/api\/v1\/deploys\/\w+\/cancel$/, () => ok({})],
    [
      /^POST \/api\/v1\/sites\/(?:essai\.netlify\.app|[\w-]{36})\/deploys\/([\w.-]+)\/restore$/,
      ([id = '']) => (store.release(id) ? {status: 201, body: deploy(id, 'ready')} : notFound),
    ],
  ])
  return {answer: (request) => known(request) ?? notFound, deployed, state}
}
