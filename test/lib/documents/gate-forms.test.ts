// Goal: an entry of a gate counts as validated only if all of it says so, in whatever form people write it; and what is
// no entry stands in nobody's way. Method: one further piece of section 4 behind an entry that is validated.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {markedEntries} from '../../../scripts/lib/documents/mark.ts'
import {parse} from '../../../scripts/lib/documents/parse.ts'
import {numberedSections} from '../../../scripts/lib/documents/section.ts'

const forms = suite('gate forms')

const table = (head: string, ...rows: string[]) =>
  `\n| ${head} |\n| ${head.replace(/[^|]+/g, '---')} |\n${rows.map((row) => `| ${row} |`).join('\n')}\n`

async function marks(body: string): Promise<string[]> {
  const source = `# Gate\n\n## 4. Checklist finale\n\n- [x] **Code figé** : plus aucun commit\n${body}\n\n## 5. Suite\n\n- [ ] plus tard\n`
  const document = await parse(source, 'gate.md')
  return markedEntries(document, ...numberedSections(document, '4')).map(
    ({line, mark, raw}) => `${line} ${mark} ${raw}`,
  )
}

const incomplete: readonly string[] = [
  // boxes that are not Markdown's, or hidden from it
  '- [\u00A0] Recette',
  '-\u00A0[ ] Recette',
  '- [ ]\u00A0Recette',
  '- [] Recette',
  '- [-] Recette',
  '- [~] Recette',
  '- [/] Recette',
  '- [✗] Recette',
  '- [KO] Recette',
  '- [n/a] Recette',
  '- [_] Recette',
  '- [...] Recette',
  '- \\[ ] Recette',
  '• [ ] Recette',
  '– [ ] Recette',
  '[ ] Recette',
  '\t- [ ] Recette',
  '<details><summary>Métier</summary>\n- [ ] Recette\n</details>',
  '<!-- note\n- [ ] Recette',
  '> [!WARNING]\n> - [ ] Recette',
  '- [ ] ✅ Recette',
  '- Métier\n  - [ ] Recette',
  '### Critères de sortie\n\n- [ ] Recette',
  'Preuves à joindre :\n\n- [ ] Recette',
  '### Historique\n\n- [ ] Recette',
  '✅ Recette  \n⏳ Sauvegarde : lundi',
  table('Risque | Statut', 'Panne | ❌'),
  table('Date | Décision | Validateur | Statut', '2026-01-01 | GO | PCA | ❌'),
  table('Point | Statut', 'Recette | '),
  table('Point | Statut', 'Recette | <statut>'),
  table('Point | Statut', 'Recette | OK/KO'),
  table('Point | Statut', 'Recette | ✅ ?'),
  table('Point | Statut', 'Recette | ✅ 80 %'),
  table('Point | Statut', 'Recette | ✅ prévue lundi'),
  table('Point | Fait par', 'Recette | [ ] QA'),
  table('id | Status atual', 'G1 | BLOCKED_INFRA').trimStart(),

  '- [x] Recette : KO partiel',
  table('Point | Statut', 'Recette | ~~✅~~'),
  table('Point | Statut', 'Recette | ✅ sauf Safari'),
  '- [x] ~~Recette~~',
  '~~- [x] Recette~~',
  '- ~~[x]~~ Recette',
  '- ~~✅~~ Recette',
  table('Point | Avis', 'Recette | défavorable'),
  table('Point | Statut', 'Recette | à rejouer'),
  table('Point | Statut QA | Statut Dev', 'Recette | ✅ | ❌'),
  table('Point | Statut QA | Décision', 'Recette | ✅ | '),
  `### Preuves\n${table('Preuve | Statut', 'Capture | en cours')}`,
  '- [ ]',
  '* [ ] a',
  '+ [ ] b',
  '1) [ ] c',
  'a) [ ] d',
  '☐ Recette',
  '□ Recette',
  '( ) Recette',
  '- ( ) Recette',
  '<ul>\n<li>☐ Recette</li>\n</ul>',
  '<p><input type=checkbox> Recette</p>',
  '&#9744; Recette',
  '- [&nbsp;] Recette',
  '- [\u200b ] Recette',
  '-\u200b [ ] Recette',
  '```\n- [ ] Recette\n```',
  '- [x] Recette ⏳',
  '- [x] Recette ⚠️',
  '- [x] Recette — à rejouer lundi',
  '- [x] Recette (à confirmer)',
  '- ✅ Recette (non testée sur Safari)',
  table('Point | Statut', 'Recette | ✅ (3/5)'),
  table('Point | Statut', 'Recette | OK ?'),
  table('Point | Statut', 'Recette | en cours'),
  table('Point | Status', 'Recette | IN PROGRESS'),
  '## 4 ter. Métier\n\n- [ ] Recette',
  '## 4. (suite)\n\n- [ ] Recette',
  '## Section 4 (suite)\n\n- [ ] Recette',
  '### 4.1 Métier\n\n- [ ] Recette',
  '## 4.2. Métier\n\n| a | Statut |\n|---|---|\n| b | ❌ |',
  '**Recette** : ❌',
  'Recette ❌',
  'Recette : en attente',
  '- [x] NO GO',
  '- [x] Non',
  '- [x] Refusé',
  '[x] NO-GO',
  '> ☐ Recette',
  '- [x] Recette [ ] Safari',
  table('Élément | OK | KO', 'Recette | | x'),
  '- [x] Recette\n\n  KO sur Safari',
  '- [x] Recette\n  - KO sur Safari',
  '- [x] Recette\n  - à rejouer',
  '• Recette métier\n',
  '<table>\n<tr><td>Recette</td><td>NO-GO</td></tr>\n</table>',
  '<!-- à revoir\n- [ ] Recette\n<!-- fin -->',
  '- [x] GO\n- [x] NO-GO',
  '- [ ] GO\n- [ ] NO-GO',
  '- [x] **Recette** : parcours validés, sauf le paiement',
  '- [x] Recette, TODO Safari',
  table('Point | Statut', 'Recette | ✅ lundi prochain, à planifier'),
  table('Point | Statut', 'Recette | ✅ demain'),
  table('Point | Safari | Chrome', 'Recette | ❌ | ✅'),
  '### 🔴 Métier\n\n- [x] a',
  '-[x] ok\n-[ ] ko',
  '1. ✅ a\n2. ❌ b',
  '- [x] Recette :x:',
  '- :hourglass: Recette',
  '* ◻ Recette',
  '\\- [ ] Recette',
  '- [x] a\n\n\t- [ ] b',
  '- [o] Recette',
  '- [!] Recette',
  '- [?] Recette',
  table('Point | Fait', 'Recette | non'),
  table('Point | Fait par | Fait', 'Recette | Paul | '),
  table('Point | Validé', 'Recette | ✗'),
  table('Point | Statut (OK/KO)', 'Recette | KO'),
  '### Annexes\n\n- [ ] Recette',
  'Notes :\n\n- [ ] Recette',
  `### Références\n${table('Doc | Statut', 'Plan | ❌')}`,
  '- [x] Recette – KO',
  '- [x] Recette: FAIL',
  '- ✅ Recette : en attente du PCA',
  '- OK sauf Safari : Recette',
  '- [X] Recette 🚧',
  table('Élément | Statut | Remarques', 'Recette | ✅ | à refaire après correctif'),
  table('Élément | Statut | Notes', 'Recette | ✅ | FAIL sur iOS'),
  '| Point | Statut |\n| Recette | ❌ |',
  '- [x] Recette ~~validée~~ KO',
  '- Recette : ⬜',
  '- Recette : `TODO`',
  'Recette : [ ]',
  '**[ ]** Recette',
  '- **[ ] Recette**',
  '- *☐* Recette',
  '［ ］ Recette',
  '- [ ]Recette',
  '- [x] ok\n- Recette métier',
  '1. [ ] Recette',
  '- [\u202f] Recette',
  '- [\t] Recette',
  '- [x] Tests ✅❌',
  table('Item | Decision', 'QA | Rejected'),
  table('Item | Approval', 'QA | pending'),
  table('Item | Result', 'QA | 3 failed'),
  table('Item | Estado', 'QA | ❌'),
  table('Item | État', 'QA | partiel'),
]
const complete: readonly string[] = [
  '### Décision\n\n- [x] **GO**\n- [ ] **NO-GO**',
  '- [X] Recette',
  table('Catégorie | Statut', 'Tests | ✅ PASSED').trimStart() +
    '\n### Instructions de remplissage\n\n1. Mettre ✅ quand la preuve est jointe\n2. Mettre ❌ sinon',
  '- [x] Recette : aucun KO',
  '- [x] Tests : 0 échec',
  '- [x] Aucun TODO restant',
  '- [x] **Aucun bug bloquant ouvert** : les bugs connus sont listés au backlog.',
  '- [x] **Migrations relues** : rejouables, et leur retour arrière est connu.',
  "- [x] **Tests verts** : toute la suite passe sur ce commit.\n- [x] **Analyse statique** : sans erreur ni avertissement nouveau.\n- [x] **CI Nightly verte** : au moins un cycle complet sur ce commit.\n- [x] **Sécurité** : aucun secret dans le code, RLS active sur toutes les tables.\n- [x] **Parcours critiques essayés** : par une personne qui n'a pas écrit le code.\n- [x] **Documentation à jour** : runbooks, notes de version, guide utilisateur.",
  '- ✅ Sauvegarde planifiée et vérifiée',
  table('Point | Statut | Notes', 'Tests | ✅ | 512 tests, 0 échec'),
  table('Point | Statut | Notes', 'Tests | ✅ | voir #123'),
  table('Point | Statut | Notes', 'Tests | OK | -'),
  table('Point | Statut', 'Tests | Validé'),
  table('Point | Statut', 'Tests | ✅ Validé (PCA)'),
  '- [x] Aucun incident en cours',
  '- [x] Fenêtre prévue : 22:00',
  '- [x] **Fenêtre** : planifiée avec le métier, dimanche 22 h',
  table('Check | Status', 'Rollback plan | verified'),
  '- :white_check_mark: Recette',
  `${table('Point | Statut', 'A | ✅')}\n- ✅ : la preuve est jointe\n- ❌ : la preuve manque\n`,
  'Décision : **GO**',
  '[x] GO  [ ] NO-GO',
  table('Point | Décision', 'Finale | [x] GO [ ] NO-GO'),
  'Mettre ❌ si la preuve manque.',
  '### Instructions\n\nCocher [x] quand la preuve est jointe, laisser [ ] sinon.',
  '### Légende\n\n- [x] = validé\n- [ ] = à faire',
  '- [x] Validé\n- [ ] Refusé',
  '- [x] Oui\n- [ ] Non',
  table('Élément | OK | KO', 'Recette | x | '),
  '### Historique des validations\n' +
    table(
      'Date | Tag | Commit | Validateur | Décision | Notes',
      '2026-01-02 | t0 | c | v | ❌ rollback | ',
    ),
  '### Risques\n' +
    table('Risque | Probabilité | Impact | Mitigation', 'Panne | Faible | 🔴 Fort | rollback'),
  '```\n✗ 1 failing before the fix\n✓ 12 passing\n```',
  '<!-- cocher [x] : - [ ] devient - [x] -->',
  '- [x] Couverture : 82 %',
  '- [x] Couverture (82 %)',
  table('Point | Statut | Notes', 'Tests | ✅ | couverture 82 %'),
  '- [x] Taille : 512 Ko',
  "- [x] Charge : 0 % d'erreurs",
  '1. ✅ **Tests** : verts\n2. ✅ **Recette** : faite',
  'Une ligne ❌ bloque la release.',
  '> Toute ligne sans ✅ bloque.',
  '- [x] Rollback testé [preuve](https://x.y/z?a=b)',
  '- [x] Tests [1]\n\n[1]: https://x.y',
  '- [x] Tests[^1]\n\n[^1]: voir le rapport',
  table('Point | Statut', 'Tests | ✅ 24/24'),
  table('Point | Statut', 'Tests | ✅ 2026-01-23'),
  '- [x] Tests ✅',
  'Critères :\n\n- [x] a',
  table('Catégorie | Élément | Statut', '**Code** | | ', '| Analyse | ✅'),
  '- [x] Aucun FAIL dans les logs',
  '- [x] Alertes : aucune en attente',
  '- [x] Pas de régression',
  '- [x] Note de version envoyée',
  'GO si tout est ✅ ; NO-GO si une ligne est ❌.',
  '- **GO** : tout est ✅\n- **NO-GO** : une ligne ❌',
  table('Point | Statut | Responsable', 'Tests | ✅ | Non attribué'),
]

