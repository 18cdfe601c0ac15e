// A plain PostgreSQL, told by the name of its database.

import {postgres} from '../../../../scripts/lib/adapters/database/postgres.ts'
import {databaseContract} from './contract.ts'

databaseContract({
  adapter: 'postgres',
  open: postgres,
  ref: 'shop_staging',
  role: 'shop',
  backups: 'attested',
})
