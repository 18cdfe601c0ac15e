// STAGING and PRODUCTION are two places: nothing that empties or replaces one can meet the other.

import {check} from '../kit/definition.ts'
import {judgeSeparation} from '../proofs/separation.ts'

export const environmentsApart = check({
  name: 'environments-apart',
  describe: {
    fr: 'STAGING et PRODUCTION ont chacun leur hébergement, leur adresse, leur fichier d’environnement et leur base, liens et redirections suivis.',
    en: 'STAGING and PRODUCTION each have their own hosting, address, env file and database, links and redirects followed.',
  },
  parameters: {},
  judge: (context) => judgeSeparation(context, {redirects: true}),
})
