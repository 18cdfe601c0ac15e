// Builds the checkpoint for STAGING, proves the artifact, deploys exactly those bytes, and proves that
// every file served is one of them. A build or a deployment may be tried as often as the runbook says.

import {startPhase} from '../lib/cli/phase.ts'
import {phase} from '../lib/kit/definition.ts'
import {deployEffects, deployed, liveBefore} from '../lib/proofs/deployment.ts'
import {servedBytes} from '../lib/proofs/served.ts'
import {deploymentAnnouncement} from '../lib/steps/announcements.ts'
import {artifactProof} from '../lib/steps/artifact.ts'
import {buildEffects, built} from '../lib/steps/build.ts'

export const deployment = phase({
  id: 'deployment',
  runbook: 'runbooks/staging.md',
  number: 3,
  mode: 'EXECUTIVE',
  announces: deploymentAnnouncement,
  steps: [
    {id: 'build', machine: true, act: buildEffects, done: built, freshWorktree: true},
    {id: 'artifact-proof', machine: true, read: artifactProof},
    {id: 'live-before', read: liveBefore},
    {id: 'deploy', act: deployEffects, done: deployed, nature: {deploys: true}},
    {id: 'served-bytes', read: servedBytes},
  ],
})

startPhase(import.meta.url)
