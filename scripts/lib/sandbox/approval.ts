// Where nobody sits at the sandbox, the Directeur signs with a real key, as a person would beforehand. It is
// published without being judged first: whether it holds is the run's own question.

import {prepareStatement} from '../approvals/approve.ts'
import {type ApprovalScope, expectation, findApproval} from '../approvals/find.ts'
import {sign} from '../approvals/ssh.ts'
import {serialise} from '../approvals/statement.ts'
import {publishApproval} from '../approvals/store.ts'
import type {StandIns} from '../kit/ports/sandbox.ts'

const role = 'Directeur'
const validForMs = 86_400_000

/** Signs where PRODUCTION waits for nothing else than a signature; elsewhere it does nothing. */
export async function approveBefore(scope: ApprovalScope, keyOf: StandIns['keyOf']): Promise<void> {
  const key = keyOf(role)
  if (scope.scenario !== 'production' || key === undefined) return
  const {world} = scope
  // Before STAGING's validation ended a signature would be refused anyway.
  if ((await expectation(scope)).stagingValidatedAt == null) return
  const {accepted, refused} = await findApproval(scope)
  // One that was refused for what it is stays the answer; one that came too early is made again.
  const again = refused.every(
    ({code}) =>
      code === 'expired' ||
      code === 'reused-nonce' ||
      code === 'before-staging' ||
      code === 'runbook-changed',
  )
  if (accepted !== null || !again) return
  const {statement} = await prepareStatement(scope, {role, key, validForMs})
  const signature = await sign(serialise(statement), key, world.environment)
  await publishApproval(world.repository, {statement, signature})
}
