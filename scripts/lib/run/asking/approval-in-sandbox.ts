// In a sandbox that nobody sits at, the Directeur signs with a real key, as a person would beforehand. It
// is published without being judged first: whether it holds is the run's own question.

import {prepareStatement} from '../../approvals/approve.ts'
import {expectation, findApproval} from '../../approvals/find.ts'
import {sign} from '../../approvals/ssh.ts'
import {serialise} from '../../approvals/statement.ts'
import {publishApproval} from '../../approvals/store.ts'
import {isInteractive, type Session} from '../session.ts'
import {approvalScopeOf} from './approval.ts'

const role = 'Directeur'
const validForMs = 86_400_000

/** Signs where PRODUCTION waits for nothing else than a signature; elsewhere it does nothing. */
export async function approveInSandbox(session: Session): Promise<void> {
  const {sandbox, scenario, args, world} = session
  if (sandbox === null || scenario !== 'production' || args.plan || isInteractive(args)) return
  const person = sandbox.people.find((each) => each.role === role)
  if (person === undefined) return
  const asking = approvalScopeOf(session)
  // Before STAGING's validation ended a signature would be refused anyway.
  if ((await expectation(asking)).stagingValidatedAt == null) return
  const {accepted, refused} = await findApproval(asking)
  // One that was refused for what it is stays the answer; one that came too early is made again.
  const again = refused.every(
    ({code}) =>
      code === 'expired' ||
      code === 'reused-nonce' ||
      code === 'before-staging' ||
      code === 'runbook-changed',
  )
  if (accepted !== null || !again) return
  const {statement} = await prepareStatement(asking, {role, key: person.key, validForMs})
  const signature = await sign(serialise(statement), person.key, world.environment)
  await publishApproval(world.repository, {statement, signature})
}
