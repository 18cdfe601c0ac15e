// The gate and the runbook of the small release.

export const tag = 'prod-ready-2026-01-23'

export const gateText = (commit: string) => `# Release Gate

**Tag validé** : \`${tag}\`
**Commit** : \`${commit}\`

## 4. Checklist finale

- [x] **Tests** : verts

### Historique des validations

| Date | Tag | Commit | Validateur | Décision | Notes |
|------|-----|--------|------------|----------|-------|
`

export const runbookText = `---
scenario: staging
language: fr
version: 1
---

# Scénario A : essai

## Objectif

Mettre en ligne.

## Pré-requis

- [ ] **Gate complet** : section 4. <!-- check: gate-complete -->
- [ ] **Tag présent** : ici et là. <!-- check: tag -->
- [ ] **Outils prêts** : builder et hébergeur. <!-- check: tools-ready -->
- [ ] **Version précédente connue** : où revenir. <!-- check: previous-deployment -->

## Phase 1 : Préparation (READ-ONLY)

- [ ] **Checkpoint extrait** : à part. <!-- step: checkpoint -->

## Phase 2 : Déploiement (EXÉCUTIF)

- [ ] **Build** : deux tentatives. <!-- step: build within=20s -->
- [ ] **Artefact prouvé** : lu. <!-- step: artifact-proof -->
- [ ] **Version relevée** : où revenir. <!-- step: live-before -->
- [ ] **Déploiement** : deux tentatives. <!-- step: deploy within=20s -->
- [ ] **Octets servis** : les mêmes. <!-- step: served-bytes -->

\`\`\`bash
./build.sh
flutter build web --release --dart-define-from-file=<fichier> --build-name=<version> --build-number=<numero>
firebase deploy --only hosting --project <projet> --non-interactive --json -m <message>
netlify deploy --prod --no-build --dir <dossier> --site <site> --message <message> --json
vercel deploy --prebuilt --prod --yes --meta postgate=<message>
vercel promote <id> --yes --timeout 3m --scope <equipe>
\`\`\`

## Phase 3 : Validation (READ-ONLY)

- [ ] **Accord donné** : par une personne.

## Risques identifiés

| Risque | Probabilité | Impact | Mitigation |
| --- | --- | --- | --- |
| Panne | Faible | Moyen | Prouver <!-- risk: build --> |

## Critères de succès

- [ ] **Déployé** : octet pour octet. <!-- check: step-passed steps="deploy,served-bytes" -->

## Critères d'abandon

- [ ] **Build échoué deux fois** : deux. <!-- trigger: step-failed step=build attempts=2 -->
- [ ] **Déploiement échoué deux fois** : deux. <!-- trigger: step-failed step=deploy attempts=2 -->
- [ ] **Octets différents** : un écart. <!-- trigger: step-failed step=served-bytes attempts=1 -->

## Procédure de rollback

- [ ] **Identifiée** : la précédente. <!-- step: identify-previous -->
- [ ] **Remise en ligne** : par l'hébergeur. <!-- step: restore-previous within=20s -->
- [ ] **Reconstruction** : sinon. <!-- step: rebuild-previous optional -->
- [ ] **Vérifiée** : ses octets. <!-- step: verify-previous -->
- [ ] **Consignée** : au registre. <!-- step: record-rollback -->
- [ ] **Exercice** : retour. <!-- step: return-to-checkpoint optional -->
- [ ] **Exercice prouvé** : octets. <!-- step: verify-checkpoint optional -->

\`\`\`bash
firebase hosting:clone <site>@<version> <site>:live --project <projet> --json
netlify api restoreSiteDeploy --data <json>
vercel rollback <id> --yes --timeout 3m --scope <equipe>
\`\`\`

## Historique des exécutions

| Date (UTC) | Exécution | Tag | Commit | Résultat | Validateur | Rapport |
| --- | --- | --- | --- | --- | --- | --- |
`
