// The end of a freeze. Somebody decides it; whatever the code has become: the gate holds, or a new one is required (exit 3).

import {phase} from '../lib/kit/definition.ts'
import {codeSinceFreeze, exitCriteria, exitDecided} from '../lib/steps/freeze.ts'

export const exit = phase({
  id: 'exit',
  runbook: 'runbooks/freeze.md',
  number: null,
  mode: 'READ-ONLY',
  steps: [
    {id: 'code-since-freeze', read: codeSinceFreeze},
    {id: 'exit-criteria', read: exitCriteria, mayAsk: 'anybody'},
    {id: 'exit-decided', read: exitDecided, mayAsk: 'deciders', nature: {decides: true}},
  ],
})
