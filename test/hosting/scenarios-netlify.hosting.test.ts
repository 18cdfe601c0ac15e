// Scenarios A and B, hosted by the adapter `netlify`.

import {hostedScenarios} from './scenarios.ts'

hostedScenarios('netlify')
