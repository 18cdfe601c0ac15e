// The proof of 2,000 served files (100 MB) on loopback against `curl --parallel` fetching them.

import {spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {manifestOf} from '../../scripts/lib/artifact/manifest.ts'
import {proveServed} from '../../scripts/lib/artifact/served.ts'
import {command, type Figure, inTurn, round, timed} from './measure.ts'

const files = 2_000
const bytesEach = 50_000

export const servedProof: Figure = {
  name: 'the proof of 2,000 served files (100 MB) on loopback against curl --parallel fetching them',
  limit: 1.2,
  unit: 'ratio',
  measure: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postgate-bench-'))
    const site = join(folder, 'site')
    mkdirSync(site)
    for (let index = 0; index < files; index += 1)
      writeFileSync(join(site, `f${index}.bin`), randomBytes(bytesEach))
    const {url, stop} = await serve(site)
    try {
      const manifest = await manifestOf(site)
      const list = join(folder, 'list')
      writeFileSync(
        list,
        manifest.files.map(({path}) => `url = "${url}/${path}"\noutput = "/dev/null"\n`).join(''),
      )
      const prove = async () => {
        const proof = await proveServed({url, manifest})
        if (proof.verdict !== 'pass')
          throw new Error(`not proven: ${JSON.stringify(proof.observed)}`)
      }
      const {ours, theirs, ratio, processor} = await inTurn(
        5,
        () => timed(prove),
        () => command(['curl', '--silent', '--fail', '--parallel', '--config', list]),
      )
      return {
        value: round(ratio),
        raw: {'proof ms': round(ours), 'curl ms': round(theirs), ...processor},
      }
    } finally {
      stop()
      rmSync(folder, {recursive: true})
    }
  },
}

/** A server in a process of its own: the proof must share neither its loop nor its processor time. */
async function serve(site: string): Promise<{url: string; stop: () => void}> {
  const source = `
    const {createServer} = require('node:http'); const {readFileSync} = require('node:fs'); const {join} = require('node:path')
    createServer((request, response) => response.end(readFileSync(join(process.argv[1], request.url))))
      .listen(0, '127.0.0.1', function () { console.log(this.address().port) })`
  const server = spawn(process.execPath, ['-e', source, site], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [port] = await once(server.stdout, 'data')
  return {url: `http://127.0.0.1:${String(port).trim()}`, stop: () => server.kill()}
}
