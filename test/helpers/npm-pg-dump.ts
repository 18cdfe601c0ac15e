// pg_dump 18 as npm brings it, against a real server: a build for WebAssembly that asks for its bytes and waits,
// and a worker that gets them.

import {writeFileSync} from 'node:fs'
import {MessageChannel, receiveMessageOnPort, Worker} from 'node:worker_threads'
import {pgDump} from '@electric-sql/pglite-tools/pg_dump'
import type {Run} from '../../scripts/lib/adapters/database/dump.ts'

/** Its build; servers of the same major version are read. */
const version = '18.3'

/** Stands for `pg_dump` wherever a shape is taken: knows only the words that it is given there. */
export const npmPgDump: Run = async (_, args, variables) => {
  if (args.includes('--version'))
    return {exit: 0, stdout: `pg_dump (PostgreSQL) ${version}\n`, stderr: ''}
  const file = args.flatMap((word) => /^--file=(.*)$/.exec(word)?.[1] ?? []).at(-1)
  if (file === undefined) throw new Error('pg_dump is asked for a file')
  const words = args.filter((word) => !word.startsWith('--file='))
  const {PGHOST = '', PGPORT = '', PGUSER = '', PGPASSWORD = '', PGDATABASE = ''} = variables
  const [user, password] = [PGUSER, PGPASSWORD].map(encodeURIComponent)
  const wire = openWire(`postgresql://${user}:${password}@${PGHOST}:${PGPORT}/${PGDATABASE}`)
  const pg = {
    query: async () => ({rows: [{search_path: 'public'}]}),
    exec: async () => [],
    execProtocolRawStream: (
      sent: Uint8Array,
      {onRawData}: {onRawData: (bytes: Uint8Array) => void},
    ) => onRawData(wire.ask(sent)),
  }
  try {
    // Of the database that runs inside a page it calls these three alone.
    const dumped: File = await Reflect.apply(pgDump, null, [{pg, args: words}])
    writeFileSync(file, await dumped.text())
    return {exit: 0, stdout: '', stderr: ''}
  } catch (error) {
    return {exit: 1, stdout: '', stderr: String(error)}
  } finally {
    await wire.end()
  }
}

function openWire(url: string) {
  const signal = new Int32Array(new SharedArrayBuffer(4))
  const {port1, port2} = new MessageChannel()
  const worker = new Worker(new URL('./pg-wire.ts', import.meta.url), {
    workerData: {signal, port: port2, url},
    transferList: [port2],
    execArgv: ['--import=typescript-when-needed'],
  })
  return {
    ask: (sent: Uint8Array): Uint8Array => {
      Atomics.store(signal, 0, 0)
      port1.postMessage(sent.slice())
      if (Atomics.wait(signal, 0, 0, 60_000) === 'timed-out') throw new Error('no answer in 60 s')
      const bytes: unknown = receiveMessageOnPort(port1)?.message
      return bytes instanceof Uint8Array ? bytes : new Uint8Array()
    },
    end: async () => {
      port1.close()
      await worker.terminate()
    },
  }
}
