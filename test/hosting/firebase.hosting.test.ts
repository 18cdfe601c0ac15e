// The hosting contract with the real firebase-tools.

import {vendorExpected} from '../helpers/vendor-stand.ts'
import {hostingContract} from '../lib/adapters/hosting/contract.ts'
import {realStand} from './real-stand.ts'
import {recordedStory} from './story.ts'

hostingContract(
  'firebase-tools',
  (condition) => realStand('firebase', condition),
  vendorExpected.firebase,
)
recordedStory('firebase')
