// Firebase, Netlify and Vercel for the hosting contract: the adapter, a fake of the vendor's API, and
// either a stand-in of its CLI, which refuses any other argument, or the real one.

import {join, resolve} from 'node:path'
import {firebase} from '../../scripts/lib/adapters/hosting/firebase.ts'
import {netlify} from '../../scripts/lib/adapters/hosting/netlify.ts'
import {vercel} from '../../scripts/lib/adapters/hosting/vercel.ts'
import type {AdapterTools} from '../../scripts/lib/kit/adapter-tools.ts'
import {readEnvFile} from '../../scripts/lib/policy/env-file.ts'
import type {Condition, Expected, Stand} from '../lib/adapters/hosting/contract.ts'
import {type FakeHost, fakeHost, type Product} from './fake-host.ts'
import {fencesOf} from './fences.ts'
import {temporaryFolder} from './folder.ts'
import {serviceAccount} from './service-account.ts'
import {testProject, testTools, testWorld} from './world.ts'

export const products: readonly Product[] = ['firebase', 'netlify', 'vercel']

const fence = fencesOf('runbooks/staging.md')
export const standIns = resolve('test/fixtures/hosting/bin')
const adapters = {firebase, netlify, vercel}
const account = serviceAccount()

const settingsOf = (product: Product, site: string) =>
  ({
    firebase: {adapter: 'firebase', project: site},
    netlify: {adapter: 'netlify', site},
    vercel: {adapter: 'vercel'},
  })[product]

/** What a flaw changes; an empty variable is unset. */
const flawed = (product: Product, condition: Condition | undefined): Record<string, string> => {
  switch (condition) {
    case 'no-program':
      return {PATH: '/nowhere'}
    case 'session':
    case 'signed-out':
      return {GOOGLE_APPLICATION_CREDENTIALS: '', NETLIFY_AUTH_TOKEN: '', VERCEL_TOKEN: ''}
    case 'expired':
      return {NETLIFY_AUTH_TOKEN: 'expired', VERCEL_TOKEN: 'expired'}
    case 'wrong-site':
      return product === 'vercel' ? {VERCEL_PROJECT_ID: 'prj_2'} : {}
    default:
      return {}
  }
}

/** What the contract expects of each. */
export const vendorExpected: Readonly<Record<Product, Expected>> = {
  firebase: {
    who: /deploy@essai\.example\.org → essai/,
    session: /anne@example\.org → essai/,
    flaws: {
      'no-program': /npm install --global firebase-tools/,
      'signed-out': /export GOOGLE_APPLICATION_CREDENTIALS=/,
      expired: /export GOOGLE_APPLICATION_CREDENTIALS=/,
      'wrong-site': /the site autre does not exist/,
    },
  },
  netlify: {
    who: /deploy@example\.org → essai/,
    session: /deploy@example\.org → essai/,
    flaws: {
      'no-program': /npm install --global netlify-cli/,
      'signed-out': /export NETLIFY_AUTH_TOKEN=/,
      expired: /export NETLIFY_AUTH_TOKEN=/,
      'wrong-site': /autre\.netlify\.app does not exist/,
    },
  },
  vercel: {
    who: /deployer → 127\.0\.0\.1/,
    session: /deployer → 127/,
    flaws: {
      'no-program': /npm install --global vercel/,
      'signed-out': /export VERCEL_TOKEN=/,
      expired: /export VERCEL_TOKEN=/,
      'wrong-site': /prj_2/,
    },
  },
}

export interface VendorStand extends Stand {
  readonly host: FakeHost
  /** Those with which the adapter was made. */
  readonly tools: AdapterTools
}

export interface VendorOptions {
  readonly condition?: Condition | undefined
  /** Replaces variables; an empty one unsets. */
  readonly environment?: Readonly<Record<string, string>>
  /** Replaces settings of the host. */
  readonly settings?: Readonly<Record<string, string>>
  /** How PRODUCTION is hosted, and what its env file says. */
  readonly production?: {
    readonly hosting: Readonly<Record<string, string>>
    readonly env?: Readonly<Record<string, string>>
  }
  /** The folder with the CLI, made for this fake; the stand-ins where it is not given. */
  readonly cli?: (
    host: FakeHost,
    root: string,
  ) => Promise<{
    readonly bin: string
    /** Leaves what `login` would leave. */
    readonly signIn: () => void
    readonly close: () => Promise<void>
  }>
}

export async function vendorStand(
  product: Product,
  {condition, environment = {}, settings: given, production, cli}: VendorOptions = {},
): Promise<VendorStand> {
  const host = await fakeHost(product, account.publicKey)
  const changes = flawed(product, condition)
  const {file} = condition === 'expired' ? serviceAccount() : account
  const project = temporaryFolder({'account.json': file})
  const program = await cli?.(host, join(project.path, 'cli'))
  if (condition === 'session') {
    if (program === undefined) project.write({'home/.session': host.token})
    else program.signIn()
  }
  const variables = {
    PATH: `${program?.bin ?? standIns}:${process.env.PATH}`,
    HOME: join(project.path, 'home'),
    GOOGLE_APPLICATION_CREDENTIALS: join(project.path, 'account.json'),
    FIREBASE_HOSTING_API_URL: host.api,
    FIREBASE_RESOURCEMANAGER_URL: host.api,
    FIREBASE_TOKEN_URL: host.api,
    NETLIFY_AUTH_TOKEN: host.token,
    NETLIFY_API_URL: host.api,
    VERCEL_TOKEN: host.token,
    VERCEL_ORG_ID: 'team_1',
    VERCEL_PROJECT_ID: 'prj_1',
    VERCEL_API_URL: host.api,
    ...changes,
    ...environment,
  }
  const site = condition === 'wrong-site' ? 'autre' : 'essai'
  const settings = testProject({
    environments: {
      staging: {envFile: 'env', url: host.site, hosting: {...settingsOf(product, site), ...given}},
      ...(production !== undefined && {
        production: {
          ...{envFile: 'env.prod', url: 'https://prod.example.org'},
          hosting: {adapter: product, ...production.hosting},
        },
      }),
    },
  })
  const world = testWorld({
    project: project.path,
    cache: join(project.path, 'cache'),
    environment: variables,
  })
  const others = Object.entries(production?.env ?? {}).map((entry) => `${entry.join('=')}\n`)
  project.write({'env.prod': others.join('')})
  const otherEnv = await readEnvFile(join(project.path, 'env.prod'), 'env.prod')
  const tools = await testTools({world, project: settings, fence, otherEnv})
  return {
    host,
    tools,
    hosting: adapters[product](tools, settings.environments.staging),
    byHand: {cwd: join(project.path, 'cache/hosting', `${product}-staging`), env: variables},
    close: async () => {
      await program?.close()
      await host.close()
      project.remove()
    },
  }
}
