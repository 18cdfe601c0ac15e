import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {markedEntries} from '../../../scripts/lib/documents/mark.ts'
import {conflictMarkers, metadata} from '../../../scripts/lib/documents/metadata.ts'
import {parse} from '../../../scripts/lib/documents/parse.ts'
import {numberedSection} from '../../../scripts/lib/documents/section.ts'
import {readStatus} from '../../../scripts/lib/documents/status.ts'

const mark = suite('mark')

/** Line, mark and text of each entry of a section 4 with this content; its first line is line 3. */
async function entries(content: string): Promise<string[]> {
  const text = `## 4. Checklist de validation\n\n${content}\n\n## 5. Suite\n\n- ❌ elsewhere\n`
  const document = await parse(text, 'gate.md')
  const section = numberedSection(document, '4')
  assert.ok(section)
  return markedEntries(document, section).map(
    (entry) => `${entry.line} ${entry.mark} ${entry.text}`,
  )
}

mark('reads boxes, and a box outranks the emoji beside it', async () => {
  assert.equal(
    await entries(`- [x] **Tests** : verts ✅
- [ ] ✅ Base prête
- [ ] Recette - ⚪ Not Started
  - [X] Sous-tâche
  - détail libre
- [~] autre marque
- [] vide
- [\u00A0] insécable
- [x] ❌ contredit`),
    [
      '3 validated Tests : verts ✅',
      '4 open Base prête',
      '5 open Recette - ⚪ Not Started',
      '6 validated Sous-tâche',
      '7 open détail libre',
      '8 unclear autre marque',
      '9 open vide',
      '10 open insécable',
      '11 unclear contredit',
    ],
  )
})

mark('reads ticked bullets and numbers', async () => {
  assert.equal(
    await entries(`1. ✅ **Release Gate** : complète
2. ❌ **Tag**
3. ⚠️ **CI** : à surveiller
4. 🟡 En cours
5. 🦄 inconnue
6. ✅ **RLS** : validée sous réserve
7. ✅ Build : ❌
8. sans marque

- ✔️ coche
- 🔴 rouge`),
    [
      '3 validated Release Gate : complète',
      '4 refused Tag',
      '5 unclear CI : à surveiller',
      '6 unclear En cours',
      '7 unclear inconnue',
      '8 unclear RLS : validée sous réserve',
      '9 unclear Build : ❌',
      '10 open sans marque',
      '12 validated coche',
      '13 refused rouge',
    ],
  )
})

mark('reads words in backticks and marks at the end', async () => {
  assert.equal(
    await entries(`- **Connexion** : \`PASS\`
- Base — \`BLOCKED_INFRA\`
- Décision : \`NO-GO\`
- Recette : \`PASS\` (sous réserve)
- Charge : \`PASS_WITH_WARNINGS\`
- Fichier \`env/.env\` : ✅
- Build : PASS
- Logs : en cours
- Tests ✅`),
    [
      '3 validated Connexion : PASS',
      '4 refused Base — BLOCKED_INFRA',
      '5 refused Décision : NO-GO',
      '6 unclear Recette : PASS (sous réserve)',
      '7 unclear Charge : PASS_WITH_WARNINGS',
      '8 validated Fichier env/.env : ✅',
      '9 validated Build : PASS',
      '10 open Logs : en cours',
      '11 validated Tests ✅',
    ],
  )
})

mark('reads tables with a status column, in any subsection', async () => {
  assert.equal(
    await entries(`### 4.1 Code

| Catégorie | Élément | Statut | Notes |
|---|---|---|---|
| **Code** | | | |
| | Analyse | ✅ | |
| **Code** | Tests | ✅ PASSED | CI 12 |
| **Base** | RLS | 🟡 | |
| **Base** | Grants | ❌ | |
| **Base** | Vues | | |
| **Base** | Charge | ✅ | sous réserve |

### 4.2 Other

| Check | Result |
|---|---|
| Smoke | PASS |
| Load | PASS (3/5) |
| Box | [x] |
| Open | [ ] |

| Point | QA |
|---|---|
| Recette | ✅ |
| Accès | |`),
    [
      '8 validated Analyse',
      '9 validated Code — Tests',
      '10 unclear Base — RLS',
      '11 refused Base — Grants',
      '12 open Base — Vues',
      '13 unclear Base — Charge',
      '19 validated Smoke',
      '20 unclear Load',
      '21 validated Box',
      '22 open Open',
      '26 validated Recette',
      '27 open Accès',
    ],
  )
})

