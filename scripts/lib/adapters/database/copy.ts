// `COPY` through the driver in both directions: it throws away by itself what comes, and its types do not tell
// how to send.

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

/** Bytes that are sent at a time. */
const chunkBytes = 1 << 20

/** Sends the rows; rejects with the server's error. */
export function copyIn(session: DatabaseSession, sql: string, rows: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(rows)
    session.client.query({
      submit: (connection: Connection) => connection.query(sql),
      handleCopyInResponse: (connection: CopyConnection) => {
        for (let at = 0; at < bytes.length; at += chunkBytes)
          connection.sendCopyFromChunk(bytes.subarray(at, at + chunkBytes))
        connection.endCopyFrom()
      },
      handleRowDescription: () => {},
      handleCommandComplete: () => {},
      handleError: reject,
      handleReadyForQuery: () => resolve(),
    })
  })
}

/** The driver's own way of sending, which its types do not tell of. */
interface CopyConnection extends Connection {
  readonly sendCopyFromChunk: (bytes: Buffer) => void
  readonly endCopyFrom: () => void
}
