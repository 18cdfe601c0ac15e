// What only Firebase, Netlify or Vercel can get wrong, with stand-ins of their CLIs and fakes of their
// APIs. Their whole contract: vendors.every.test.ts.

import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {mayDeploy} from '../../../../scripts/lib/adapters/hosting/firebase-rights.ts'
import {manifestOf} from '../../../../scripts/lib/artifact/manifest.ts'
import {temporaryFolder} from '../../../helpers/folder.ts'
import {vendorStand} from '../../../helpers/vendor-stand.ts'
import {perform} from '../../../helpers/world.ts'
import {application} from './contract.ts'

const vendors = suite('hosts with a CLI')

vendors('vercel: one of its two ids alone is found, and which', async () => {
  const stand = await vendorStand('vercel', {environment: {VERCEL_ORG_ID: ''}})
  try {
    const judgement = await stand.hosting.ready()
    assert.is(judgement.verdict, 'fail')
    assert.match(JSON.stringify(judgement.next), 'export VERCEL_ORG_ID=')
  } finally {
    await stand.close()
  }
})

vendors('what is live is not guessed where the host refuses to say', async () => {
  const stand = await vendorStand('netlify', {condition: 'expired'})
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

vendors(
  'firebase: an account that may look and not deploy is refused before anything starts',
  async () => {
    const stand = await vendorStand('firebase')
    try {
      const asked = () => stand.host.asked.filter((each) => each.includes(':testIamPermissions'))
      assert.is((await stand.hosting.ready()).verdict, 'pass')
      assert.equal(asked(), ['POST /v1/projects/essai:testIamPermissions'])
      for (const answer of [{permissions: ['firebase.projects.get']}, {}]) {
        stand.host.answering((request, own) => (/:testIam/.test(request) ? answer : own))
        const judgement = await stand.hosting.ready()
        assert.is(judgement.verdict, 'fail', JSON.stringify(judgement))
        assert.match(JSON.stringify(judgement.observed), /firebasehosting\.sites\.update missing/)
        assert.is(
          judgement.next,
          'gcloud projects add-iam-policy-binding essai --member serviceAccount:deploy@essai.example.org --role roles/firebasehosting.admin',
        )
      }
      stand.host.answering(null)
      // A project that answers nobody, and an answer that is none: unknown, never a pass.
      const who = 'deploy@essai.example.org'
      const account = {who, member: `user:${who}`, token: stand.host.token}
      const other = await mayDeploy(stand.tools, 'another', account)
      assert.is(other.verdict, 'unknown')
      assert.match(JSON.stringify(other.observed), /HTTP 403, The caller does not have permission/)
      stand.host.answering((request, own) =>
        /:testIam/.test(request) ? {permissions: 'all'} : own,
      )
      assert.is((await stand.hosting.ready()).verdict, 'unknown')
    } finally {
      await stand.close()
    }
  },
)

vendors('firebase: rewrites come from the checkpoint, build hooks and targets do not', async () => {
  const stand = await vendorStand('firebase')
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
  const stand = await vendorStand('vercel')
  try {
    for (const id of ['', ' ', '--yes']) assert.throws(() => stand.hosting.restore?.(id))
  } finally {
    await stand.close()
  }
})

vendors.run()
