// The words that journals, records, leases and `--json` have in common, as shapes: what is read is held to
// them, and the types of the same names (event.ts) are made from them.

import {z} from 'zod'

export const scenarioShape = z.enum(['staging', 'production', 'freeze'])
export const environmentShape = z.enum(['staging', 'production'])
export const kindShape = z.enum(['scenario', 'rollback', 'drill', 'exit'])
export const resultShape = z.enum([
  'succeeded',
  'aborted',
  'rolled-back',
  'rollback-failed',
  'drill-passed',
  'drill-failed',
  'exited',
])
export const severityShape = z.enum(['minor', 'major', 'critical'])
/** Whose text a runbook or template is. */
export const originShape = z.enum(['project', 'bundle'])
