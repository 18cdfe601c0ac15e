// The end of a freeze. Both answers end it: the gate holds, or a new one is required (exit 3).

import {codeSinceFreeze} from '../lib/checks/freeze.ts'
import {phase} from '../lib/engine/definition.ts'

export const exit = phase({
  id: 'exit',
  runbook: 'runbooks/freeze.md',
  number: null,
  mode: 'READ-ONLY',
  steps: [{id: 'code-since-freeze', read: codeSinceFreeze}],
})
