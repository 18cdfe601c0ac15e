// A database of a test server as the engine opens it for a backup, with a scratch database to try it in.

import {openDatabase} from '../../scripts/lib/adapters/database/open-database.ts'
import type {Text} from '../../scripts/lib/domain/text.ts'
import type {OpenScratchDatabase} from '../../scripts/lib/kit/ports/scratch-database.ts'
import {openScratchDatabase} from '../../scripts/lib/sandbox/scratch-database.ts'
import {stagingRef, type TestServer} from './postgres.ts'
import {testProject, testTools, testWorld} from './world.ts'

/** Takes a backup of `database` into `file` by the commands that `fence` lists. */
export async function backUp(given: {
  readonly server: TestServer
  readonly database: string
  readonly folder: string
  readonly file: string
  readonly fence?: string
  readonly scratch?: OpenScratchDatabase
}): Promise<{tables: number; checked: Text}> {
  const {server, folder} = given
  const values: Readonly<Record<string, string>> = {
    URL: server.url(given.database),
    REF: stagingRef,
  }
  const staging = {envFile: 'env', url: 'http://127.0.0.1', hosting: {adapter: 'folder'}}
  const tools = await testTools({
    world: testWorld({project: folder, cache: folder}),
    project: testProject({
      database: {},
      environments: {staging: {...staging, database: {url: 'URL', ref: 'REF'}}},
    }),
    env: {
      ...{path: 'env/.env', exists: true, keys: Object.keys(values)},
      get: (key) => values[key],
      secrets: () => Object.values(values),
    },
    mode: 'READ-ONLY',
    fence: given.fence ?? '',
  })
  const opened = openDatabase(
    {...tools, scratchDatabase: given.scratch ?? openScratchDatabase},
    'supabase',
  )
  try {
    return await opened.backup(given.file)
  } finally {
    await opened.close()
  }
}
