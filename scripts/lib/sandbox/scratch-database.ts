// A PostgreSQL of its own for one moment, in a folder that goes with it: started as the sandbox's is.

import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Problem} from '../domain/problem.ts'
import type {ScratchDatabase} from '../kit/ports/scratch-database.ts'
import {withClient} from './database.ts'
import {type PostgresServer, startPostgres} from './postgres.ts'

/** Throws nothing for what a machine can lack: then null. */
export async function openScratchDatabase(major: number): Promise<ScratchDatabase | null> {
  for (const binaries of ['path', 'installed', 'embedded'] as const) {
    const folder = await mkdtemp(join(tmpdir(), 'postgate-scratch-'))
    const remove = () => rm(folder, {recursive: true, force: true, maxRetries: 5})
    const server = await startPostgres({folder, binaries}).catch((error: unknown) => {
      if (error instanceof Problem) return null
      throw error
    })
    if (server !== null && (await majorOf(server)) >= major) return scratch(server, remove)
    await server?.stop()
    await remove()
  }
  return null
}

function scratch(server: PostgresServer, remove: () => Promise<void>): ScratchDatabase {
  const {password} = new URL(server.superuserUrl)
  return {
    ...{host: '127.0.0.1', port: server.port, user: 'postgres', database: 'postgres'},
    password: decodeURIComponent(password),
    close: async () => {
      await server.stop()
      await remove()
    },
  }
}

const majorOf = ({superuserUrl}: PostgresServer): Promise<number> =>
  withClient(superuserUrl, async (client) => {
    const {rows} = await client.query('show server_version_num')
    return Math.floor(Number(rows[0]?.server_version_num) / 10_000)
  })
