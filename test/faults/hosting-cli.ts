// Firebase, Netlify and Vercel: stand-ins of their CLIs behind a program that lies, and fakes of their
// APIs behind a proxy that lies.

import {writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {type FakeHost, fakeHost, type Product} from '../helpers/fake-host.ts'
import {serviceAccount} from '../helpers/service-account.ts'
import {type Fault, wrong} from './fault.ts'
import {type Liar, type Lie, liar, lies} from './liar.ts'
import {lyingProxy} from './proxy.ts'
import type {Lies, Stage} from './stage.ts'

const fixtures = resolve('test/fixtures/hosting/bin')
const settingsOf = {
  firebase: {adapter: 'firebase', project: 'essai'},
  netlify: {adapter: 'netlify', site: 'essai'},
  vercel: {adapter: 'vercel'},
}
const {publicKey, file} = serviceAccount()

interface Host {
  readonly host: FakeHost
  readonly cli: Liar
  readonly api: Awaited<ReturnType<typeof lyingProxy>>
}

const hosts = new WeakMap<Stage, Host>()

async function open(stage: Stage, product: Product): Promise<Lies> {
  const host = await fakeHost(product, publicKey)
  const api = await lyingProxy(host.api)
  const cli = liar(stage.root, product, join(fixtures, product))
  hosts.set(stage, {host, cli, api})
  stage.closing(host.close, api.close)
  // A version to go back to.
  host.born({
    message: '1 ancien',
    files: {
      'index.html': Buffer.from('<title>ancien</title>').toString('base64'),
      'config.json': Buffer.from('{}').toString('base64'),
    },
  })
  const account = join(stage.root, 'account.json')
  writeFileSync(account, file)
  return {
    project: (settings) => ({
      ...settings,
      environments: {
        staging: {
          envFile: 'env/.env.staging',
          url: host.site,
          hosting: settingsOf[product],
          defines: {API_URL: 'STAGING_URL'},
        },
      },
    }),
    runbook: (text) =>
      text.replaceAll(/step: (deploy|restore-previous) within=20s/g, 'step: $1 within=6s'),
    environment: {
      PATH: `${cli.folder}:${process.env.PATH}`,
      GOOGLE_APPLICATION_CREDENTIALS: account,
      FIREBASE_HOSTING_API_URL: api.url,
      FIREBASE_RESOURCEMANAGER_URL: api.url,
      FIREBASE_TOKEN_URL: `${api.url}/token`,
      NETLIFY_AUTH_TOKEN: host.token,
      NETLIFY_API_URL: api.url,
      VERCEL_TOKEN: host.token,
      VERCEL_ORG_ID: 'team_1',
      VERCEL_PROJECT_ID: 'prj_1',
      VERCEL_API_URL: api.url,
    },
  }
}

const of = (stage: Stage): Host => hosts.get(stage) ?? wrong('no host')

async function serves(stage: Stage, title: string): Promise<void> {
  const text = await (await fetch(`${of(stage).host.site}/index.html`)).text()
  if (!text.includes(title)) wrong(`serves ${text}, not ${title}`)
}

const uploads = (stage: Stage) =>
  of(stage).host.asked.filter((each) => each.includes('/__upload')).length

const happens: Readonly<Record<Lie, boolean>> = {
  lost: true,
  fails: false,
  hangs: true,
  nonsense: true,
  pretends: false,
  none: true,
}

const words: Readonly<Record<Lie, string>> = {
  lost: 'happens, and its answer is lost',
  fails: 'fails',
  hangs: 'happens, and the program hangs',
  nonsense: 'happens, and the answer is nonsense',
  pretends: 'is said to have happened, and did not',
  none: '',
}

const products: readonly Product[] = ['firebase', 'netlify', 'vercel']

const deployments = products.flatMap((product) =>
  lies.map(
    (lie): Fault => ({
      name: `${product}: the deployment ${words[lie]}`,
      lies: async (stage) => {
        const told = await open(stage, product)
        of(stage).cli.tell(lie)
        return told
      },
      // Vercel's switch is waited for: what never comes is unknown, not a failure.
      exit: happens[lie] ? 0 : product === 'vercel' && lie === 'pretends' ? 3 : 1,
      check: async (stage) => {
        await serves(stage, happens[lie] ? 'nouveau' : 'ancien')
        if (happens[lie] && uploads(stage) !== 1) wrong(`${uploads(stage)} deployments`)
      },
      ...(!happens[lie] && {
        next: {
          after: async (stage) => {
            of(stage).cli.tell('none')
            return undefined
          },
          exit: 0,
        },
      }),
    }),
  ),
)

const answers = products.flatMap((product) =>
  (['status 503', 'cut', 'web page', 'other JSON'] as const).map(
    (lie): Fault => ({
      name: `${product}: deployed, and the API answers with ${lie}`,
      lies: async (stage) => {
        const told = await open(stage, product)
        return {
          ...told,
          before: {
            // Netlify's and Firebase's CLIs ask the same API first: only what is asked afterwards is lied to.
            deploy: () =>
              of(stage).api.tell(
                lie,
                (path) => path !== '/__upload' && (product === 'vercel' || uploads(stage) > 0),
              ),
          },
        }
      },
      exit: 3,
      says: /does not say what is live/,
      next: {
        after: async (stage) => {
          of(stage).api.tell('none')
          return undefined
        },
        exit: 0,
      },
      // Vercel's address is asked for before it is deployed to.
      check: (stage) => (product === 'vercel' ? undefined : serves(stage, 'nouveau')),
    }),
  ),
)

const silent: Fault = {
  name: 'netlify: the API never says who is signed in',
  lies: async (stage) => {
    const told = await open(stage, 'netlify')
    of(stage).api.tell('silence', (path) => path.endsWith('/user'))
    return told
  },
  exit: 3,
  says: /does not answer/,
  next: {
    after: async (stage) => {
      of(stage).api.tell('none')
      return undefined
    },
    exit: 0,
  },
}

const restores = products.map(
  (product): Fault => ({
    name: `${product}: going back pretends, then really happens`,
    lies: (stage) => open(stage, product),
    exit: 0,
    next: {
      after: async (stage) => {
        of(stage).cli.tell('pretends')
        return undefined
      },
      flags: {rollback: 'essai'},
      exit: 1,
      says: /ROLLBACK NOT PROVEN[\s\S]*By hand, now/,
      next: {
        after: async (stage) => {
          of(stage).cli.tell('lost')
          return undefined
        },
        flags: {rollback: 'encore'},
        exit: 1,
        says: /Rolled back/,
      },
    },
  }),
)

export const faults: readonly Fault[] = [...deployments, ...answers, silent, ...restores]
