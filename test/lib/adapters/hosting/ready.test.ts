// Goal: what would keep a deployment from everybody is found before anything starts, with what mends it,
// and what only needs to be known is said. Method: fakes of the vendors' APIs whose people changed a
// setting, stand-ins of their CLIs.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {manifestOf} from '../../../../scripts/lib/artifact/manifest.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import type {Verdict} from '../../../../scripts/lib/domain/verdict.ts'
import {type VendorOptions, type VendorStand, vendorStand} from '../../../helpers/vendor-stand.ts'
import {perform} from '../../../helpers/world.ts'
import {application} from './contract.ts'

const ready = suite('ready to deploy')

const born = (stand: VendorStand) => stand.host.born({files: {'index.html': 'YQ=='}, message: ''})

interface Setting {
  readonly title: string
  readonly product: 'vercel' | 'netlify'
  readonly options?: VendorOptions
  readonly set?: (stand: VendorStand) => void
  readonly verdict: Verdict
  readonly says: RegExp
}

const siteId = '00000000-0000-4000-8000-000000000001'

const settings: readonly Setting[] = [
  {
    title: 'netlify: the name is deployed to, the id is returned to, and they are two sites',
    product: 'netlify',
    options: {settings: {site: 'autre', id: siteId}},
    verdict: 'fail',
    says: /is the site essai, not autre/,
  },
  {
    title: 'netlify: the id and the name of one site',
    product: 'netlify',
    options: {settings: {id: siteId}, production: {hosting: {site: 'essai-prod'}}},
    verdict: 'pass',
    says: /→ 00000000/,
  },
  {
    title: 'netlify: PRODUCTION names STAGING’s site by its id',
    product: 'netlify',
    options: {production: {hosting: {site: 'essai-prod', id: siteId}}},
    verdict: 'fail',
    says: /STAGING and PRODUCTION meet there/,
  },
  {
    title: 'netlify: PRODUCTION’s env file does',
    product: 'netlify',
    options: {production: {hosting: {site: 'essai-prod'}, env: {NETLIFY_SITE_ID: siteId}}},
    verdict: 'fail',
    says: /STAGING and PRODUCTION meet there/,
  },
  {
    title: 'vercel: STAGING’s project by its id, PRODUCTION’s by its name',
    product: 'vercel',
    options: {production: {hosting: {}, env: {VERCEL_PROJECT_ID: 'essai'}}},
    verdict: 'fail',
    says: /essai is the other environment’s site, too/,
  },
  {
    title: 'vercel: two projects',
    product: 'vercel',
    options: {production: {hosting: {}, env: {VERCEL_PROJECT_ID: 'prj_9'}}},
    verdict: 'pass',
    says: /deployer → /,
  },
  {
    title: 'vercel: an address that is another project’s',
    product: 'vercel',
    set: ({host}) =>
      host.answering((request, answer) =>
        request.includes('/v4/aliases/') ? Object.assign({}, answer, {projectId: 'prj_9'}) : answer,
      ),
    verdict: 'fail',
    says: /the address of another project \(prj_9\), not of essai/,
  },
  {
    title: 'vercel: Rolling Releases keep the old version before some visitors',
    product: 'vercel',
    set: ({host}) => Object.assign(host.vercel ?? {}, {rollingRelease: {target: 'production'}}),
    verdict: 'fail',
    says: /vercel rolling-release configure --disable --project prj_1 --scope team_1/,
  },
  {
    title: 'vercel: a paused project serves nothing',
    product: 'vercel',
    set: ({host}) => Object.assign(host.vercel ?? {}, {paused: true}),
    verdict: 'fail',
    says: /paused/,
  },
  {
    title: 'vercel: a project that was rolled back is told, and is no obstacle',
    product: 'vercel',
    set: ({host}) => Object.assign(host.vercel ?? {}, {autoAssignCustomDomains: false}),
    verdict: 'pass',
    says: /the deployment will be promoted/,
  },
  {
    title: 'vercel: a plan that goes back by one deployment only is told',
    product: 'vercel',
    set: ({host}) => Object.assign(host.vercel ?? {}, {plan: 'hobby'}),
    verdict: 'pass',
    says: /Hobby plan: back by one deployment only/,
  },
  {
    title: 'netlify: locked publishing would leave a deploy unpublished',
    product: 'netlify',
    set: ({host}) => Object.assign(host.netlify ?? {}, {locked: true}),
    verdict: 'fail',
    says: /netlify api unlockDeploy --data '\{"deploy_id":"net1dep"\}'/,
  },
  {
    title: 'netlify: a site that takes git builds only refuses ours',
    product: 'netlify',
    set: ({host}) => Object.assign(host.netlify ?? {}, {preventNonGitProdDeploys: true}),
    verdict: 'fail',
    says: /only what Netlify builds from git/,
  },
]

for (const {title, product, options, set, verdict, says} of settings) {
  ready(title, async () => {
    const stand = await vendorStand(product, options)
    try {
      born(stand)
      set?.(stand)
      const judgement = await stand.hosting.ready()
      assert.is(judgement.verdict, verdict, JSON.stringify(judgement))
      assert.match(
        [judgement.observed, judgement.next ?? ''].map((text) => inLang(text, 'en')).join('\n'),
        says,
      )
    } finally {
      await stand.close()
    }
  })
}

ready(
  'vercel on Hobby: only the deployment before can be rolled back to; older ones are deployed again',
  async () => {
    const stand = await vendorStand('vercel')
    try {
      Object.assign(stand.host.vercel ?? {}, {plan: 'hobby'})
      const ids: string[] = []
      for (const word of ['un', 'deux', 'trois']) {
        const build = application(word)
        const manifest = await manifestOf(build.path)
        await perform(
          stand.hosting.deploy({folder: build.path, manifest, version: word, message: `${word} x`}),
        )
        build.remove()
        ids.push((await stand.hosting.live())?.id ?? '')
      }
      const kept = await Promise.all(ids.map((id) => stand.hosting.keeps?.(id)))
      assert.equal(kept, [false, true, true])
      let refused = ''
      try {
        await perform(stand.hosting.restore?.(ids[0] ?? '') ?? [])
      } catch (error) {
        refused = String(error)
      }
      assert.match(refused, 'HTTP 402')
      assert.is((await stand.hosting.live())?.id, ids[2])
    } finally {
      await stand.close()
    }
  },
)

ready.run()