mark(
  'takes no legend, definition, criterion, risk, history or fence for an entry, unless a status or a box stands in it',
  async () => {
    assert.equal(
      await entries(`**Légende** : ✅ validé, ❌ refusé

Légende :

- ✅ Validé
- 🟡 En cours
- ❌ Bloqué

> ✅ = validé

- ✅ Validé
- ❌ Refusé
- ⬜ À faire

GO si :

- ❌ aucun point rouge

- **GO** si tout est ✅
- **NO-GO** : un ❌

Critères de succès :

1. ✅ tout va bien

| Risque | Probabilité | Impact | Statut |
|---|---|---|---|
| Panne | Faible | ❌ | ❌ |

| Preuve | Statut |
|---|---|
| lien | ❌ |

| Statut | Signification |
|---|---|
| ❌ | refusé |

\`\`\`
- ❌ dans un bloc
\`\`\`

<!--
- ❌ en commentaire
-->

### Critères de succès

- [ ] hors sujet

### Légende

- ❌ Refusé

### Historique des validations

| Date | Tag | Commit | Validateur | Décision | Notes |
|---|---|---|---|---|---|
| 2026-01-20 | t | c | v | ❌ | |

### 4.3 Vrai

- [x] seul`),
      [
        '30 refused Panne — Faible — ❌',
        '34 refused lien',
        '50 open hors sujet',
        '64 validated seul',
      ],
    )
  },
)

mark('skips no subsection and no table that only looks like something else', async () => {
  assert.equal(
    await entries(`### Critères de sécurité

- ❌ clés
- Go version : ❌
- [ ] GO : accord du PCA
- ✅ iOS \`FAIL\` connu

### Rollback

- [ ] plan testé

### Key checks

| Élément | Statut | Impact |
|---|---|---|
| Sauvegarde | ❌ | fort |`),
    [
      '5 refused clés',
      '6 refused Go version : ❌',
      '7 open GO : accord du PCA',
      '8 unclear iOS FAIL connu',
      '12 open plan testé',
      '18 refused Sauvegarde',
    ],
  )
})

mark('reads lines of a paragraph that start with a mark', async () => {
  assert.equal(await entries('✅ **Build** : ok  \n❌ **Tests** : rouges  \ntexte'), [
    '3 validated Build : ok',
    '4 refused Tests : rouges',
  ])
})

mark('finds nothing where there is nothing', async () => {
  assert.equal(await entries('Du texte.\n\n- une note\n- une autre'), [])
})

mark('passes only on a plain yes', () => {
  const cases: Record<string, string[]> = {
    validated: [
      '✅',
      '✅ PASSED',
      '✅ Validé',
      'OK',
      'PASS',
      'Oui',
      '🟢 GO',
      '[x]',
      '✅ 24/24',
      '✅ 2026-01-23',
      '☑️',
    ],
    refused: [
      '❌',
      'NO-GO',
      'NO GO',
      'FAIL',
      'KO',
      'BLOCKED_INFRA',
      'Échec',
      '✅ ❌',
      'Non',
      'BLOQUÉ',
      'NOT OK',
    ],
    open: [
      '',
      ' ',
      '—',
      '-',
      '___',
      '[ ]',
      'TODO',
      'À faire',
      '⬜',
      '⏳ en cours',
      'NOT RUN',
      'TBD',
    ],
    unclear: [
      '🟡',
      '⚠️',
      '?',
      'N/A',
      'PARTIAL',
      'PASS (3/5)',
      'PASS WITH WARNINGS',
      '✅ sous réserve',
      'peut-être',
      '🦄',
      '✅ mais',
      'PASS sauf X',
      '✅🦄',
    ],
  }
  for (const [meaning, texts] of Object.entries(cases)) {
    for (const text of texts) assert.is(readStatus(text).mark, meaning, text)
  }
})

mark.run()

const facts = suite('metadata')

facts('reads `**Clé** : valeur` lines, tables and front matter', async () => {
  const text = `---
version: 2
tag: from-front-matter
---

# Gate

**Date de création** : 2026-01-23  
**Tag validé** : \`prod-ready\` (commit \`0c5c2b7\`)
**Commit :** HEAD  
Texte **gras** sans clé : rien

- **Validateur** : ________
- [x] **Item** : no

| Champ | Valeur |
|---|---|
| Branche | \`main\` |

**Date de création** : later
`
  const read = metadata(await parse(text, 'a.md'))
  assert.equal(
    [...read].map(([key, {value, line}]) => [key, value, line]),
    [
      ['version', '2', 2],
      ['tag', 'from-front-matter', 3],
      ['date de creation', '2026-01-23', 8],
      ['tag valide', 'prod-ready (commit 0c5c2b7)', 9],
      ['commit', 'HEAD', 10],
      ['validateur', '', 13],
      ['branche', 'main', 18],
    ],
  )
})

facts('finds committed merge-conflict markers, and no underlined heading', () => {
  assert.equal(
    conflictMarkers('a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\nTitle\n=======\n'),
    [2, 4, 6],
  )
  assert.equal(conflictMarkers('Title\r\n=======\r\n'), [])
})

facts.run()
