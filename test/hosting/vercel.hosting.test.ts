// The hosting contract with the real vercel.

import {vendorExpected} from '../helpers/vendor-stand.ts'
import {hostingContract} from '../lib/adapters/hosting/contract.ts'
import {realStand} from './real-stand.ts'
import {recordedStory} from './story.ts'

hostingContract('vercel CLI', (condition) => realStand('vercel', condition), vendorExpected.vercel)
recordedStory('vercel')
