// A Supabase project, told by the ref in the name of its user.

import {supabase} from '../../../../scripts/lib/adapters/database/supabase.ts'
import {stagingRef} from '../../../helpers/postgres.ts'
import {databaseContract} from './contract.ts'

databaseContract({
  adapter: 'supabase',
  open: supabase,
  ref: stagingRef,
  role: `postgres.${stagingRef}`,
  backups: 'vendor',
})
