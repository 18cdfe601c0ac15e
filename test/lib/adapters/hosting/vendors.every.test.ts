// The hosting contract of Firebase, Netlify and Vercel against stand-ins of their CLIs, which refuse any
// other argument, and fakes of their APIs. The commands pass the guard as the runbook lists them.

import {vendorExpected, vendorStand} from '../../../helpers/vendor-stand.ts'
import {hostingContract} from './contract.ts'

hostingContract(
  'firebase',
  (condition) => vendorStand('firebase', {condition}),
  vendorExpected.firebase,
)
hostingContract(
  'netlify',
  (condition) => vendorStand('netlify', {condition}),
  vendorExpected.netlify,
)
hostingContract('vercel', (condition) => vendorStand('vercel', {condition}), vendorExpected.vercel)
