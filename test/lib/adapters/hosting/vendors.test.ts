// Firebase, Netlify and Vercel against stand-ins of their CLIs, which refuse any other argument, and
// fakes of their APIs. The commands pass the guard as the runbook lists them.

import {generateKeyPairSync} from 'node:crypto'
import {join, resolve} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {firebase} from '../../../../scripts/lib/adapters/hosting/firebase.ts'
import {netlify} from '../../../../scripts/lib/adapters/hosting/netlify.ts'
import {vercel} from '../../../../scripts/lib/adapters/hosting/vercel.ts'
import {manifestOf} from '../../../../scripts/lib/engine/manifest.ts'
import {fakeHost, type Product} from '../../../helpers/fake-host.ts'
import {temporaryFolder} from '../../../helpers/folder.ts'
import {perform, testProject, testTools, testWorld} from '../../../helpers/world.ts'
import {application, hostingContract, type Stand} from './contract.ts'

const fence = `firebase deploy --only hosting --project <projet> --non-interactive --json -m <message>
firebase hosting:clone <site>@<version> <site>:live --project <projet> --json
netlify deploy --prod --no-build --dir <dossier> --site <site> --message <message> --json
netlify api restoreSiteDeploy --data <json>
vercel deploy --prebuilt --prod --yes
vercel rollback <id> --yes --timeout 3m`

const bin = resolve('test/fixtures/hosting/bin')
const path = `${bin}:${process.env.PATH}`
const adapters = {firebase, netlify, vercel}
const settingsOf = {
  firebase: {adapter: 'firebase', project: 'essai'},
  netlify: {adapter: 'netlify', site: 'essai'},
  vercel: {adapter: 'vercel'},
}
const {privateKey, publicKey} = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: {type: 'spki', format: 'pem'},
  privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
})

/** `environment` replaces variables; an empty one unsets. */
async function open(
  product: Product,
  environment: Readonly<Record<string, string>> = {},
): Promise<Stand & {asked: readonly string[]}> {
  const host = await fakeHost(product, publicKey)
  const project = temporaryFolder({
    'account.json': JSON.stringify({
      type: 'service_account',
      client_email: 'deploy@essai.example.org',
      private_key: privateKey,
    }),
  })
  const variables = {
    PATH: path,
    GOOGLE_APPLICATION_CREDENTIALS: join(project.path, 'account.json'),
    FIREBASE_HOSTING_API_URL: host.api,
    FIREBASE_TOKEN_URL: `${host.api}/token`,
    NETLIFY_AUTH_TOKEN: host.token,
    NETLIFY_API_URL: host.api,
    VERCEL_TOKEN: host.token,
    VERCEL_ORG_ID: 'team_1',
    VERCEL_PROJECT_ID: 'prj_1',
    VERCEL_API_URL: host.api,
    ...environment,
  }
  const settings = testProject({
    environments: {staging: {envFile: 'env', url: host.site, hosting: settingsOf[product]}},
  })
  const world = testWorld({
    project: project.path,
    cache: join(project.path, 'cache'),
    environment: variables,
  })
  const tools = await testTools({world, project: settings, fence})
  return {
    hosting: adapters[product](tools, settings.environments.staging),
    byHand: {cwd: join(project.path, 'cache/hosting', `${product}-staging`), env: variables},
    asked: host.asked,
    close: async () => {
      await host.close()
      project.remove()
    },
  }
}

hostingContract('firebase', () => open('firebase'), {tells: true})
hostingContract('netlify', () => open('netlify'), {tells: true})
hostingContract('vercel', () => open('vercel'), {tells: false})

const vendors = suite('hosts with a CLI')
const products: readonly Product[] = ['firebase', 'netlify', 'vercel']

for (const product of products) {
  vendors(`${product}: a missing CLI is found, with the command that installs it`, async () => {
    const stand = await open(product, {PATH: '/nowhere'})
    try {
      const judgement = await stand.hosting.ready()
      assert.is(judgement.verdict, 'fail')
      assert.match(JSON.stringify(judgement.next), 'npm install --global')
    } finally {
      await stand.close()
    }
  })
}

const signedOut: readonly [Product, Record<string, string>][] = [
  ['firebase', {GOOGLE_APPLICATION_CREDENTIALS: ''}],
  ['netlify', {NETLIFY_AUTH_TOKEN: ''}],
  ['netlify', {NETLIFY_AUTH_TOKEN: 'expired'}],
  ['vercel', {VERCEL_TOKEN: ''}],
  ['vercel', {VERCEL_TOKEN: 'expired'}],
  ['vercel', {VERCEL_ORG_ID: ''}],
]
for (const [product, environment] of signedOut) {
  vendors(`${product}: signed out is found (${JSON.stringify(environment)})`, async () => {
    const stand = await open(product, environment)
    try {
      const judgement = await stand.hosting.ready()
      assert.is(judgement.verdict, 'fail')
      assert.match(JSON.stringify(judgement.next), 'export ')
    } finally {
      await stand.close()
    }
  })
}

vendors('what is live is not guessed where the host refuses to say', async () => {
  const stand = await open('netlify', {NETLIFY_AUTH_TOKEN: 'expired'})
  try {
    let message = ''
    try {
      await stand.hosting.live()
    } catch (error) {
      message = error instanceof Error ? error.message : ''
    }
    assert.match(message, '401')
  } finally {
    await stand.close()
  }
})

vendors('firebase: rewrites come from the checkpoint, build hooks and targets do not', async () => {
  const stand = await open('firebase')
  const rewrites = [{source: '**', destination: '/index.html'}]
  const source = temporaryFolder({
    'firebase.json': JSON.stringify({
      hosting: {target: 'x', public: 'elsewhere', predeploy: 'echo no', rewrites},
    }),
  })
  const build = application('a')
  try {
    await perform(
      stand.hosting.deploy({
        folder: build.path,
        manifest: await manifestOf(build.path),
        version: '1',
        message: '1 a',
        source: source.path,
      }),
    )
    const {readFileSync} = await import('node:fs')
    const written = JSON.parse(readFileSync(join(stand.byHand.cwd, 'firebase.json'), 'utf8'))
    assert.equal(written.hosting, {rewrites, site: 'essai', public: 'public', ignore: ['**/.*']})
  } finally {
    source.remove()
    build.remove()
    await stand.close()
  }
})

vendors('vercel: a rollback without an id is refused, since it would do nothing', async () => {
  const stand = await open('vercel')
  try {
    for (const id of ['', ' ', '--yes']) assert.throws(() => stand.hosting.restore?.(id))
  } finally {
    await stand.close()
  }
})

vendors.run()
