// Firebase Hosting's API as firebase-tools uses it: a version is made, filled with gzipped files by
// their hash, finalized, and released to the channel `live`.

import {gunzipSync} from 'node:zlib'
import {
  type ApiAnswer,
  fields,
  missing,
  ok,
  routes,
  type Store,
  strings,
  unavailable,
  type Vendor,
} from './store.ts'

const site = 'essai'

/** Of what is asked, what the account has; where that is nothing, no field at all. */
function rights({permissions}: Readonly<Record<string, unknown>>): ApiAnswer {
  const asked = Array.isArray(permissions) ? permissions : []
  const bad = asked.find((each) => !/^\w+(?:\.\w+)+$/.test(String(each)))
  if (asked.length === 0 || bad !== undefined)
    return refused(400, `Permission ${String(bad ?? '')} is not valid for this resource.`)
  const has = asked.filter((each) => granted.includes(String(each)))
  return ok(has.length === 0 ? {} : {permissions: has})
}

/** As `roles/firebasehosting.admin` holds them. */
const granted = [
  ...['firebase.clients.get', 'firebase.clients.list', 'firebase.projects.get'],
  ...['create', 'delete', 'get', 'list', 'update'].map((verb) => `firebasehosting.sites.${verb}`),
]

const refused = (code: number, message: string): ApiAnswer => ({
  status: code,
  body: {
    error: {code, message, status: code === 403 ? 'PERMISSION_DENIED' : 'INVALID_ARGUMENT'},
  },
})

/** A project that is not there is answered as one of somebody else's. */
const notYours = refused(403, 'The caller does not have permission')

export function firebaseApi(store: Store): Vendor {
  const uploads = new Map<string, Buffer>()
  /** Path to hash, by version; what is not finalized has no deployment yet. */
  const drafts = new Map<string, Record<string, string>>()
  /** The deployment that a version became. */
  const finalized = new Map<string, string>()
  let made = 0
  let message: string | undefined

  const release = () => {
    const live = store.live()
    if (live === null) return {}
    const said = message ?? store.get(live)?.message
    return {
      release: {
        name: `projects/1/sites/${site}/channels/live/releases/1`,
        ...(said !== undefined && said !== '' && {message: said}),
        releaseTime: '2026-01-23T14:00:00Z',
        version: {name: `projects/1/sites/${site}/versions/${live}`, status: 'FINALIZED'},
      },
    }
  }

  const answer = routes([
    [
      /^POST \/v1\/projects\/([\w-]+):testIamPermissions$/,
      ([project], request) => (project === site ? rights(fields(request)) : notYours),
    ],
    [/^GET \/v1\/projects\/essai\/services\/[\w.]+$/, () => ok({state: 'ENABLED'})],
    [
      /^GET \/v1beta1\/projects\/essai$/,
      () => ok({projectId: 'essai', projectNumber: '1', resources: {hostingSite: site}}),
    ],
    [
      /^GET \/v1beta1\/projects\/[\w-]+\/sites\/essai$/,
      () => ok({name: `projects/essai/sites/${site}`, defaultUrl: 'https://essai.web.app'}),
    ],
    [
      /^GET \/v1beta1\/(?:projects\/[\w-]+\/)?sites\/essai\/channels\/live$/,
      () =>
        ok({
          name: `projects/1/sites/${site}/channels/live`,
          url: 'https://essai.web.app',
          ...release(),
        }),
    ],
    [
      /^GET \/v1beta1\/projects\/[\w-]+\/sites\/essai\/channels$/,
      () =>
        ok({
          channels: [
            {
              name: `projects/1/sites/${site}/channels/live`,
              url: 'https://essai.web.app',
              createTime: '2026-01-01T00:00:00Z',
              updateTime: '2026-01-01T00:00:00Z',
              ...release(),
            },
          ],
        }),
    ],
    [
      /^POST \/v1beta1\/projects\/[\w-]+\/sites\/essai\/versions$/,
      () => {
        made += 1
        const version = `version${made}`
        drafts.set(version, {})
        return ok({name: `projects/1/sites/${site}/versions/${version}`, status: 'CREATED'})
      },
    ],
    [
      /^GET \/v1beta1\/sites\/essai\/versions\/([\w.-]+)$/,
      ([id = '']) => (store.get(id) === undefined ? missing() : ok({status: 'FINALIZED'})),
    ],
    [
      /^POST \/v1beta1\/projects\/[\w-]+\/sites\/essai\/versions\/(\w+):populateFiles$/,
      ([version = ''], request) => {
        const draft = drafts.get(version)
        if (draft === undefined) return missing()
        const files = strings(fields(request).files)
        Object.assign(draft, files)
        const wanted = [...new Set(Object.values(files))].filter((hash) => !uploads.has(hash))
        return ok({
          uploadRequiredHashes: wanted,
          uploadUrl: `https://upload-firebasehosting.googleapis.com/upload/sites/${site}/versions/${version}/files`,
        })
      },
    ],
    [
      /^POST \/upload\/sites\/essai\/versions\/\w+\/files\/([0-9a-f]{64})$/,
      ([hash = ''], {body}) => {
        uploads.set(hash, gunzipSync(body))
        return ok({})
      },
    ],
    [
      /^PATCH \/v1beta1\/projects\/[\w-]+\/sites\/essai\/versions\/(\w+)$/,
      ([version = '']) => {
        const draft = drafts.get(version)
        if (draft === undefined) return missing()
        const files = Object.fromEntries(
          Object.entries(draft).map(([path, hash]) => [
            decodeURIComponent(path.replace(/^\//, '')),
            (uploads.get(hash) ?? Buffer.alloc(0)).toString('base64'),
          ]),
        )
        const id = store.add({files, message: ''})
        if (id === null) return unavailable
        finalized.set(version, id)
        return ok({name: `projects/1/sites/${site}/versions/${version}`, status: 'FINALIZED'})
      },
    ],
    [
      /^POST \/v1beta1\/projects\/[\w-]+\/sites\/essai\/channels\/live\/releases$/,
      (_, request) => {
        const version = request.query.get('versionName')?.split('/').at(-1) ?? ''
        const id = finalized.get(version) ?? version
        if (!store.release(id)) return missing()
        const said = fields(request).message
        // A release that was cloned back carries no message.
        message = typeof said === 'string' ? said : ''
        return ok({name: `projects/1/sites/${site}/channels/live/releases/2`, type: 'DEPLOY'})
      },
    ],
  ])
  return {answer, deployed: store.release}
}
