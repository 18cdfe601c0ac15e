// What a team would write into the example's post-mortem, by the name of the field.

const words: Readonly<Record<string, string>> = {
  gravité: 'majeur (une requête sur cinq en erreur pendant une minute)',
  propriétaire: 'Claire Moreau, Release Manager',
  auteurs: 'Claire Moreau, Karim Haddad',
  'participants, avec leur rôle':
    'Claire Moreau (Release Manager), Karim Haddad (QA Lead), Hélène Faure (PCA)',
  participants: 'Claire Moreau (Release Manager), Karim Haddad (QA Lead), Hélène Faure (PCA)',
  résumé:
    'Pendant une minute, une page sur cinq a répondu par une erreur. Postgate l’a vu et a remis la version précédente en ligne. Aucune saisie n’a été perdue. (SANDBOX)',
  contexte:
    'La version apportait la saisie des bons de livraison. Elle est partie dans la fenêtre de maintenance prévue, après 48 h sur STAGING.',
  causes:
    'Une route demandait une ressource qui n’existait pas encore en PRODUCTION. STAGING l’avait déjà : l’écart entre les deux environnements n’était pas surveillé.',
  impact:
    'Quatre utilisateurs sur quarante-deux ont dû recharger la page. Aucune donnée n’a été touchée : le journal d’audit et les comptes de lignes sont les mêmes avant et après.',
  'bien marché':
    'Le seuil du runbook a suffi ; le retour a été automatique et prouvé octet par octet.',
  'mal marché':
    'La sonde ne demande que quelques pages : sans les erreurs vues par elle, il aurait fallu attendre deux cents requêtes.',
  chance: 'L’incident est survenu à une heure calme.',
}

const actions = `| Action | Type | Responsable | Priorité | Ticket | Échéance |
| --- | --- | --- | --- | --- | --- |
| Comparer les ressources de STAGING et de PRODUCTION chaque nuit | prévenir | Karim Haddad | haute | n° 52 | dans deux semaines |
| Sonder plus souvent pendant les dix premières minutes | atténuer | Claire Moreau | moyenne | n° 53 | prochaine version |
`

/** The post-mortem with every field that it asks for. Throws for a field that has no text here. */
export function filledIn(source: string): string {
  return source
    .replace(/(<!-- à remplir: actions -->\s*)\| Action[^\n]*\n[^\n]*\n[^\n]*\n/, `$1${actions}`)
    .replace(
      /(<!-- à remplir: ([^>]+?) -->\s*)_à remplir_/g,
      (_all, marker: string, name: string) => {
        const text = words[name]
        if (text === undefined) throw new Error(`no text for the field "${name}"`)
        return `${marker}${text}`
      },
    )
    .replace('brouillon (puis : relu, clos)', 'relu')
    .replace('brouillon (puis\u202f: relu, clos)', 'relu')
}
