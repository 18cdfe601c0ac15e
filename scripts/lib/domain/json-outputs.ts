// What `--json` prints, command by command: the published contract (docs/schemas/). Every text is one
// string, in the language of `--lang`; every moment is ISO 8601 in UTC; durations are milliseconds.

import {z} from 'zod'
import {commitKinds} from './commit-subject.ts'
import {kindShape as kind, resultShape as result, scenarioShape as scenario} from './shapes.ts'
import type {Text} from './text.ts'

const moment = z.iso.datetime()
const verdict = z.enum(['pass', 'fail', 'unknown', 'not-applicable', 'waiting'])
const mode = z.enum(['READ-ONLY', 'EXECUTIVE'])
const checkpoint = z.strictObject({
  tag: z.string(),
  tagObject: z.string().describe('Object id of the tag; empty where it is missing.'),
  commit: z.string(),
})
const texts = z.array(z.string())

const policyDocument = z.strictObject({
  path: z.string(),
  origin: z.enum(['project', 'bundle']).describe('Whose text was read.'),
  sha256: z.string().describe('Of a runbook without its history, of a template whole.'),
})

const plan = z.strictObject({
  scenario,
  checkpoint,
  runbook: policyDocument,
  contents: z
    .strictObject({
      head: z
        .string()
        .describe('One sentence: how much, since what, by whom; or why that is unknown.'),
      kinds: z.string(),
      first: texts.describe('The lines worth reading first.'),
      since: z.string().nullable().describe('What the live version is called.'),
      total: z.number().nullable().describe('Commits in all; null: not known.'),
      more: z.number().describe('Commits that are counted and not listed.'),
      authors: z.array(z.strictObject({name: z.string(), commits: z.number()})),
      changelog: z
        .array(z.strictObject({heading: z.string(), entries: texts}))
        .describe('What CHANGELOG.md gained.'),
      groups: z
        .array(
          z.looseObject({title: z.string(), commits: z.array(z.looseObject({sha: z.string()}))}),
        )
        .describe('The listed commits by type (Conventional Commits).'),
      commits: z.array(
        z.strictObject({
          sha: z.string(),
          subject: z.string(),
          kind: z.enum(commitKinds),
          authors: texts,
          issues: z.array(z.strictObject({text: z.string(), link: z.string().nullable()})),
        }),
      ),
    })
    .nullable()
    .describe('What the release brings; null: a freeze.'),
  prerequisites: z.array(
    z.strictObject({
      title: z.string(),
      state: verdict.describe('`waiting`: a person has to answer.'),
      observed: z.string(),
      next: z.string().nullable().describe('What mends it.'),
    }),
  ),
  phases: z.array(
    z.strictObject({
      number: z.number(),
      title: z.string(),
      mode,
      items: z.array(
        z.strictObject({
          title: z.string(),
          kind: z.string(),
          name: z.string().describe('The step; empty for what a person attests.'),
          commands: texts.describe('Exactly as they would run, secrets masked.'),
        }),
      ),
    }),
  ),
  attestations: texts.describe('What people have to answer.'),
  asked: z.array(
    z.strictObject({
      title: z.string().describe('The key in an answers file.'),
      detail: z.string(),
      when: z
        .enum(['will', 'may'])
        .describe('`may`: where the machine cannot tell by itself, or on a way back.'),
      optional: z.boolean(),
      open: z.boolean().describe('It asks what, not whether.'),
      roles: texts.describe('Who may answer; empty: anybody.'),
      example: z.string().nullable(),
    }),
  ),
  confirmations: texts.describe('Words that the operator types before an EXECUTIVE phase.'),
  roles: texts.describe('Who decides this scenario (runbooks/decision.md).'),
  duration: z.strictObject({last: z.number().nullable(), waits: z.number()}),
  success: texts,
  abort: texts,
  writes: texts.describe('Documents, tags.'),
  notifications: z
    .array(
      z.strictObject({
        channel: z.string(),
        state: z.enum(['pass', 'fail', 'unknown']),
        observed: z.string(),
        next: z.string().nullable(),
      }),
    )
    .describe(
      'Each channel: whether it has an address, and whether the last run’s message arrived. They block nothing.',
    ),
  rehearsal: z
    .strictObject({
      state: z.enum(['pass', 'fail', 'unknown']),
      observed: z.string(),
      next: z.string().nullable(),
    })
    .nullable()
    .describe('The reset, rolled back: with --rehearse only.'),
  exit: z.union([z.literal(0), z.literal(3)]),
})

