// Real web servers on loopback, over a folder of ours: nginx and Caddy of Debian, superstatic from npm.

import {type ChildProcess, spawn} from 'node:child_process'
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {temporaryFolder} from '../helpers/folder.ts'
import {freePort} from '../helpers/free-port.ts'
import {installedPackage} from '../hosting/real-cli.ts'

export interface WebServer {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Where a server keeps what is its own, and where it listens. */
interface Place {
  readonly root: string
  readonly own: string
  readonly port: number
}

/** nginx over `root`; `more` stands in its `server` block. */
export const nginx = (root: string, more: string): Promise<WebServer> =>
  started(root, 'nginx', ({own, port}) => {
    mkdirSync(join(own, 'logs'))
    const config = `
      daemon off; master_process off; user root; pid ${own}/pid; error_log stderr crit;
      events {}
      http {
        access_log off; types_hash_max_size 4096; include /etc/nginx/mime.types;
        client_body_temp_path ${own}/a; proxy_temp_path ${own}/b; fastcgi_temp_path ${own}/c;
        uwsgi_temp_path ${own}/d; scgi_temp_path ${own}/e;
        server { listen 127.0.0.1:${port}; root ${root}; ${more} }
      }`
    writeFileSync(join(own, 'nginx.conf'), config)
    return ['-p', own, '-c', join(own, 'nginx.conf')]
  })

/** Caddy over `root`; `more` stands in its site block. */
export const caddy = (root: string, more: string): Promise<WebServer> =>
  started(root, 'caddy', ({own, port}) => {
    const config = `
      {
        admin off
        auto_https off
        storage file_system ${own}
      }
      http://127.0.0.1:${port} {
        root * ${root}
        ${more}
      }`
    writeFileSync(join(own, 'Caddyfile'), config)
    return ['run', '--adapter', 'caddyfile', '--config', join(own, 'Caddyfile')]
  })

/** superstatic, which serves Firebase's emulation, over `root` with what stands under `hosting` in firebase.json. */
export function superstatic(root: string, hosting: object): Promise<WebServer> {
  const script = installedPackage({name: 'superstatic', version: '10.0.0', main: 'lib/server.js'})
  // As firebase-tools calls it; the program of the same name looks for its own updates.
  const start = 'require(process.argv[1])(JSON.parse(process.argv[2])).listen()'
  return started(root, process.execPath, ({port}) => {
    const spec = {cwd: root, config: {public: '.', ...hosting}, hostname: '127.0.0.1', port}
    return ['-e', start, script, JSON.stringify({...spec, compression: true})]
  })
}

async function started(
  root: string,
  program: string,
  words: (place: Place) => readonly string[],
): Promise<WebServer> {
  const own = temporaryFolder({'own.txt': ''})
  const port = await freePort()
  const child = spawn(program, words({root, own: own.path, port}), {
    ...{cwd: own.path, stdio: ['ignore', 'ignore', 'pipe']},
    env: {...process.env, PATH: `${process.env.PATH}:/usr/sbin`, HOME: own.path, NODE_OPTIONS: ''},
  })
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += String(chunk)
  })
  const url = `http://127.0.0.1:${port}`
  try {
    await answering(url, child, () => said)
  } catch (error) {
    await ended(child)
    own.remove()
    throw error
  }
  return {
    url,
    close: async () => {
      await ended(child)
      own.remove()
    },
  }
}

async function answering(url: string, child: ChildProcess, said: () => string): Promise<void> {
  let missing: Error | undefined
  child.once('error', (error) => {
    missing = error
  })
  for (const last = Date.now() + 30_000; Date.now() < last; await sleep(50)) {
    if (missing !== undefined || child.exitCode !== null) {
      throw new Error(`${missing?.message ?? 'it ended'}: ${said()}`)
    }
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return
  }
  throw new Error(`no answer in half a minute: ${said()}`)
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}
