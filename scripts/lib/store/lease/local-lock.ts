// Keeps two processes of one machine apart. The lock is a listening socket: the system takes it away
// with its holder, however that one ends, so that no stale file can ever block a start.

import {createHash, randomBytes} from 'node:crypto'
import {link, rename, rm} from 'node:fs/promises'
import {createConnection, createServer, type Server} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {z} from 'zod'

const answer = z.object({pid: z.number(), since: z.string(), what: z.string()})

/** `pid` 0: the holder did not say. */
export type LockHolder = Readonly<z.output<typeof answer>>

export type LocalLock = {readonly release: () => Promise<void>} | {readonly heldBy: LockHolder}

const silenceMs = 1_000

/** Takes the lock of `key` (a folder's real path), or says who has it. `what`: shown to the others. */
export async function lockLocally(key: string, what = '', since = new Date()): Promise<LocalLock> {
  const card = JSON.stringify({pid: process.pid, since: since.toISOString(), what})
  const {address, isFile} = addressOf(key)
  return isFile ? takeFile(address, card) : take(address, card)
}

/** Who has the lock of `key`, without taking it; null: nobody. */
export const lockHolder = (key: string): Promise<LockHolder | null> => ask(addressOf(key).address)

function addressOf(key: string): {address: string; isFile: boolean} {
  const name = `postgate-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`
  if (process.platform === 'linux') return {address: `\0${name}`, isFile: false}
  if (process.platform === 'win32') return {address: `\\\\.\\pipe\\${name}`, isFile: false}
  return {address: join(tmpdir(), `${name}.sock`), isFile: true}
}

/** Names that vanish with the process: abstract sockets and named pipes. */
async function take(address: string, card: string): Promise<LocalLock> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const server = await listen(address, card)
    if (server !== null) return {release: () => close(server)}
    const holder = await ask(address)
    // Gone between our two questions: try again.
    if (holder !== null) return {heldBy: holder}
  }
  return {heldBy: unsaid}
}

/** Elsewhere a socket is a file that can outlive its holder: linked into place whole, and moved away
 * only when nobody answers behind it. */
async function takeFile(path: string, card: string): Promise<LocalLock> {
  const own = `${path}.${randomBytes(4).toString('hex')}`
  const server = await listen(own, card)
  if (server === null) return {heldBy: unsaid}
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const linked = await link(own, path).then(
        () => true,
        () => false,
      )
      if (linked) {
        return {
          async release() {
            await rm(path, {force: true})
            await close(server)
          },
        }
      }
      const holder = await ask(path)
      if (holder !== null) {
        await close(server)
        return {heldBy: holder}
      }
      const dead = `${own}.dead`
      await rename(path, dead).catch(() => undefined)
      // Another may have been quicker and put a living one there: give it back its place.
      if ((await ask(dead)) !== null) await link(dead, path).catch(() => undefined)
      await rm(dead, {force: true})
    }
  } finally {
    await rm(own, {force: true})
  }
  await close(server)
  return {heldBy: unsaid}
}

const unsaid: LockHolder = {pid: 0, since: '', what: ''}

/** null: the address is taken. */
function listen(address: string, card: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end(card)
    })
    server.once('error', (error) => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(address, () => {
      // The lock must not keep a finished process alive.
      server.unref()
      resolve(server)
    })
  })
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
  })

/** Who holds it; null: nobody is there. A holder that is too busy to answer still holds it. */
function ask(address: string): Promise<LockHolder | null> {
  return new Promise((resolve) => {
    let text = ''
    const socket = createConnection(address)
    const patience = setTimeout(() => {
      socket.destroy()
      resolve(unsaid)
    }, silenceMs)
    const finish = (holder: LockHolder | null) => {
      clearTimeout(patience)
      resolve(holder)
    }
    socket.on('data', (bytes) => {
      text += bytes.toString('utf8')
    })
    socket.on('error', () => finish(null))
    socket.on('end', () => {
      try {
        finish(answer.parse(JSON.parse(text)))
      } catch {
        finish(unsaid)
      }
    })
  })
}
