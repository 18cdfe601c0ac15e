// What the canary test runs: every scenario, every `--break`, and the tools beside them. Series that
// need a validated STAGING begin on a copy of the sandbox in which the released one ended.

import type {Series} from './canary-run.ts'

const staging = ['scripts/staging.ts', '--sandbox'] as const
const production = ['scripts/production.ts', '--sandbox'] as const
const freeze = ['scripts/freeze.ts', '--sandbox'] as const

const broken = (exit: number, words: readonly string[], name: string) =>
  [exit, ...words, '--break', name] as const

/** Each on a newborn sandbox. */
export const newborn: readonly Series[] = [
  {
    name: 'A, broken',
    commands: [
      ...['gate', 'tag', 'nightly', 'env'].map((name) => broken(3, staging, name)),
      ...['build', 'deploy', 'partial-deploy', 'smoke', 'database'].map((name) =>
        broken(1, staging, name),
      ),
    ],
  },
]

/** On a newborn sandbox as well: what it leaves is what the others begin with. */
export const released: Series = {
  name: 'A',
  commands: [
    [0, ...staging, '--plan'],
    [
      0,
      'scripts/incident.ts',
      'mot de passe vu : {STAGING_SMOKE_PASSWORD}',
      '--sandbox',
      '--on',
      'staging',
    ],
    [
      0,
      'scripts/incident.ts',
      'sous toutes les formes : {STAGING_SMOKE_PASSWORD*}',
      '--sandbox',
      '--on',
      'staging',
    ],
    [0, 'scripts/incident.ts', 'une clé a fui : {ACCOUNT_KEY*}', '--sandbox', '--on', 'staging'],
    [0, ...staging],
    [1, ...staging, '--rollback', 'le mot de passe {STAGING_SMOKE_PASSWORD} a fui'],
    [0, ...staging],
    [0, ...staging, '--rollback', 'drill'],
    [0, 'scripts/status.ts', '--sandbox'],
    [0, 'scripts/decide.ts', '--sandbox', '--json'],
    [0, 'scripts/audit.ts', '--sandbox'],
  ],
}

const later = ['--advance', '48h'] as const

export const afterwards: readonly Series[] = [
  {
    name: 'B, refused and paused, then whole',
    commands: [
      ...['approval', 'env-committed', 'staging-key-in-prod'].map((name) =>
        broken(3, [...production, ...later], name),
      ),
      broken(4, production, 'size'),
      [0, ...production, '--answers', '{answers}'],
      [0, 'scripts/audit.ts', '--sandbox'],
    ],
    answers: {"Taille de l'artefact": 'carte ajoutée ; compte d’essai : {PROD_SMOKE_PASSWORD}'},
  },
  {name: 'B, no data', commands: [broken(4, [...production, ...later], 'no-data')]},
  ...['secret-in-build', 'errors', 'outage', 'rollback', 'partial-deploy', 'smoke'].map((name) => ({
    name: `B, ${name}`,
    commands: [broken(1, [...production, ...later], name)],
  })),
  {
    name: 'C',
    commands: [
      broken(4, freeze, 'notify'),
      [0, ...freeze, '--answers', '{answers}'],
      broken(3, [...freeze, '--exit'], 'drift'),
      [0, 'scripts/status.ts', '--sandbox'],
    ],
    answers: {'Équipe prévenue': 'canal release, avec le mot de passe {STAGING_SMOKE_PASSWORD}'},
  },
]
