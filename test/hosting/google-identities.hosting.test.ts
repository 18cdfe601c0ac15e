// Credentials that only Google's own library can exchange: firebase-tools does it, and is asked in our place.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {manifestOf} from '../../scripts/lib/artifact/manifest.ts'
import {inLang} from '../../scripts/lib/domain/text.ts'
import {refreshToken} from '../helpers/fake-host.ts'
import {temporaryFolder} from '../helpers/folder.ts'
import {vendorStand} from '../helpers/vendor-stand.ts'
import {perform} from '../helpers/world.ts'
import {application} from '../lib/adapters/hosting/contract.ts'
import {realCli} from './real-cli.ts'

const identities = suite('identities of Google')

const account = 'deploy@essai.iam.gserviceaccount.com'
const impersonation = {
  service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
}

const credentials = (subject: string) => ({
  impersonated_service_account: {
    type: 'impersonated_service_account',
    ...impersonation,
    delegates: [],
    source_credentials: {
      type: 'authorized_user',
      client_id: 'c',
      client_secret: 's',
      refresh_token: refreshToken,
    },
  },
  external_account: {
    type: 'external_account',
    ...impersonation,
    audience:
      '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: 'https://sts.googleapis.com/v1/token',
    credential_source: {file: subject},
  },
})

for (const type of ['impersonated_service_account', 'external_account'] as const) {
  identities(`${type}: who, what is live, and a deployment`, async () => {
    const folder = temporaryFolder({subject: refreshToken})
    const own = credentials(`${folder.path}/subject`)[type]
    folder.write({'credentials.json': JSON.stringify(own)})
    const stand = await vendorStand('firebase', {
      environment: {GOOGLE_APPLICATION_CREDENTIALS: `${folder.path}/credentials.json`},
      cli: (host, root) => realCli('firebase', host, root),
    })
    const build = application('un')
    try {
      const judgement = await stand.hosting.ready()
      assert.is(judgement.verdict, 'pass', JSON.stringify(judgement))
      assert.match(inLang(judgement.observed, 'en'), `${account} → essai`)
      const manifest = await manifestOf(build.path)
      await perform(
        stand.hosting.deploy({folder: build.path, manifest, version: '1', message: '1 x'}),
      )
      const live = await stand.hosting.live()
      assert.is(live?.manifest, manifest.digest)
      assert.ok(stand.host.asked.some((line) => /:generateAccessToken$/.test(line)))
    } finally {
      build.remove()
      await stand.close()
      folder.remove()
    }
  })
}

identities.run()
