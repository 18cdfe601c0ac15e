// The visible list of what is measured.

import {artifactProof} from './artifact-proof.ts'
import {auditAgainstBefore, auditGrows} from './audit-runs.ts'
import {coldStart} from './cold-start.ts'
import {
  bytesInAll,
  bytesOfLooks,
  productionConnections,
  slowRemote,
  stagingConnections,
  threeStepConnections,
  watchConnections,
} from './connections.ts'
import {earlyAtFifty, earlyAtTwenty, falseRollbacks} from './early-rollback.ts'
import {furtherStep} from './further-step.ts'
import {history} from './history.ts'
import {longHistory} from './long-history.ts'
import {longJournal} from './long-journal.ts'
import type {Figure} from './measure.ts'
import {conformity, resetByMigrations, resetByShape, resetMemory} from './reset.ts'
import {restored, wholeRun} from './sandbox-run.ts'
import {secondLook} from './second-look.ts'
import {servedProof} from './served-proof.ts'
import {stamping} from './stamping.ts'
import {threeSteps, threeStepsAgainstBefore} from './three-steps.ts'

export const figures: readonly Figure[] = [
  coldStart,
  threeSteps,
  threeStepsAgainstBefore,
  furtherStep,
  stamping,
  secondLook,
  artifactProof,
  servedProof,
  history,
  auditAgainstBefore,
  auditGrows,
  longHistory,
  longJournal,
  restored,
  wholeRun,
  resetByShape,
  resetByMigrations,
  conformity,
  // Last: it ends the server of the three before.
  resetMemory,
  threeStepConnections,
  stagingConnections,
  productionConnections,
  watchConnections,
  slowRemote,
  bytesOfLooks,
  bytesInAll,
  earlyAtTwenty,
  earlyAtFifty,
  falseRollbacks,
]
