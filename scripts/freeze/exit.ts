// The end of a freeze. Both answers end it: the gate holds, or a new one is required (exit 3).

import {phase} from '../lib/kit/definition.ts'
import {codeSinceFreeze} from '../lib/steps/freeze.ts'

export const exit = phase({
  id: 'exit',
  runbook: 'runbooks/freeze.md',
  number: null,
  mode: 'READ-ONLY',
  steps: [{id: 'code-since-freeze', read: codeSinceFreeze}],
})
