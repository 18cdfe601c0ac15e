// Everything that a runbook or a project file can name: one line each, loaded when it is named.

import type {Catalogue} from './kit/catalogue.ts'

export const catalogue: Catalogue = {
  checks: {
    'approvers-exist': async () => (await import('./checks/approvers-exist.ts')).approversExist,
    authorised: async () => (await import('./checks/authorised.ts')).authorised,
    'backup-verified': async () => (await import('./checks/backup-verified.ts')).backupVerified,
    'client-key': async () => (await import('./checks/client-key.ts')).clientKey,
    'code-unchanged': async () => (await import('./checks/code-unchanged.ts')).codeUnchanged,
    'database-identity': async () =>
      (await import('./checks/database-identity.ts')).databaseIdentity,
    'error-logs': async () => (await import('./checks/error-logs.ts')).errorLogs,
    'environments-apart': async () =>
      (await import('./checks/environments-apart.ts')).environmentsApart,
    'env-file': async () => (await import('./checks/env-file.ts')).envFile,
    'env-keys': async () => (await import('./checks/env-keys.ts')).envKeys,
    'env-never-committed': async () =>
      (await import('./checks/env-never-committed.ts')).envNeverCommitted,
    'gate-complete': async () => (await import('./checks/gate-complete.ts')).gateComplete,
    'nightly-green': async () => (await import('./checks/nightly-green.ts')).nightlyGreen,
    'not-frozen': async () => (await import('./checks/not-frozen.ts')).notFrozen,
    'post-mortem-filled': async () =>
      (await import('./checks/post-mortem-filled.ts')).postMortemFilled,
    'previous-deployment': async () =>
      (await import('./checks/previous-deployment.ts')).previousDeployment,
    'repository-clean': async () => (await import('./checks/repository.ts')).repositoryClean,
    'rollback-tested': async () => (await import('./checks/rollback-tested.ts')).rollbackTested,
    'staging-validated': async () =>
      (await import('./checks/staging-validated.ts')).stagingValidated,
    'step-passed': async () => (await import('./checks/step-passed.ts')).stepPassed,
    tag: async () => (await import('./checks/tag.ts')).tag,
    'tools-ready': async () => (await import('./checks/tools-ready.ts')).toolsReady,
    'user-alerts': async () => (await import('./checks/user-alerts.ts')).userAlerts,
    'watch-stable': async () => (await import('./checks/watch-stable.ts')).watchStable,
    'window-open': async () => (await import('./checks/window-open.ts')).windowOpen,
  },
  triggers: {
    'configuration-error': async () =>
      (await import('./triggers/configuration-error.ts')).configurationError,
    'critical-incident': async () =>
      (await import('./triggers/critical-incident.ts')).criticalIncident,
    downtime: async () => (await import('./triggers/downtime.ts')).downtime,
    'error-rate': async () => (await import('./triggers/error-rate.ts')).errorRate,
    'step-failed': async () => (await import('./triggers/step-failed.ts')).stepFailed,
  },
  hosting: {
    firebase: async () => (await import('./adapters/hosting/firebase.ts')).firebase,
    folder: async () => (await import('./adapters/hosting/folder.ts')).folder,
    netlify: async () => (await import('./adapters/hosting/netlify.ts')).netlify,
    ssh: async () => (await import('./adapters/hosting/ssh.ts')).ssh,
    vercel: async () => (await import('./adapters/hosting/vercel.ts')).vercel,
  },
  builder: {
    command: async () => (await import('./adapters/builder/command.ts')).commandBuilder,
    flutter: async () => (await import('./adapters/builder/flutter.ts')).flutter,
  },
  database: {
    postgres: async () => (await import('./adapters/database/postgres.ts')).postgres,
    supabase: async () => (await import('./adapters/database/supabase.ts')).supabase,
  },
  ci: {
    github: async () => (await import('./adapters/ci/github.ts')).github,
  },
  metrics: {
    command: async () => (await import('./adapters/metrics/command.ts')).commandMetrics,
    prober: async () => (await import('./adapters/metrics/prober.ts')).prober,
    prometheus: async () => (await import('./adapters/metrics/prometheus.ts')).prometheusMetrics,
  },
  notify: {
    command: async () => (await import('./adapters/notify/command.ts')).commandNotifier,
    webhook: async () => (await import('./adapters/notify/webhook.ts')).webhook,
  },
  signals: {
    command: async () => (await import('./adapters/signals/command.ts')).commandSignal,
    prometheus: async () => (await import('./adapters/signals/prometheus.ts')).prometheusSignal,
  },
  sandbox: async () => (await import('./sandbox/open.ts')).openSandbox,
  scratchDatabase: async (major) =>
    (await import('./sandbox/scratch-database.ts')).openScratchDatabase(major),
}
