// Scenarios A and B, hosted by the adapter `vercel`.

import {hostedScenarios} from './scenarios.ts'

hostedScenarios('vercel')
