// Which database this is: before anything reads or drops it.

import {check} from '../kit/definition.ts'
import {askDatabase} from '../proofs/database.ts'

/** Check `database-identity`: URL, ref and the marker inside all say this environment. */
export const databaseIdentity = check({
  name: 'database-identity',
  describe: {
    fr: 'L’URL, la référence du projet et le marqueur lu dans la base désignent cet environnement, et rien l’autre.',
    en: 'The URL, the project ref and the marker inside the database name this environment, and nothing the other.',
  },
  parameters: {},
  judge: (context) => askDatabase(context, (database) => database.identify()),
})
