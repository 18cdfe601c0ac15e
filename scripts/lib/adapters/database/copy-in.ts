// `COPY … FROM STDIN` through the driver, from the rows that stand in an SQL file.

import type {Connection} from 'pg'
import type {DatabaseSession} from './session.ts'

const chunk = 1 << 20

/** Sends the rows; rejects with the server's error. */
export function copyIn(session: DatabaseSession, sql: string, rows: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(rows)
    session.client.query({
      submit: (connection: Connection) => connection.query(sql),
      handleCopyInResponse: (connection: CopyConnection) => {
        for (let at = 0; at < bytes.length; at += chunk)
          connection.sendCopyFromChunk(bytes.subarray(at, at + chunk))
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
