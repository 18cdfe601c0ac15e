// The backup that the vendor of the database makes by itself.

import {duration} from '../domain/parameters.ts'
import {check} from '../kit/definition.ts'
import {askDatabase} from '../proofs/database.ts'

/** Check `backup-verified age=24h`: the vendor's own backup, by its id and age; else a person says. */
export const backupVerified = check({
  name: 'backup-verified',
  describe: {
    fr: 'La sauvegarde automatique de la base est récente, identifiant à l’appui.',
    en: 'The database’s automatic backup is recent, with its id.',
  },
  mayAsk: 'anybody',
  parameters: {age: duration()},
  judge: (context, {age}) => askDatabase(context, (database) => database.vendorBackup(age)),
})
