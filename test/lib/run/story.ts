// Journals for tests, told briefly: each line is an event, a second (or more) after the one before.

import type {Event, EventBody, Person} from '../../../scripts/lib/domain/event.ts'

export const manager: Person = {role: 'Release Manager', name: 'Alice Martin', how: 'declared'}
export const director: Person = {role: 'Directeur', name: 'Benoît Leroy', how: 'signed'}

type Line = EventBody | {readonly wait: number}

/** Seconds between two events unless a line says `{wait}`. */
export function journal(start: string, lines: readonly Line[]): Event[] {
  let at = Date.parse(start)
  const events: Event[] = []
  for (const line of lines) {
    if ('wait' in line) {
      at += line.wait * 1_000
      continue
    }
    events.push({
      v: 1,
      seq: events.length + 1,
      at: new Date(at).toISOString(),
      prev: '0'.repeat(64),
      ...line,
    })
    at += 1_000
  }
  return events
}

export const commit = '0c5c2b7f0a1b2c3d4e5f60718293a4b5c6d7e8f9'

export function started(
  scenario: 'staging' | 'production' | 'freeze',
  more: Partial<Extract<EventBody, {type: 'run-started'}>> = {},
): EventBody {
  return {
    type: 'run-started',
    run: `${scenario}-20260123-090000-ab12`,
    scenario,
    kind: 'scenario',
    checkpoint: {
      tag: 'prod-ready-2026-01-23-nightly-green',
      tagObject: 'f'.repeat(40),
      commit,
    },
    gate: {path: 'docs/RELEASE_GATE_2026_01.md', sha256: 'a'.repeat(64)},
    runbook: {path: `runbooks/${scenario}.md`, sha256: 'b'.repeat(64)},
    templates: [],
    project: 'Comptoir',
    bundle: '1.0.0',
    operator: 'camille',
    machine: 'poste-12',
    platform: 'linux x64, Node 20.20.0',
    sandbox: false,
    main: 'c'.repeat(40),
    ...more,
  }
}

export const judged = (
  item: string,
  title: string,
  observed: string,
  more: Partial<Extract<EventBody, {type: 'item-judged'}>> = {},
): EventBody => ({
  type: 'item-judged',
  item,
  title,
  verdict: 'pass',
  observed,
  evidence: [],
  by: null,
  ...more,
})

export const fact = (name: string, value: unknown): EventBody => ({
  type: 'fact-recorded',
  name,
  value,
})

export function stepped(
  phase: string,
  step: string,
  observed: string,
  more: {
    verdict?: 'pass' | 'fail' | 'unknown'
    attempt?: number
    seconds?: number
    command?: string
  } = {},
): Line[] {
  const {verdict = 'pass', attempt = 1, seconds = 2, command} = more
  const act: Line[] =
    command === undefined
      ? []
      : [
          {type: 'step-intended', phase, step, attempt, effects: [command]},
          {type: 'child-started', step, pid: 100, birth: '1', command},
          {wait: seconds},
          {
            type: 'child-ended',
            step,
            exitCode: verdict === 'pass' ? 0 : 1,
            durationMs: seconds * 1_000,
            tail: '',
          },
        ]
  return [
    ...act,
    {
      type: 'step-finished',
      phase,
      step,
      attempt,
      verdict,
      observed,
      evidence: [],
      durationMs: seconds * 1_000,
    },
  ]
}

export const opened = (phase: string, title: string, mode: 'READ-ONLY' | 'EXECUTIVE'): Line => ({
  type: 'phase-started',
  phase,
  title,
  mode,
})

const deployment = (id: string, version: string, at: string) => ({
  id,
  url: 'https://app.example.org',
  version,
  manifest: null,
  at,
})

