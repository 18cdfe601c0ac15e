// Supabase: project refs in host or pooler user, its own history of migrations, and the Management API
// for PROD's backups.

import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Database} from '../../kit/ports/database.ts'
import {openDatabase} from './open-database.ts'

export const supabase = async (tools: AdapterTools): Promise<Database> =>
  openDatabase(tools, 'supabase', {
    vendorBackup: async (ref, maxAgeMs) => {
      const {vendorBackup} = await import('./vendor-backup.ts')
      const {environment, fetch, clock} = tools.world
      return vendorBackup({
        fetch,
        base: environment.SUPABASE_API_URL ?? 'https://api.supabase.com',
        token: environment.SUPABASE_ACCESS_TOKEN,
        ref,
        now: clock.now(),
        maxAgeMs,
        signal: tools.signal,
      })
    },
  })
