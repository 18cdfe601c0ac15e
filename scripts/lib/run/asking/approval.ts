// A session, as approvals ask it.

import type {ApprovalScope} from '../../approvals/find.ts'
import {readAuthorities} from '../../policy/authorities.ts'
import {recordsOf} from '../context-of.ts'
import type {Session} from '../session.ts'

export const approvalScopeOf = (session: Session): ApprovalScope => ({
  world: session.world,
  scenario: session.scenario,
  environment: session.environment,
  project: session.project,
  gate: session.gate,
  checkpoint: session.checkpoint,
  env: session.env,
  policy: session.policy,
  runbook: session.runbook,
  records: () => recordsOf(session),
  authorities: () => readAuthorities(session),
})
