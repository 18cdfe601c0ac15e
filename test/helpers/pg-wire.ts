// The worker behind npm-pg-dump.ts: a connection to a server for one that can only ask and wait. What is sent goes
// to the server as it is, and the answer is whole: up to the moment at which the server is ready again.

import {type MessagePort, workerData} from 'node:worker_threads'
import pg from 'pg'

const {signal, port, url}: {signal: Int32Array; port: MessagePort; url: string} = workerData

const settings: [string, string][] = []
const client = new pg.Client({connectionString: url})
const connection = Reflect.get(client, 'connection')
connection.on('parameterStatus', (told: {parameterName: string; parameterValue: string}) =>
  settings.push([told.parameterName, told.parameterValue]),
)
await client.connect()
const {stream} = connection
stream.removeAllListeners('data')
let received: Buffer = Buffer.alloc(0)
let wake = () => {}
stream.on('data', (chunk: Buffer) => {
  received = Buffer.concat([received, chunk])
  wake()
})

let sent: Buffer = Buffer.alloc(0)
port.on('message', async (bytes: Uint8Array) => {
  sent = Buffer.concat([sent, bytes])
  port.postMessage(await answer())
  Atomics.store(signal, 0, 1)
  Atomics.notify(signal, 0)
})

async function answer(): Promise<Uint8Array> {
  // A connection begins with a message without a kind: pg has begun it already, password and all.
  if (sent[0] === 0) {
    const length = sent.readInt32BE(0)
    if (sent.length < length) return Buffer.alloc(0)
    sent = sent.subarray(length)
    return greeting()
  }
  const last = lastMessage(sent)
  if (last === null) return Buffer.alloc(0)
  // Its farewell ends nothing: the worker is ended as a whole.
  if (last !== 'X') stream.write(sent)
  sent = Buffer.alloc(0)
  if (last !== 'Q' && last !== 'S') return Buffer.alloc(0)
  while (lastMessage(received) !== 'Z') await new Promise<void>((resolve) => (wake = resolve))
  const whole = received
  received = Buffer.alloc(0)
  return whole
}

/** Kind of the last message; null where the bytes end inside of one. */
function lastMessage(bytes: Buffer): string | null {
  let at = 0
  let kind: string | null = null
  while (at + 5 <= bytes.length) {
    kind = String.fromCharCode(bytes[at] ?? 0)
    at += bytes.readInt32BE(at + 1) + 1
  }
  return at === bytes.length ? kind : null
}

function greeting(): Buffer {
  const message = (kind: string, body: Buffer) => {
    const head = Buffer.alloc(5)
    head.write(kind, 0)
    head.writeInt32BE(body.length + 4, 1)
    return Buffer.concat([head, body])
  }
  return Buffer.concat([
    message('R', Buffer.alloc(4)),
    ...settings.map((words) => message('S', Buffer.from(words.map((one) => `${one}\0`).join('')))),
    message('K', Buffer.alloc(8)),
    message('Z', Buffer.from('I')),
  ])
}
