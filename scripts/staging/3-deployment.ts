// Builds the checkpoint for STAGING, proves the artifact, deploys exactly those bytes, and proves that
// every file served is one of them. A build or a deployment may be tried as often as the runbook says.

import {artifactProof} from '../lib/checks/artifact.ts'
import {buildEffects, built} from '../lib/checks/build.ts'
import {deployEffects, deployed, liveBefore} from '../lib/checks/deployment.ts'
import {servedBytes} from '../lib/checks/served.ts'
import {phase} from '../lib/engine/definition.ts'
import {alone} from '../lib/engine/run/alone.ts'

export const deployment = phase({
  id: 'deployment',
  runbook: 'runbooks/staging.md',
  number: 3,
  mode: 'EXECUTIVE',
  steps: [
    {id: 'build', machine: true, act: buildEffects, done: built, freshWorktree: true},
    {id: 'artifact-proof', machine: true, read: artifactProof},
    {id: 'live-before', read: liveBefore},
    {id: 'deploy', act: deployEffects, done: deployed, deploys: true},
    {id: 'served-bytes', read: servedBytes},
  ],
})

alone(import.meta.url, () => import('../staging.ts'))
