// A stand of the hosting contract with a vendor's real CLI.

import {readFileSync} from 'node:fs'
import * as assert from 'uvu/assert'
import type {Product} from '../helpers/fake-host.ts'
import {type VendorStand, vendorStand} from '../helpers/vendor-stand.ts'
import type {Condition} from '../lib/adapters/hosting/contract.ts'
import {type RealCli, realCli} from './real-cli.ts'

/** Where a CLI reports its own use, or asks for news: refused, and no part of the deployment. */
const chatter =
  /^(firebase-public\.firebaseio\.com|registry\.npmjs\.org|api\.netlifysdk\.com|[\w.]+\.sentry\.io|www\.google-analytics\.com|[\w.-]+\.(segment|amplitude)\.\w+|telemetry\.vercel\.com):443$/

export async function realStand(product: Product, condition?: Condition): Promise<VendorStand> {
  let cli: RealCli | undefined
  const stand = await vendorStand(product, {
    condition,
    cli: async (host, root) => {
      cli = await realCli(product, host, root)
      return cli
    },
  })
  return {
    ...stand,
    close: async () => {
      const refused = cli === undefined ? [] : readFileSync(cli.log, 'utf8').trim().split('\n')
      await stand.close()
      const foreign = refused.filter((host) => host !== '' && !chatter.test(host))
      assert.equal(foreign, [], 'hosts outside this machine that the CLI needed')
    },
  }
}
