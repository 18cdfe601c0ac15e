// A sandbox whose two environments are hosted elsewhere: by a vendor (its API a fake, its CLI the
// stand-in that the recorded exchanges check), or over SSH. What is served is still the sandbox's own.

import {appendFileSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {parseDocument} from 'yaml'
import type {Bundle} from '../helpers/bundle-runs.ts'
import {fakeHost, type Product} from '../helpers/fake-host.ts'
import {serviceAccount} from '../helpers/service-account.ts'
import {startSshd} from '../helpers/sshd.ts'
import {standIns} from '../helpers/vendor-stand.ts'
import {folderStore} from '../helpers/vendors/folder-store.ts'

export type HostName = Product | 'folder' | 'ssh'

export interface SandboxHost {
  /** Variables that the commands need. */
  readonly env: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

const environments = ['staging', 'production'] as const
/** A site or project of its own for each: STAGING is never PRODUCTION. */
const names = {
  staging: {site: 'essai', project: 'prj_1'},
  production: {site: 'essai-prod', project: 'prj_9'},
}
type Environment = (typeof environments)[number]
const envFiles = {staging: 'env/.env.staging', production: 'env/.env.prod'}

/** Commits the change of `postgate.yaml`, as the project's people would. */
export async function useHost(bundle: Bundle, host: HostName): Promise<SandboxHost> {
  if (host === 'folder') return {env: {}, close: async () => {}}
  return host === 'ssh' ? overSsh(bundle) : byVendor(bundle, host)
}

async function overSsh(bundle: Bundle): Promise<SandboxHost> {
  const server = await startSshd(join(bundle.path, `.sshd-${process.hrtime.bigint()}`))
  rehost(bundle, (environment) => ({
    adapter: 'ssh',
    host: `${server.user}@127.0.0.1`,
    port: server.port,
    root: bundle.paths.hosting[environment],
    identity: server.identity,
    knownHosts: server.knownHosts,
  }))
  return {env: {}, close: server.close}
}

async function byVendor(bundle: Bundle, product: Product): Promise<SandboxHost> {
  const {publicKey, file} = serviceAccount()
  const account = join(bundle.path, '.account.json')
  writeFileSync(account, file)
  const hosts = await Promise.all(
    environments.map((environment) =>
      fakeHost(product, publicKey, {
        store: folderStore(bundle.paths.hosting[environment], product.slice(0, 3)),
        address: () => urlOf(bundle, environment),
        called: names[environment][product === 'vercel' ? 'project' : 'site'],
      }),
    ),
  )
  const close = async () => {
    await Promise.all(hosts.map((host) => host.close()))
  }
  for (const [index, environment] of environments.entries()) {
    const {api = '', token = ''} = hosts[index] ?? {}
    const values = {
      firebase: {
        GOOGLE_APPLICATION_CREDENTIALS: account,
        FIREBASE_HOSTING_API_URL: api,
        FIREBASE_RESOURCEMANAGER_URL: api,
        FIREBASE_TOKEN_URL: api,
      },
      netlify: {NETLIFY_AUTH_TOKEN: token, NETLIFY_API_URL: api},
      vercel: {
        VERCEL_TOKEN: token,
        VERCEL_ORG_ID: 'team_1',
        VERCEL_PROJECT_ID: names[environment].project,
        VERCEL_API_URL: api,
      },
    }[product]
    const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`)
    const file = join(bundle.paths.project, envFiles[environment])
    const own = readFileSync(file, 'utf8').replace(/^(FIREBASE|GOOGLE|NETLIFY|VERCEL)_.*\n/gm, '')
    writeFileSync(file, own)
    appendFileSync(file, lines.join(''))
  }
  rehost(
    bundle,
    (environment) =>
      ({
        firebase: {adapter: 'firebase', project: names[environment].site},
        netlify: {adapter: 'netlify', site: names[environment].site},
        vercel: {adapter: 'vercel'},
      })[product],
  )
  return {
    env: {PATH: `${standIns}:${process.env.PATH}`},
    close,
  }
}

function rehost(bundle: Bundle, hosting: (environment: Environment) => object): void {
  const path = join(bundle.paths.project, 'postgate.yaml')
  const document = parseDocument(readFileSync(path, 'utf8'))
  for (const environment of environments) {
    document.setIn(['environments', environment, 'hosting'], hosting(environment))
  }
  writeFileSync(path, document.toString())
  const who = ['-c', 'user.name=Paul Lemaire', '-c', 'user.email=paul@example.org']
  bundle.git(...who, 'commit', '--quiet', '--allow-empty', '--all', '-m', 'Un autre hébergeur')
  bundle.git('push', '--quiet', '--no-verify', bundle.paths.remote, 'HEAD:main')
}

/** As `postgate.yaml` says it now: a sandbox may move to other ports. */
const urlOf = (bundle: Bundle, environment: Environment): string =>
  String(parseDocument(bundle.read('postgate.yaml')).getIn(['environments', environment, 'url']))
