// The help of approve.ts and incident.ts.

import type {Lang} from '../domain/text.ts'

const approve = {
  fr: `Signer une approbation

  npx zx scripts/approve.ts staging|production|freeze --role RÔLE [...]

  Montre ce qui est approuvé (tag, commit, adresse, référence, empreintes), demande de taper le tag,
  signe avec la clé SSH de l’approbateur et publie la déclaration sur le dépôt distant.

  --role RÔLE          le rôle au titre duquel on signe, par exemple PCA
  --name NOM           la personne, quand plusieurs ont ce rôle
  --key FICHIER        clé SSH privée, ou publique si elle est dans l’agent ; ~/.ssh/id_ed25519 sinon
  --valid-for DURÉE    durée de validité ; 24h sinon
  --confirm TAG        le tag, quand personne ne peut le taper
  --ref RÉFÉRENCE      référence du projet relue chez l’hébergeur, sans fichier d’environnement ici
  --public-key CLÉ     clé publique de l’API (anon ou publishable), de même
  --gate FICHIER --project DOSSIER --sandbox --json --lang fr|en

  Codes : 0 publiée · 2 illisible · 3 refusée · 4 non confirmée
`,
  en: `Sign an approval

  npx zx scripts/approve.ts staging|production|freeze --role ROLE [...]

  Shows what is approved (tag, commit, address, ref, fingerprints), asks for the tag to be typed, signs
  with the approver’s SSH key and publishes the statement on the remote.

  --role ROLE          the role in which you sign, for instance PCA
  --name NAME          the person, where several have that role
  --key FILE           private SSH key, or a public one whose key is in the agent; else ~/.ssh/id_ed25519
  --valid-for DURATION how long it holds; 24h
  --confirm TAG        the tag, where nobody can type it
  --ref REF            project ref as read at the vendor, where there is no env file here
  --public-key KEY     the API’s public key (anon or publishable), likewise
  --gate FILE --project DIR --sandbox --json --lang fr|en

  Exit codes: 0 published · 2 unreadable · 3 refused · 4 not confirmed
`,
}

const incident = {
  fr: `Déclarer un incident

  npx zx scripts/incident.ts "ce qui a été constaté" [--critical|--major] [--on staging|production]

  Depuis n’importe quel clone. Un incident critique sur l’environnement surveillé déclenche le rollback ;
  tout incident sur STAGING remet à zéro le délai avant la PRODUCTION.

  --critical, --major  gravité ; mineure sinon
  --on ENVIRONNEMENT   staging ou production ; production sinon, sauf réponse contraire au terminal
                       quand une exécution est ouverte sur STAGING
  --by NOM             qui le déclare ; l’identité git sinon
  --project DOSSIER --sandbox --json --lang fr|en
`,
  en: `Declare an incident

  npx zx scripts/incident.ts "what was seen" [--critical|--major] [--on staging|production]

  From any clone. A critical incident on the environment being watched starts its rollback; any incident
  on STAGING restarts the wait before PRODUCTION.

  --critical, --major  severity; else minor
  --on ENVIRONMENT     staging or production; else production, unless answered otherwise at the
                       terminal while a run is open on STAGING
  --by NAME            who declares it; else git’s identity
  --project DIR --sandbox --json --lang fr|en
`,
}

export const approveHelp = (lang: Lang): string => approve[lang]
export const incidentHelp = (lang: Lang): string => incident[lang]
