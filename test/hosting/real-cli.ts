// The vendors' real CLIs: pinned versions from npm in a cache folder outside the repository, behind a
// small program that keeps them on loopback, away from this machine's sign-ins, and silent.

import {execFileSync} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import https from 'node:https'
import {homedir} from 'node:os'
import {dirname, join, resolve} from 'node:path'
import {type FakeHost, fakeToken, type Product, refreshToken} from '../helpers/fake-host.ts'

/** Versions that install and run on Node 20. */
export const pinned = {
  firebase: {name: 'firebase-tools', version: '15.34.2', main: 'lib/bin/firebase.js'},
  netlify: {name: 'netlify-cli', version: '25.6.2', main: 'bin/run.js'},
  vercel: {name: 'vercel', version: '60.1.3', main: 'dist/vc.js'},
} as const satisfies Record<Product, {name: string; version: string; main: string}>

/** Addresses that a CLI has no setting for; answered by the fake, under a certificate of the test's own. */
const fixedHosts: Readonly<Record<Product, readonly string[]>> = {
  firebase:
    'www oauth2 sts iamcredentials firebase firebasehosting upload-firebasehosting cloudresourcemanager serviceusage'
      .split(' ')
      .map((name) => `${name}.googleapis.com`),
  netlify: [],
  vercel: ['api.vercel.com'],
}

export const cache = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'postgate-test-clis',
)

/** Installs where needed (the first time takes minutes); answers the CLI's own script. */
export const installed = (product: Product): string => installedPackage(pinned[product])

interface Package {
  readonly name: string
  readonly version: string
  /** The script in it that is run. */
  readonly main: string
}

/** The same for any package of npm. */
export function installedPackage({name, version, main}: Package): string {
  const folder = join(cache, `${name}-${version}`)
  const script = join(folder, 'node_modules', name, main)
  if (existsSync(script)) return script
  const part = `${folder}.part-${process.pid}`
  mkdirSync(part, {recursive: true})
  const words = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', part]
  execFileSync('npm', ['install', ...words, `${name}@${version}`], {cwd: part, stdio: 'pipe'})
  rmSync(folder, {recursive: true, force: true})
  renameSync(part, folder)
  return script
}

export interface RealCli {
  /** To put in front of PATH. */
  readonly bin: string
  /** Its home folder, where a person's session would be. */
  readonly home: string
  /** Hosts outside this machine that it tried to reach, and did not. */
  readonly log: string
  /** Leaves in that home what the CLI's own `login` leaves. */
  readonly signIn: () => void
  readonly close: () => Promise<void>
}

/**
 * A `bin` folder below `root` with the real CLI, whose fixed addresses lead to `host`. `record`: a file
 * for its calls.
 */
export async function realCli(
  product: Product,
  host: FakeHost,
  root: string,
  {record}: {readonly record?: string} = {},
): Promise<RealCli> {
  const script = installed(product)
  const [bin, home, log] = [join(root, 'bin'), join(root, 'home'), join(root, 'refused.log')]
  mkdirSync(bin, {recursive: true})
  mkdirSync(home, {recursive: true})
  writeFileSync(log, '')
  const names = fixedHosts[product]
  const secure = names.length === 0 ? null : await secureServer(names, host, root)
  const hosts = Object.fromEntries(names.map((name) => [name, secure?.port]))
  const preload = resolve('test/hosting/loopback-only.cjs')
  const shim = join(bin, product)
  writeFileSync(
    shim,
    `#!/usr/bin/env bash
export HOME=${quoted(home)} XDG_CONFIG_HOME=${quoted(join(home, '.config'))}
export LOOPBACK_LOG=${quoted(log)} LOOPBACK_HOSTS=${quoted(JSON.stringify(hosts))}
export NODE_OPTIONS=${quoted(`--require=${preload}`)} NODE_EXTRA_CA_CERTS=${quoted(secure?.certificate ?? '')}
# Over plain HTTP firebase-tools signs in as an emulator's owner.
unset FIREBASE_HOSTING_API_URL FIREBASE_API_URL FIREBASE_TOKEN_URL FIREBASE_RESOURCEMANAGER_URL
export VERCEL_TELEMETRY_DISABLED=1 NO_UPDATE_NOTIFIER=1 CI=1 NO_COLOR=1
${record === undefined ? '' : `export RECORDER_FILE=${quoted(record)}\n`}exec ${quoted(process.execPath)} ${record === undefined ? '' : `${quoted(resolve('test/hosting/recorder.cjs'))} `}${quoted(script)} "$@"
`,
  )
  chmodSync(shim, 0o755)
  return {
    ...{bin, home, log},
    signIn: () => {
      const {path, content} = sessions[product]
      mkdirSync(dirname(join(home, path)), {recursive: true})
      writeFileSync(join(home, path), JSON.stringify(content))
    },
    close: async () => secure?.close(),
  }
}

const sessions = {
  firebase: {
    path: '.config/configstore/firebase-tools.json',
    content: {
      user: {email: 'anne@example.org'},
      tokens: {refresh_token: refreshToken, expires_at: 0, scopes: []},
    },
  },
  netlify: {
    path: '.config/netlify/config.json',
    content: {
      userId: 'user-1',
      users: {'user-1': {id: 'user-1', email: 'anne@example.org', auth: {token: fakeToken}}},
    },
  },
  vercel: {path: '.local/share/com.vercel.cli/auth.json', content: {token: fakeToken}},
}

async function secureServer(names: readonly string[], host: FakeHost, root: string) {
  const [key, certificate] = [join(root, 'tls-key.pem'), join(root, 'tls.pem')]
  const alternatives = names.map((name) => `DNS:${name}`).join(',')
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'].concat(
      ['-keyout', key, '-out', certificate, '-days', '2', '-subj', '/CN=postgate test'],
      ['-addext', `subjectAltName=${alternatives}`],
    ),
    {stdio: 'pipe'},
  )
  const {readFileSync} = await import('node:fs')
  const server = https.createServer(
    {key: readFileSync(key), cert: readFileSync(certificate)},
    host.handle,
  )
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    certificate,
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`
