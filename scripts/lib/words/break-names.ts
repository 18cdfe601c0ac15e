// What `--sandbox --break NAME` can break, in the order of the scenarios that it belongs to.

export const breakNames = [
  // Scenario A, and B too.
  ...['gate', 'tag', 'nightly', 'env', 'build', 'size', 'secret-in-build', 'deploy'],
  ...['partial-deploy', 'smoke', 'database'],
  // Scenario B.
  ...[
    'approval',
    'env-committed',
    'staging-key-in-prod',
    'no-data',
    'errors',
    'outage',
    'rollback',
  ],
  // Scenario C.
  ...['drift', 'notify'],
] as const

export type BreakName = (typeof breakNames)[number]
