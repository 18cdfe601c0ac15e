// A shape as snapshot.ts takes it: by the machine's own pg_dump, or by the one that npm brings where the server is newer.

import {execFile} from 'node:child_process'
import type {Connection} from '../../scripts/lib/adapters/database/connection.ts'
import {type Run, shapeFromDump} from '../../scripts/lib/adapters/database/dump.ts'
import {openReader} from '../../scripts/lib/adapters/database/session.ts'
import type {Shape, Source} from '../../scripts/lib/adapters/database/shape.ts'

export const runProgram: Run = (program, args, variables) =>
  new Promise((resolve) => {
    const env = {PATH: process.env.PATH, ...variables}
    execFile(program, [...args], {env, maxBuffer: 1 << 26}, (error, stdout, stderr) =>
      resolve({exit: error === null ? 0 : Number(error.code ?? 1) || null, stdout, stderr}),
    )
  })

export async function dumpedShape(
  connection: Connection,
  source: Omit<Source, 'server'>,
): Promise<Shape> {
  const reader = await openReader({connection, name: 'PROD'})
  try {
    return await reader.look(async (session) => {
      const [{newer} = {newer: false}] = await session.rows<{newer: boolean}>(
        `select current_setting('server_version_num')::int >= 180000 as newer`,
      )
      const run = newer ? (await import('./npm-pg-dump.ts')).npmPgDump : runProgram
      return shapeFromDump({connection, run, path: process.env.PATH ?? ''}, session, source)
    })
  } finally {
    await reader.close()
  }
}
