// What a scenario's script prints with `--plan --json`.

import {z} from 'zod'
import {commitKinds} from '../commit-subject.ts'
import {factSchemas} from '../facts.ts'
import {scenarioShape as scenario} from '../shapes.ts'
import {
  checkpointShape as checkpoint,
  modeShape as mode,
  policyDocumentShape as policyDocument,
  said,
  textsShape as texts,
  verdictShape as verdict,
} from './values.ts'

export const planOutput = z.strictObject({
  scenario,
  checkpoint,
  runbook: policyDocument,
  contents: z
    .strictObject({
      head: said.describe('One sentence: how much, since what, by whom; or why that is unknown.'),
      kinds: said,
      first: texts.describe('The lines worth reading first.'),
      since: z.string().nullable().describe('What the live version is called.'),
      total: z.number().nullable().describe('Commits in all; null: not known.'),
      more: z.number().describe('Commits that are counted and not listed.'),
      authors: z.array(z.strictObject({name: z.string(), commits: z.number()})),
      changelog: z
        .array(z.strictObject({heading: z.string(), entries: texts}))
        .describe('What CHANGELOG.md gained.'),
      groups: z
        .array(z.strictObject({title: said, commits: factSchemas.changes.shape.commits}))
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
      observed: said,
      next: said.nullable().describe('What mends it.'),
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
          commands: z.array(said).describe('Exactly as they would run, secrets masked.'),
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
  duration: z.strictObject({
    last: z
      .number()
      .nullable()
      .describe('Of the last success of this scenario; null where none is recorded.'),
    waits: z.number().describe('What its baseline and its watch take, whatever else.'),
  }),
  success: texts,
  abort: texts,
  writes: texts.describe('Documents, tags.'),
  notifications: z
    .array(
      z.strictObject({
        channel: z.string(),
        state: z.enum(['pass', 'fail', 'unknown']),
        observed: said,
        next: said.nullable(),
      }),
    )
    .describe(
      'Each channel: whether it has an address, and whether the last run’s message arrived. They block nothing.',
    ),
  rehearsal: z
    .strictObject({
      state: z.enum(['pass', 'fail', 'unknown']),
      observed: said,
      next: said.nullable(),
    })
    .nullable()
    .describe('The reset, rolled back: with --rehearse only.'),
  exit: z.union([z.literal(0), z.literal(3)]),
})
