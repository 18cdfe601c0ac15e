// What recorded runs rest on where their documents are derived again: a runbook with an item of each kind, the
// checkpoint's tag, and the manifest of what was built.

export const recordedRunbook = `# Runbook

## Pré-requis

- [ ] **Autorisation explicite** : oui <!-- check: authorised signature=optional -->

## Phase 3 : Build (EXÉCUTIF)

- [ ] **Build** : oui <!-- step: build -->

## Critères de succès

- [ ] **Validation métier** : oui

## Historique des exécutions

| Date | Résultat | Exécution |
| --- | --- | --- |
`

export const checkpointTag = 'prod-ready-2026-01-23-nightly-green'

export const recordedManifest = `${'1'.repeat(64)}  index.html\n`
