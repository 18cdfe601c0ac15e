// Scenarios A and B, hosted by the adapter `folder`.

import {hostedScenarios} from './scenarios.ts'

hostedScenarios('folder')