for (const body of incomplete) {
  forms(`is not complete: ${JSON.stringify(body)}`, async () => {
    for (const separator of ['\n', '']) {
      const read = await marks(separator + body)
      assert.ok(
        read.some((entry) => !/^\d+ validated /.test(entry)),
        read.join('\n'),
      )
    }
  })
}

for (const body of complete) {
  forms(`is complete: ${JSON.stringify(body)}`, async () => {
    const read = await marks(`\n${body}`)
    assert.ok(
      read.length > 0 && read.every((entry) => /^\d+ validated /.test(entry)),
      read.join('\n'),
    )
  })
}

forms('sections that go on with the fourth are read, and no other', async () => {
  const source = `# Gate

## 4. Checklist

- [x] un

## 4.1 Métier

- [ ] deux

## 4 bis. Données

- [ ] trois

## 5. Suite

### 4. Quatrième remarque

- [ ] autre chose

## Section 4 (suite)

- [ ] quatre
`
  const document = await parse(source, 'gate.md')
  const read = markedEntries(document, ...numberedSections(document, '4'))
  assert.equal(
    read.map(({text, mark}) => [text, mark]),
    [
      ['un', 'validated'],
      ['deux', 'open'],
      ['trois', 'open'],
      ['quatre', 'open'],
    ],
  )
})

forms.run()