const run = z.discriminatedUnion('state', [
  z.strictObject({
    run: z.string(),
    state: z.literal('ended'),
    result,
    why: z.string(),
    documents: texts,
    tag: z.string().nullable(),
    merge: z.looseObject({}).nullable().describe('Where documents wait for a merge.'),
  }),
  z.strictObject({
    run: z.string(),
    state: z.enum(['paused', 'blocked']),
    reasons: texts,
    earliest: moment.nullable(),
  }),
])

const recordedRun = {
  run: z.string(),
  scenario,
  kind,
  result: result.nullable(),
  tag: z.string(),
  commit: z.string(),
  startedAt: moment,
  endedAt: moment.nullable(),
}

const live = z.strictObject({
  status: z.enum(['new', 'previous', 'unchanged', 'unknown']),
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
  working: z.strictObject({pid: z.number(), since: z.string()}).nullable(),
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
      status: z.string(),
      attempt: z.number(),
      verdict: verdict.nullable(),
      observed: z.string(),
      at: moment,
    })
    .nullable(),
  waitingFor: texts,
  earliest: moment.nullable(),
  open: z.array(
    z.strictObject({
      title: z.string(),
      verdict,
      observed: z.string(),
      next: z.string().nullable(),
    }),
  ),
  rollback: z.strictObject({why: z.string(), startedAt: moment, finished: z.boolean()}).nullable(),
  decided: z.strictObject({result, why: z.string()}).nullable(),
  effects: z.boolean(),
})

const watch = z.strictObject({
  run: z.string(),
  scenario,
  source: z.string(),
  from: moment,
  to: moment,
  deployedAt: moment.nullable(),
  threshold: z.number().nullable().describe('In percent, of the runbook.'),
  requests: z.number(),
  errors: z.number(),
  rate: z.number().nullable().describe('0 to 1; null: nothing was answered.'),
  p95Ms: z.number().nullable(),
  coverage: z.number().nullable(),
  points: z.array(
    z.strictObject({
      at: moment,
      errorPercent: z.number().nullable().describe('null: nobody looked.'),
      medianMs: z.number().nullable(),
    }),
  ),
})

const incidents = z.array(
  z.strictObject({
    what: z.string(),
    severity: z.enum(['minor', 'major', 'critical']),
    environment: z.enum(['staging', 'production']).nullable(),
    by: z.string().nullable(),
    at: z.string(),
  }),
)

