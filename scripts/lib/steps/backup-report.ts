// Phase 1 of PRODUCTION: what is known of PROD's own backup, for the report.

import {type Judgement, pass, unknown} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'

/** Step `backup-report`: what the prerequisite found at the vendor, or what a person attested. */
export async function backupReport({runbook, run}: Context): Promise<Judgement> {
  const item = runbook.prerequisites.find(({name}) => name === 'backup-verified')
  const known = item === undefined ? undefined : run().items.get(item.id)
  if (known?.verdict !== 'pass') {
    return unknown({fr: 'aucune sauvegarde vérifiée', en: 'no verified backup'}, {attestable: {}})
  }
  return pass(known.observed, {evidence: known.evidence})
}
