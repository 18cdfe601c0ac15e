// Scenarios A and B, hosted by the adapter `firebase`.

import {hostedScenarios} from './scenarios.ts'

hostedScenarios('firebase')
