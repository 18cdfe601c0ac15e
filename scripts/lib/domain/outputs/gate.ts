// What `gate.ts`, `approve.ts`, `decide.ts` and `d1_one_shot.sh` print with `--json`: all that is said before a run.

import {z} from 'zod'
import {scenarioShape as scenario} from '../shapes.ts'
import {
  checkpointShape as checkpoint,
  holderShape as holder,
  incidentsShape as incidents,
  momentShape as moment,
  said,
  textsShape as texts,
  verdictShape as verdict,
} from './values.ts'

const gateEntries = z.array(
  z.strictObject({
    text: z.string(),
    mark: z.enum(['validated', 'refused', 'unclear', 'open']),
    raw: z.string().describe('As it is written.'),
    line: z.number(),
  }),
)

export const gateOpenOutput = z.strictObject({
  path: z.string(),
  tag: z.string(),
  commit: z.string(),
  toFillIn: gateEntries,
  next: texts.describe('Commands that follow, as a person types them.'),
})

export const gateNightlyOutput = z.strictObject({
  path: z.string().nullable().describe('null: no nightly is red, nothing was written.'),
  firstBad: z
    .looseObject({
      id: z.string(),
      at: moment,
      conclusion: z.string().nullable(),
      sha: z.string(),
      link: z.string(),
    })
    .nullable(),
  fresh: z.boolean().nullable().describe('True: newly written; false: its facts were renewed.'),
})

export const gateCheckOutput = z.strictObject({
  path: z.string(),
  tag: z.string(),
  commit: z.string(),
  complete: z.boolean(),
  entries: gateEntries,
  facts: z.array(z.looseObject({title: z.string(), verdict, observed: said})),
})

export const oneShotOutput = z.strictObject({
  gate: z.string(),
  ...checkpoint.shape,
  green: z.boolean(),
  exit: z.union([z.literal(0), z.literal(3)]),
  rows: z.array(
    z.looseObject({
      part: z.enum(['checks', 'flaky', 'release', 'history']),
      title: z.string(),
      verdict,
      observed: said,
      next: said.optional().describe('What mends it.'),
      ms: z.number().optional(),
    }),
  ),
})

export const decideOutput = z.strictObject({
  checkpoint,
  gate: z.string(),
  running: holder
    .nullable()
    .describe('Who holds the project: a scenario in progress comes before any decision.'),
  incidents: incidents.describe('Declared in the last 48 hours.'),
  matrix: z.array(
    z.strictObject({
      condition: z.string(),
      scenario: z.string(),
      state: z.enum(['holds', 'does-not-hold', 'unknown', 'to-attest']),
      roles: texts.describe('Who may attest what only people can judge.'),
      observed: z.array(said),
      at: z.string().describe('`runbooks/decision.md:17`.'),
    }),
  ),
  scenarios: z.array(
    z.strictObject({
      scenario,
      may: z.enum(['now', 'after-people', 'later', 'no']),
      reasons: z.array(said).describe('What is false or unknown: each blocks.'),
      people: z.array(said).describe('What people have to answer, with the roles that may.'),
      earliest: moment.nullable().describe('Before it, time is missing whatever else is done.'),
      roles: texts.describe('Who has the authority.'),
      next: z.string().describe('The exact command that leads on.'),
    }),
  ),
})

export const approvalOutput = z.strictObject({
  ref: z.string().describe('Where it was published.'),
  statement: z.looseObject({
    scenario,
    tag: z.string(),
    commit: z.string(),
    role: z.string(),
    name: z.string(),
    issuedAt: moment,
    expiresAt: moment,
  }),
})