/** A whole STAGING run; `observed` stands in some of its texts, for hostile values. */
export function stagingSuccess(hostile = 'saisie de commande et clôture de caisse'): Event[] {
  return journal('2026-01-23T09:00:00.000Z', [
    started('staging'),
    judged('prerequisites/release-gate-valide', 'Release Gate validé', '12 lignes sur 12 validées'),
    judged(
      'prerequisites/tag-git-present',
      'Tag Git présent',
      'tag sur 0c5c2b7, ici et sur origin',
    ),
    judged(
      'prerequisites/autorisation-explicite',
      'Autorisation explicite',
      'accord donné à 08:55',
      {
        by: manager,
      },
    ),
    opened('preparation', 'Préparation', 'READ-ONLY'),
    ...stepped('preparation', 'backup-staging', '14 tables relues', {
      command: 'pg_dump --format=custom --file=staging.dump',
    }),
    fact('backup', {
      path: 'cache/backups/staging.dump',
      bytes: 1_234_567,
      sha256: 'd'.repeat(64),
      keepUntil: '2026-02-22',
      tables: 14,
    }),
    {type: 'phase-finished', phase: 'preparation'},
    opened('deployment', 'Build & Déploiement', 'EXECUTIVE'),
    {type: 'phase-confirmed', phase: 'deployment', typed: 'STAGING', by: manager},
    ...stepped('deployment', 'build', 'flutter a échoué (code 1)', {
      verdict: 'fail',
      seconds: 30,
      command: 'flutter build web --release --build-name=2026.1.23',
    }),
    ...stepped('deployment', 'build', 'version 2026.1.23, 27 fichiers', {
      attempt: 2,
      seconds: 65,
      command: 'flutter build web --release --build-name=2026.1.23',
    }),
    fact('artifact', {
      version: '2026.1.23',
      files: 27,
      bytes: 3_456_789,
      digest: 'e'.repeat(64),
      kept: 'cache/artifacts/x',
    }),
    fact('deployment-before', deployment('dep-41', '2026.1.9', '2026-01-09T10:00:00.000Z')),
    fact('rollback-command', {
      command: 'netlify api restoreSiteDeploy --data {"deploy_id":"dep-41"}',
    }),
    ...stepped('deployment', 'deploy', 'dep-42 active', {
      command: 'netlify deploy --prod --no-build --dir build/web --site comptoir',
    }),
    fact('deployment', deployment('dep-42', '2026.1.23', '2026-01-23T09:02:10.000Z')),
    ...stepped('deployment', 'served-bytes', '27 fichiers sur 27 identiques'),
    fact('deployment-verified', {
      id: 'dep-42',
      digest: 'e'.repeat(64),
      files: 27,
      at: '2026-01-23T09:02:14.000Z',
    }),
    {type: 'phase-finished', phase: 'deployment'},
    fact('changes', {
      committedAt: '2026-01-22T16:30:00.000Z',
      since: '2026.1.9',
      commits: [{sha: commit, subject: hostile}],
    }),
    {
      type: 'incident-recorded',
      what: `premier build en échec : ${hostile}`,
      severity: 'minor',
      environment: 'staging',
      by: 'camille',
    },
    {type: 'run-paused', waitingFor: ['Validation métier'], earliest: null},
    {wait: 5_400},
    {type: 'run-resumed', machine: 'poste-12', operator: 'camille', note: 'réponse apportée'},
    judged('success/validation-metier', 'Validation métier', hostile, {
      by: {role: 'QA Lead', name: hostile, how: 'declared'},
    }),
    judged('abort/build-echoue-deux-fois', 'Build échoué deux fois', '1 échec sur 2'),
    {type: 'notified', what: 'fin', channel: 'webhook', verdict: 'fail', observed: hostile},
    {type: 'run-decided', result: 'succeeded', why: 'tous les critères de succès sont tenus'},
  ])
}