const status = z.strictObject({
  project: z.string(),
  sandbox: z.boolean(),
  at: moment,
  remote: z.enum(['answers', 'away', 'none']),
  run: openRun.nullable(),
  lease: z
    .strictObject({
      run: z.string(),
      scenario,
      operator: z.string(),
      machine: z.string(),
      since: z.string(),
      ours: z.boolean(),
    })
    .nullable(),
  last: z.array(z.strictObject(recordedRun)),
  live: z.strictObject({staging: live.optional(), production: live.optional()}),
  watch: watch.nullable().describe('Of the open run, or of the last one that was watched.'),
  owed: z.array(z.looseObject({kind: z.string(), what: z.string(), run: z.string()})),
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

const history = z.strictObject({
  sandbox: z.boolean(),
  complete: z.boolean().describe('False: the remote was away, only what is known here is counted.'),
  runs: z.array(
    z.strictObject({
      ...recordedRun,
      committedAt: moment.nullable(),
      deployedAt: moment.nullable(),
      provenAt: moment.nullable(),
      brokenAt: moment.nullable(),
      restoredAt: moment.nullable(),
    }),
  ),
  figures: z.array(
    z.strictObject({
      scenario,
      runs: z.number(),
      deployments: z.number(),
      failures: z.number(),
      perWeek: z.number().nullable(),
      failureRate: z.number().nullable(),
      leadMs: z.number().nullable(),
      recoveryMs: z.number().nullable(),
      durationMs: z.number().nullable(),
    }),
  ),
})

const decide = z.strictObject({
  checkpoint,
  gate: z.string(),
  running: z
    .looseObject({run: z.string(), scenario, operator: z.string(), machine: z.string()})
    .nullable(),
  incidents: incidents.describe('Declared in the last 48 hours.'),
  matrix: z.array(
    z.strictObject({
      condition: z.string(),
      scenario: z.string(),
      state: z.enum(['holds', 'does-not-hold', 'unknown', 'to-attest']),
      roles: texts,
      observed: texts,
      at: z.string(),
    }),
  ),
  scenarios: z.array(
    z.strictObject({
      scenario,
      may: z.enum(['now', 'after-people', 'later', 'no']),
      reasons: texts,
      people: texts,
      earliest: moment.nullable(),
      roles: texts,
      next: z.string(),
    }),
  ),
})

const audit = z.strictObject({
  runs: z.array(
    z.strictObject({
      run: z.string(),
      events: z.number(),
      anchors: texts,
      documents: texts,
      approvals: z.number(),
      findings: z.array(
        z.strictObject({
          kind: z.string(),
          path: z.string(),
          line: z.number().nullable(),
          commit: z.string().nullable(),
          what: z.string(),
          expected: z.string(),
          found: z.string(),
        }),
      ),
      notes: texts,
    }),
  ),
  remote: z.boolean(),
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

const gateEntries = z.array(
  z.strictObject({
    text: z.string(),
    mark: z.enum(['validated', 'refused', 'unclear', 'open']),
    raw: z.string(),
    line: z.number(),
  }),
)

const gateOpen = z.strictObject({
  path: z.string(),
  tag: z.string(),
  commit: z.string(),
  toFillIn: gateEntries,
  next: texts.describe('Commands that follow, as a person types them.'),
})

const gateNightly = z.strictObject({
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

const approval = z.strictObject({
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

const gateCheck = z.strictObject({
  path: z.string(),
  tag: z.string(),
  commit: z.string(),
  complete: z.boolean(),
  entries: gateEntries,
  facts: z.array(z.looseObject({title: z.string(), verdict, observed: z.string()})),
})

const doctor = z.strictObject({
  ready: z.boolean(),
  lines: z.array(
    z.strictObject({
      part: z.string(),
      title: z.string(),
      verdict,
      advice: z.boolean().describe('True: does not keep the project from being ready.'),
      observed: z.string(),
      next: z.string().nullable(),
    }),
  ),
})

const incident = z.strictObject({
  id: z.string(),
  what: z.string(),
  severity: z.enum(['minor', 'major', 'critical']),
  environment: z.enum(['staging', 'production']).nullable(),
  by: z.string(),
  at: moment,
})

const oneShot = z.strictObject({
  gate: z.string(),
  ...checkpoint.shape,
  green: z.boolean(),
  exit: z.union([z.literal(0), z.literal(3)]),
  rows: z.array(
    z.looseObject({
      part: z.enum(['checks', 'flaky', 'release', 'history']),
      title: z.string(),
      verdict,
      observed: z.string(),
      next: z.string().optional().describe('What mends it.'),
      ms: z.number().optional(),
    }),
  ),
})

const problem = z.strictObject({
  problem: z.strictObject({
    what: z.string(),
    why: z.string(),
    next: z.string(),
    exit: z.number(),
    at: z.looseObject({path: z.string(), line: z.number()}).nullable(),
  }),
})

/** By the name of the schema's file. */
export const jsonOutputs = {
  plan: {schema: plan, command: 'staging.ts, production.ts, freeze.ts with --plan --json'},
  run: {schema: run, command: 'staging.ts, production.ts, freeze.ts with --json'},
  status: {schema: status, command: 'status.ts --json, and --status --json'},
  history: {schema: history, command: 'status.ts --history --json'},
  decide: {schema: decide, command: 'decide.ts --json'},
  audit: {schema: audit, command: 'audit.ts --json'},
  lint: {schema: lint, command: 'lint.ts --format json'},
  'gate-open': {schema: gateOpen, command: 'gate.ts open --json'},
  'gate-nightly': {schema: gateNightly, command: 'gate.ts nightly-post-mortem --json'},
  approval: {schema: approval, command: 'approve.ts --json'},
  'gate-check': {schema: gateCheck, command: 'gate.ts check --json'},
  doctor: {schema: doctor, command: 'init.ts --check --json'},
  incident: {schema: incident, command: 'incident.ts --json'},
  problem: {
    schema: problem,
    command: 'any command with --json, instead of its own output, when it cannot work',
  },
  'one-shot': {schema: oneShot, command: 'd1_one_shot.sh --json'},
} as const

export type JsonOutputName = keyof typeof jsonOutputs

/** What a command hands over to be printed: as published, but for texts, which may be in two languages yet. */
export type JsonOutput<N extends JsonOutputName> = Told<z.output<(typeof jsonOutputs)[N]['schema']>>

type Told<T> = T extends string
  ? string extends T
    ? Text
    : T
  : T extends readonly (infer E)[]
    ? readonly Told<E>[]
    : T extends object
      ? {readonly [K in keyof T as string extends K ? never : K]: Told<T[K]>}
      : T
