// `COPY … TO STDOUT` through the driver, into a sink: the driver itself throws such data away.

import type {Connection} from 'pg'
import type {DatabaseSession} from './session.ts'

/** Streams what `sql` copies out, chunk by chunk; `sink` is awaited before more is read. */
export function copyOut(
  session: DatabaseSession,
  sql: string,
  sink: (chunk: Buffer) => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let work = Promise.resolve()
    let failed: unknown
    session.client.query({
      submit: (connection: Connection) => connection.query(sql),
      handleCopyOutResponse: () => {},
      handleCopyData: ({chunk}: {chunk: Buffer}, connection: Connection) => {
        const bytes = Buffer.from(chunk)
        connection.stream.pause()
        work = work.then(async () => {
          if (failed === undefined) await sink(bytes)
        })
        work
          .catch((error: unknown) => {
            failed ??= error
          })
          .finally(() => connection.stream.resume())
      },
      handleRowDescription: () => {},
      handleCommandComplete: () => {},
      handleError: (error: unknown) => {
        failed ??= error
        work.finally(() => reject(error)).catch(() => {})
      },
      handleReadyForQuery: () => {
        work.then(() => (failed === undefined ? resolve() : reject(failed)), reject)
      },
    })
  })
}