/** A PRODUCTION run whose error rate rises to 20 %, and which goes back by itself. */
export function productionRolledBack(hostile = 'taux d’erreur 20 % > 5 %'): Event[] {
  const sample = (second: number) => ({
    at: new Date(Date.parse('2026-01-26T22:00:00.000Z') + second * 1_000).toISOString(),
    source: 'sonde',
    ok: second < 120 || second % 50 !== 0,
    status: second < 120 || second % 50 !== 0 ? 200 : 500,
    ms: 20 + (second % 7),
  })
  return journal('2026-01-26T22:00:00.000Z', [
    started('production', {run: 'production-20260126-220000-cd34'}),
    judged('prerequisites/autorisation-explicite', 'Autorisation explicite', 'signature valable', {
      by: director,
    }),
    fact('approval', {
      role: 'Directeur',
      name: 'Benoît Leroy',
      nonce: 'n-1',
      issuedAt: '2026-01-26T18:00:00.000Z',
      expiresAt: '2026-01-27T18:00:00.000Z',
      fingerprint: 'SHA256:abc',
      statement: 'production …',
    }),
    opened('deployment', 'Déploiement PRODUCTION', 'EXECUTIVE'),
    {
      type: 'phase-confirmed',
      phase: 'deployment',
      typed: 'prod-ready-2026-01-23-nightly-green',
      by: director,
    },
    fact('deployment-before', deployment('dep-7', '2026.1.9', '2026-01-10T20:00:00.000Z')),
    {wait: 110},
    ...stepped('deployment', 'deploy', 'dep-8 active', {
      command: 'netlify deploy --prod --no-build --dir build/web --site comptoir',
    }),
    fact('deployment', deployment('dep-8', '2026.1.23', '2026-01-26T22:02:00.000Z')),
    fact('deployment-verified', {
      id: 'dep-8',
      digest: 'e'.repeat(64),
      files: 27,
      at: '2026-01-26T22:02:03.000Z',
    }),
    {
      type: 'samples-taken',
      samples: [
        ...Array.from({length: 120}, (_, index) => sample(index * 10)).filter(
          ({at}) => at < '2026-01-26T22:08:00' || at > '2026-01-26T22:12:00',
        ),
      ],
    },
    {wait: 1_080},
    {type: 'trigger-fired', trigger: 'error-rate', item: 'abort/taux-d-erreur', observed: hostile},
    {type: 'rollback-started', kind: 'trigger', why: hostile},
    ...stepped('rollback', 'restore-previous', 'dep-7 remis en ligne', {
      command: 'netlify api restoreSiteDeploy --data {"deploy_id":"dep-7"}',
    }),
    fact('deployment-restored', deployment('dep-7', '2026.1.9', '2026-01-26T22:20:10.000Z')),
    {type: 'rollback-finished', result: 'verified', observed: '27 fichiers sur 27 de 2026.1.9'},
    {
      type: 'incident-recorded',
      what: hostile,
      severity: 'critical',
      environment: 'production',
      by: 'postgate',
    },
    {type: 'run-decided', result: 'rolled-back', why: hostile},
  ])
}

export function frozen(hostile = 'gel comptable de fin de mois'): Event[] {
  return journal('2026-01-23T09:00:00.000Z', [
    started('freeze'),
    judged('prerequisites/decision-de-freeze', 'Décision de freeze', 'décidé en comité', {
      by: manager,
    }),
    fact('freeze', {
      reason: hostile,
      scope: 'toute l’application',
      responsible: 'Alice Martin (Release Manager)',
      planned: 'A',
      plannedDate: '2026-02-03',
      review: '2026-01-30',
      exitCriteria: 'clôture comptable signée',
      tag: 'freeze-2026-01-23',
    }),
    opened('freeze', 'Freeze Release', 'READ-ONLY'),
    ...stepped('freeze', 'freeze-tag', 'freeze-2026-01-23 publié', {
      command: 'tag annoté freeze-2026-01-23',
    }),
    fact('backlog', {
      items: [
        {part: 'bugs', title: hostile, origin: 'lib/caisse.dart:42', link: null},
        {
          part: 'improvements',
          title: 'Filtrer la liste des commandes',
          origin: '#12',
          link: 'https://forge.example.org/issues/12',
        },
      ],
    }),
    {type: 'run-decided', result: 'succeeded', why: 'freeze décidé et consigné'},
  ])
}
