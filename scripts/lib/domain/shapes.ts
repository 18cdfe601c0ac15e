// Which scenario, which kind of run and how it ended, as shapes: records are read by them, `--json` is
// published by them.

import {z} from 'zod'

export const scenarioShape = z.enum(['staging', 'production', 'freeze'])
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
