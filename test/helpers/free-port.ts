// A port of 127.0.0.1 that nothing listens on, for a program that wants to be told one.

import {createServer} from 'node:net'

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address !== null && typeof address !== 'string') resolve(address.port)
        else reject(new Error('no port'))
      })
    })
  })
}
