// A shape by the machine's own pg_dump, as snapshot.ts takes it.

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
    const tools = {connection, run: runProgram, path: process.env.PATH ?? ''}
    return await reader.look((session) => shapeFromDump(tools, session, source))
  } finally {
    await reader.close()
  }
}
