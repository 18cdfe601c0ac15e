// The hosting contract with the real netlify-cli.

import {vendorExpected} from '../helpers/vendor-stand.ts'
import {hostingContract} from '../lib/adapters/hosting/contract.ts'
import {realStand} from './real-stand.ts'
import {recordedStory} from './story.ts'

hostingContract(
  'netlify-cli',
  (condition) => realStand('netlify', condition),
  vendorExpected.netlify,
)
recordedStory('netlify')
