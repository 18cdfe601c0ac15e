// What `--json` prints, command by command: the published contract (docs/schemas/).

import {z} from 'zod'
import {
  approvalOutput,
  decideOutput,
  gateCheckOutput,
  gateNightlyOutput,
  gateOpenOutput,
  oneShotOutput,
} from './outputs/gate.ts'
import {planOutput} from './outputs/plan.ts'
import {historyOutput, statusOutput} from './outputs/status.ts'
import {
  type Handed,
  momentShape as moment,
  policyDocumentShape as policyDocument,
  said,
  textsShape as texts,
  verdictShape as verdict,
} from './outputs/values.ts'
import {environmentShape, resultShape as result, severityShape} from './shapes.ts'

const run = z.discriminatedUnion('state', [
  z.strictObject({
    run: z.string(),
    state: z.literal('ended'),
    result,
    why: said,
    documents: texts,
    tag: z.string().nullable(),
    merge: z.looseObject({}).nullable().describe('Where documents wait for a merge.'),
  }),
  z.strictObject({
    run: z.string(),
    state: z.enum(['paused', 'blocked']),
    reasons: z.array(said),
    earliest: moment.nullable(),
  }),
])

const audit = z.strictObject({
  runs: z.array(
    z.strictObject({
      run: z.string(),
      events: z.number(),
      anchors: texts.describe('The commits and tags that name its head.'),
      documents: texts,
      approvals: z.number().describe('Whose signatures were verified again.'),
      findings: z.array(
        z.strictObject({
          kind: z.enum([
            'journal',
            'anchor',
            'record',
            'document',
            'digest',
            'source',
            'approval',
            'tag',
          ]),
          path: z.string(),
          line: z.number().nullable(),
          commit: z.string().nullable(),
          what: said,
          expected: said,
          found: said,
        }),
      ),
      notes: z.array(said),
    }),
  ),
  remote: z
    .boolean()
    .describe('False: it did not answer, and only what this clone holds was looked at.'),
  differences: z.number(),
})

const lint = z.strictObject({
  files: z.number(),
  documents: z.array(policyDocument).describe('The texts that were read.'),
  notes: texts.describe('Told beside the findings.'),
  findings: z.array(
    z.strictObject({
      path: z.string(),
      line: z.number(),
      column: z.number(),
      rule: z.string(),
      reason: z.string(),
      expected: texts.nullable(),
      note: z.string().nullable().describe('What mends it.'),
    }),
  ),
})

const doctor = z.strictObject({
  ready: z.boolean(),
  lines: z.array(
    z.strictObject({
      part: said,
      title: said,
      verdict,
      advice: z.boolean().describe('True: does not keep the project from being ready.'),
      observed: said,
      next: said.nullable(),
    }),
  ),
})

const incident = z.strictObject({
  id: z.string(),
  what: z.string(),
  severity: severityShape,
  environment: environmentShape.nullable(),
  by: z.string(),
  at: moment,
})

const problem = z.strictObject({
  problem: z.strictObject({
    what: said,
    why: said,
    next: said,
    exit: z.number(),
    at: z.looseObject({path: z.string(), line: z.number()}).nullable(),
  }),
})

/** By the name of the schema's file. */
export const jsonOutputs = {
  plan: {schema: planOutput, command: 'staging.ts, production.ts, freeze.ts with --plan --json'},
  run: {schema: run, command: 'staging.ts, production.ts, freeze.ts with --json'},
  status: {schema: statusOutput, command: 'status.ts --json, and --status --json'},
  history: {schema: historyOutput, command: 'status.ts --history --json'},
  decide: {schema: decideOutput, command: 'decide.ts --json'},
  audit: {schema: audit, command: 'audit.ts --json'},
  lint: {schema: lint, command: 'lint.ts --format json'},
  'gate-open': {schema: gateOpenOutput, command: 'gate.ts open --json'},
  'gate-nightly': {schema: gateNightlyOutput, command: 'gate.ts nightly-post-mortem --json'},
  approval: {schema: approvalOutput, command: 'approve.ts --json'},
  'gate-check': {schema: gateCheckOutput, command: 'gate.ts check --json'},
  doctor: {schema: doctor, command: 'init.ts --check --json'},
  incident: {schema: incident, command: 'incident.ts --json'},
  problem: {
    schema: problem,
    command: 'any command with --json, instead of its own output, when it cannot work',
  },
  'one-shot': {schema: oneShotOutput, command: 'd1_one_shot.sh --json'},
} as const

export type JsonOutputName = keyof typeof jsonOutputs

/** What a command hands over to be printed. */
export type JsonOutput<N extends JsonOutputName> = Handed<(typeof jsonOutputs)[N]['schema']>
