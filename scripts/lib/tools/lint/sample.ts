// A made-up run in which everything happened once: templates are tried on it, so that a placeholder
// inside a loop or a condition is found as well.

import {documentNames} from '../../domain/document-names.ts'
import type {Event, EventBody, Person} from '../../domain/event.ts'
import {fold} from '../../domain/fold.ts'
import type {DocumentNames, ViewInput} from '../../domain/views/input.ts'

const person: Person = {role: 'Release Manager', name: 'Alice', how: 'declared'}
const at = '2026-01-23T09:00:00.000Z'
const deployment = {id: 'd-1', url: 'https://app.example.org', version: '1', manifest: null, at}
const digest = '0'.repeat(64)
const commit = '0'.repeat(40)

const fact = (name: string, value: unknown): EventBody => ({type: 'fact-recorded', name, value})

const bodies: readonly EventBody[] = [
  {
    type: 'run-started',
    ...{run: 'run-1', scenario: 'production', kind: 'scenario', project: 'sample', bundle: '1'},
    checkpoint: {tag: 'v1', tagObject: commit, commit},
    gate: {path: 'docs/RELEASE_GATE_2026_01.md', sha256: digest},
    runbook: {path: 'runbooks/production.md', sha256: digest},
    templates: [],
    ...{operator: 'camille', machine: 'm', platform: 'linux', sandbox: false, main: commit},
  },
  {
    type: 'item-judged',
    ...{item: 'prerequisites/a', title: 'A', verdict: 'pass', observed: 'seen', by: person},
    evidence: [{label: 'link', link: 'https://ci.example.org/1'}],
  },
  {type: 'phase-started', phase: 'deployment', title: 'Deployment', mode: 'EXECUTIVE'},
  {type: 'phase-confirmed', phase: 'deployment', typed: 'v1', by: person},
  fact('nightly', {
    runs: [{id: '1', at, conclusion: 'success', sha: commit, link: 'https://ci.example.org/1'}],
  }),
  fact('backup', {path: 'b', bytes: 1, sha256: digest, keepUntil: '2026-02-22', tables: 1}),
  fact('artifact', {version: '1', files: 1, bytes: 1, digest, kept: 'k'}),
  fact('deployment-before', deployment),
  fact('rollback-command', {command: 'vendor rollback d-1'}),
  fact('changes', {committedAt: at, since: 'v0', commits: [{sha: commit, subject: 'A change'}]}),
  fact('window', {from: at, to: '2026-01-23T13:00:00.000Z'}),
  fact('freeze', {
    ...{reason: 'r', scope: 's', responsible: 'x', planned: 'A', plannedDate: '2026-02-03'},
    ...{review: '2026-01-30', exitCriteria: 'c', tag: 'freeze-2026-01-23'},
  }),
  fact('backlog', {items: [{part: 'bugs', title: 'A bug', origin: 'a.ts:1', link: null}]}),
  {type: 'step-intended', phase: 'deployment', step: 'deploy', attempt: 1, effects: ['deploy']},
  {type: 'child-started', step: 'deploy', pid: 1, birth: '1', command: 'deploy'},
  {type: 'child-ended', step: 'deploy', exitCode: 0, durationMs: 1_000, tail: ''},
  {
    type: 'step-finished',
    ...{phase: 'deployment', step: 'deploy', attempt: 1, verdict: 'pass', observed: 'live'},
    ...{evidence: [], durationMs: 1_000},
  },
  fact('deployment', deployment),
  fact('deployment-verified', {id: 'd-1', digest, files: 1, at}),
  {type: 'samples-taken', samples: [{at, source: 'probe', ok: true, status: 200, ms: 20}]},
  fact('watch', {from: at, to: at, samples: 1, errors: 0, coverage: 1, p95Ms: 20}),
  fact('smoke', {checks: [{title: 'Home', verdict: 'pass', observed: '200'}]}),
  {
    type: 'incident-recorded',
    ...{what: 'an incident', severity: 'minor', environment: 'production', by: 'camille'},
  },
  {type: 'run-paused', waitingFor: ['a person'], earliest: null},
  {type: 'run-resumed', machine: 'm', operator: 'camille', note: 'resumed'},
  {type: 'trigger-fired', trigger: 'error-rate', item: 'abort/a', observed: '6 %'},
  {type: 'rollback-started', kind: 'trigger', why: '6 %'},
  fact('deployment-restored', deployment),
  {type: 'rollback-finished', result: 'verified', observed: '1 file'},
  {type: 'notified', what: 'end', channel: 'webhook', verdict: 'fail', observed: 'away'},
  {type: 'run-decided', result: 'rolled-back', why: '6 %'},
]

/** A second lies between two events. */
export function sampleInput(): ViewInput {
  const events = bodies.map(
    (body, index): Event => ({
      ...{v: 1, seq: index + 1, prev: digest},
      at: new Date(Date.parse(at) + index * 1_000).toISOString(),
      ...body,
    }),
  )
  const state = fold(events)
  // Everything happened, a freeze too: every document links to every other.
  const freeze = 'docs/RELEASE_FREEZE_2026_01_23.md'
  const backlog = 'docs/BACKLOG_POST_RELEASE_2026_01.md'
  const names: DocumentNames = {...documentNames(state), freeze, backlog}
  return {
    state,
    names,
    runbook: {
      path: names.runbook,
      title: 'Sample',
      items: [
        {
          ...{id: 'prerequisites/a', title: 'A', section: 'prerequisites', kind: 'check'},
          ...{name: 'tag', parameters: {}, optional: false},
        },
      ],
      risks: [{cells: ['A risk', 'low', 'high', 'a check'], mitigatedBy: ['tag']}],
    },
  }
}
