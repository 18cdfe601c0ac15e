// Ports of 127.0.0.1, each held from the moment it is chosen by the very server that will answer there:
// between the look and the use of a port nobody else can take it.

import {randomInt} from 'node:crypto'
import {createServer, type Server} from 'node:http'

/** Below those that Linux, macOS and the BSDs give to outgoing connections, which come and go. */
const [lowest, beyond] = [20_000, 32_768]

/** Listens on `port`, or null where something else does. */
export const holdPort = (port: number): Promise<Server | null> =>
  new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(null))
    server.listen(port, '127.0.0.1', () => done(server))
    // It ends with the command, and never keeps it from ending.
    server.unref()
  })

/** Listens on a free port, whichever. */
export async function holdFreePort(): Promise<{port: number; server: Server}> {
  for (;;) {
    const port = randomInt(lowest, beyond)
    const server = await holdPort(port)
    if (server !== null) return {port, server}
  }
}

/** Gives the port back. */
export const giveBack = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done())
  })
