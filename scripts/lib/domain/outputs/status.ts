// What `status.ts` prints with `--json`: where the project stands, and the history of its runs.

import {z} from 'zod'
import {kindShape as kind, resultShape as result, scenarioShape as scenario} from '../shapes.ts'
import {
  holderShape as holder,
  incidentsShape as incidents,
  modeShape as mode,
  momentShape as moment,
  said,
  verdictShape as verdict,
} from './values.ts'

/** What is known of a run without reading its journal. */
const recordedRun = {
  run: z.string(),
  scenario,
  kind,
  result: result.nullable().describe('null: the record ends before a decision.'),
  tag: z.string(),
  commit: z.string(),
  startedAt: moment,
  endedAt: moment.nullable(),
}

const live = z.strictObject({
  status: z
    .enum(['new', 'previous', 'unchanged', 'none', 'unknown'])
    .describe(
      '`unchanged`: the run deployed nothing; `none`: it deployed nothing, and the host had nothing; `unknown`: somebody has to look.',
    ),
  version: z.string().nullable(),
  id: z.string().nullable(),
  url: z.string().nullable(),
  since: z.string().nullable(),
  tag: z.string().nullable(),
  run: z.string(),
})

const openRun = z.strictObject({
  run: z.string(),
  scenario,
  kind,
  where: z.enum(['here', 'elsewhere']),
  operator: z.string(),
  machine: z.string(),
  startedAt: moment,
  lastEventAt: moment,
  tag: z.string(),
  commit: z.string(),
  working: z
    .strictObject({pid: z.number(), since: z.string()})
    .nullable()
    .describe(
      'A process of this machine that is at work in the project; 0: one that does not say which, since it is suspended or very busy.',
    ),
  phases: z.array(
    z.strictObject({
      number: z.number().nullable(),
      title: z.string(),
      mode: mode.nullable(),
      status: z.enum(['passed', 'begun', 'to-come']),
    }),
  ),
  lastStep: z
    .strictObject({
      phase: z.string(),
      step: z.string(),
      status: z.string().describe('`intended`: begun, and its end not recorded.'),
      attempt: z.number(),
      verdict: verdict.nullable(),
      observed: said,
      at: moment,
    })
    .nullable(),
  waitingFor: z.array(said),
  earliest: moment.nullable(),
  open: z
    .array(
      z.strictObject({
        title: z.string(),
        verdict: z.enum(['fail', 'unknown']),
        observed: said,
        next: said.nullable(),
      }),
    )
    .describe('Items that are refused or unknown as things stand.'),
  rollback: z.strictObject({why: said, startedAt: moment, finished: z.boolean()}).nullable(),
  decided: z.strictObject({result, why: said}).nullable(),
  effects: z.boolean(),
})

const watch = z.strictObject({
  run: z.string(),
  scenario,
  source: z.string().describe('What was asked, of the samples drawn.'),
  from: moment,
  to: moment,
  deployedAt: moment.nullable(),
  threshold: z.number().nullable().describe('In percent, of the runbook.'),
  requests: z.number().describe('Since the deployment, over every source.'),
  errors: z.number(),
  rate: z.number().nullable().describe('0 to 1; null: nothing was answered.'),
  p95Ms: z.number().nullable(),
  coverage: z
    .number()
    .nullable()
    .describe('0 to 1, of the looks that were due; null until the watch has ended.'),
  points: z.array(
    z.strictObject({
      at: moment,
      errorPercent: z.number().nullable().describe('null: nobody looked.'),
      medianMs: z.number().nullable(),
    }),
  ),
})

const owedKinds = [
  'look',
  'post-mortem',
  'item',
  'notification',
  'documents',
  'merge',
  'data',
  'database',
] as const

export const statusOutput = z.strictObject({
  project: z.string(),
  sandbox: z.boolean(),
  at: moment,
  remote: z
    .enum(['answers', 'away', 'none'])
    .describe('`away`: only what is known in this clone is shown.'),
  run: openRun.nullable(),
  lease: holder
    .extend({
      ours: z.boolean().describe('Held by this clone.'),
    })
    .nullable(),
  last: z.array(z.strictObject(recordedRun)),
  live: z
    .strictObject({staging: live.nullable(), production: live.nullable()})
    .describe(
      'What users get now, the open run counted; null: nothing was released there by Postgate yet, and no run has noted what is there.',
    ),
  watch: watch.nullable().describe('Of the open run, or of the last one that was watched.'),
  owed: z.array(z.strictObject({kind: z.enum(owedKinds), what: said, run: z.string()})),
  freeze: z
    .strictObject({
      run: z.string(),
      since: z.string(),
      tag: z.string(),
      reason: z.string().nullable(),
      responsible: z.string().nullable(),
      review: z.string().nullable(),
    })
    .nullable(),
  incidents: incidents.describe(
    'Declared since the open run began; where none is open, in the last 48 hours.',
  ),
})

export const historyOutput = z.strictObject({
  sandbox: z.boolean(),
  complete: z.boolean().describe('False: the remote was away, only what is known here is counted.'),
  runs: z
    .array(
      z.strictObject({
        ...recordedRun,
        committedAt: moment.nullable(),
        deployedAt: moment.nullable(),
        provenAt: moment.nullable(),
        brokenAt: moment.nullable(),
        restoredAt: moment.nullable(),
      }),
    )
    .describe('Oldest first.'),
  figures: z.array(
    z.strictObject({
      scenario,
      runs: z.number(),
      deployments: z
        .number()
        .describe('Runs that put something before users, whatever came of it.'),
      failures: z.number().describe('Of them (or by a rollback asked for later), undone.'),
      perWeek: z.number().nullable().describe('null before a week has passed.'),
      failureRate: z.number().nullable().describe('0 to 1; null of no deployment.'),
      leadMs: z.number().nullable().describe('A median, as the two below.'),
      recoveryMs: z.number().nullable(),
      durationMs: z.number().nullable(),
    }),
  ),
})
