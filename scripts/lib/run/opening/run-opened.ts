// The first event of a run: what it is about, by which policy, and who began it where.

import {randomBytes} from 'node:crypto'
import {bundleVersion} from '../../base/bundle.ts'
import type {EventBody, RunKind} from '../../domain/event.ts'
import {sha256} from '../../store/journal.ts'
import type {Session} from '../session.ts'

/** Who runs it: as an answers file says, and whom git names here where that is another. */
export interface RunOperator {
  readonly operator: string
  readonly account?: string
}

/** `20260123-090012-staging-3f9a`: sorts by time, unique across machines. */
export function runId({world, scenario}: Session): string {
  const now = world.clock.now().toISOString()
  const stamp = `${now.slice(0, 10).replaceAll('-', '')}-${now.slice(11, 19).replaceAll(':', '')}`
  return `${stamp}-${scenario}-${randomBytes(2).toString('hex')}`
}

export async function firstEvent(
  session: Session,
  {
    run,
    kind,
    operator,
    reason,
  }: {run: string; kind: RunKind; operator: RunOperator; reason?: string},
): Promise<EventBody> {
  const {world, policy, gate, runbook, checkpoint, project, scenario} = session
  const templates = await policy.templates()
  const {origin} = await policy.file(`runbooks/${scenario}.md`)
  const main = await world.repository.remoteMain().catch(() => null)
  return {
    type: 'run-started',
    run,
    scenario,
    kind,
    checkpoint,
    gate: {path: gate.path, sha256: gate.sha256},
    runbook: {path: runbook.path, sha256: runbook.sha256, origin},
    templates: [...templates.values()].map((each) => ({
      path: each.path,
      sha256: sha256(each.source),
      origin: each.origin,
    })),
    project: project.name,
    bundle: bundleVersion(world.bundle),
    ...operator,
    machine: world.machine,
    platform: `${process.platform} ${process.arch}, node ${process.versions.node}`,
    sandbox: world.mark !== '',
    main: main?.sha ?? (await world.repository.headCommit()) ?? '',
    ...(reason !== undefined && {reason}),
  }
}
