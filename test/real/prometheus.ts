// A real Prometheus on loopback, with a data folder of its own, that scrapes every second.

import {type ChildProcess, spawn} from 'node:child_process'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {temporaryFolder} from '../helpers/folder.ts'

export interface RealPrometheus {
  readonly url: string
  /** The values of an instant query; the moment defaults to now. */
  readonly instant: (query: string) => Promise<readonly string[]>
  /** Waits until an instant query has a value. */
  readonly until: (query: string) => Promise<void>
  /** Ends the server; its folder stays until `close`. */
  readonly stop: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Starts it; `targets` are addresses `host:port` whose `/metrics` it reads. Throws where it is not installed. */
export async function realPrometheus(targets: readonly string[]): Promise<RealPrometheus> {
  const folder = temporaryFolder({
    'prometheus.yml': `global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - job_name: web
    static_configs: [{targets: ${JSON.stringify(targets)}}]
`,
  })
  const address = `127.0.0.1:${await freePort()}`
  const url = `http://${address}`
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder.path, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder.path, 'data')}`,
      `--web.listen-address=${address}`,
      '--log.level=error',
    ],
    {stdio: 'ignore'},
  )
  const failed = new Promise<never>((_, reject) => {
    child.once('error', () =>
      reject(new Error('Prometheus is not installed: apt-get install prometheus')),
    )
  })
  failed.catch(() => {})
  const instant = async (query: string) => {
    const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({query})}`)
    const {data}: {data: {result: {value: [number, string]}[]}} = JSON.parse(await response.text())
    return data.result.map(({value}) => value[1])
  }
  await Promise.race([failed, until(async () => (await fetch(`${url}/-/ready`)).ok)])
  return {
    url,
    instant,
    until: (query) => until(async () => (await instant(query)).length > 0),
    stop: () => stop(child),
    close: async () => {
      await stop(child)
      folder.remove()
    },
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const last = Date.now() + 60_000
  while (!(await holds().catch(() => false))) {
    if (Date.now() > last) throw new Error('Prometheus did not get that far in a minute')
    await sleep(100)
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

function freePort(): Promise<number> {
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
