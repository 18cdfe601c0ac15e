// Builds the checkpoint for PRODUCTION, proves the artifact, and stops at a size that nobody expected.
// Nothing goes online here.

import {z} from 'zod'
import {startPhase} from '../lib/cli/phase.ts'
import {percent} from '../lib/domain/parameters.ts'
import {phase, reading} from '../lib/kit/definition.ts'
import {buildAnnouncement} from '../lib/steps/announcements.ts'
import {artifactProof} from '../lib/steps/artifact.ts'
import {artifactSize} from '../lib/steps/artifact-size.ts'
import {buildEffects, built} from '../lib/steps/build.ts'

export const build = phase({
  id: 'build',
  runbook: 'runbooks/production.md',
  number: 2,
  mode: 'EXECUTIVE',
  announces: buildAnnouncement,
  steps: [
    {id: 'build', machine: true, act: buildEffects, done: built, freshWorktree: true},
    {id: 'artifact-proof', machine: true, read: artifactProof},
    {
      id: 'artifact-size',
      mayAsk: 'anybody',
      machine: true,
      ...reading(z.strictObject({total: percent(), file: percent()}), artifactSize),
    },
  ],
})

startPhase(import.meta.url)
