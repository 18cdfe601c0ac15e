// A real Prometheus or VictoriaMetrics on loopback, with a data folder of its own, that scrapes every second.

import {type ChildProcess, spawn} from 'node:child_process'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {temporaryFolder} from '../helpers/folder.ts'
import {freePort} from '../helpers/free-port.ts'

export type Server = 'prometheus' | 'victoria-metrics'

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
export async function realPrometheus(
  server: Server,
  targets: readonly string[],
): Promise<RealPrometheus> {
  const folder = temporaryFolder({
    'prometheus.yml': `global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - job_name: web
    static_configs: [{targets: ${JSON.stringify(targets)}}]
`,
  })
  const address = `127.0.0.1:${await freePort()}`
  const url = `http://${address}`
  const [config, data] = [join(folder.path, 'prometheus.yml'), join(folder.path, 'data')]
  const child = spawn(server, wordsOf[server]({config, data, address}), {stdio: 'ignore'})
  const failed = new Promise<never>((_, reject) => {
    child.once('error', () =>
      reject(new Error(`${server} is not installed: apt-get install ${server}`)),
    )
  })
  failed.catch(() => {})
  const instant = async (query: string) => {
    const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({query})}`)
    const {data}: {data: {result: {value: [number, string]}[]}} = JSON.parse(await response.text())
    return data.result.map(({value}) => value[1])
  }
  await Promise.race([failed, until(async () => (await fetch(`${url}/-/healthy`)).ok)])
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

interface Place {
  readonly config: string
  readonly data: string
  readonly address: string
}

const wordsOf: Readonly<Record<Server, (place: Place) => readonly string[]>> = {
  prometheus: ({config, data, address}) => [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    `--web.listen-address=${address}`,
    '--log.level=error',
  ],
  'victoria-metrics': ({config, data, address}) => [
    `-promscrape.config=${config}`,
    `-storageDataPath=${data}`,
    `-httpListenAddr=${address}`,
    '-loggerLevel=ERROR',
  ],
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const last = Date.now() + 60_000
  while (!(await holds().catch(() => false))) {
    if (Date.now() > last) throw new Error('the server did not get that far in a minute')
    await sleep(100)
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}
