// Scenarios A and B, hosted by the adapter `ssh`.

import {hostedScenarios} from './scenarios.ts'

hostedScenarios('ssh')
