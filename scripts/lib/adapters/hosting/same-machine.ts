// Whether two machines are one, where they do not both answer: by the client's own configuration, by the
// host keys that are known here, then by address. null where nothing of it tells.

import {lookup} from 'node:dns/promises'
import {readdir, readFile} from 'node:fs/promises'
import {networkInterfaces} from 'node:os'
import {join} from 'node:path'
import {hostKey} from '../../domain/place-names.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import {askCli} from './session.ts'
import {clientConfig, type Machine} from './ssh-look.ts'

/** `null` as a machine: this one. */
export async function sameMachine(
  tools: AdapterTools,
  a: Machine | null,
  b: Machine | null,
): Promise<boolean | null> {
  const [own, other] = await Promise.all([described(tools, a), described(tools, b)])
  if (own === null || other === null) return null
  if (own.way !== null && own.way === other.way) return true
  const [ownKeys, otherKeys] = await Promise.all([own.keys(), other.keys()])
  if (ownKeys.some((key) => otherKeys.includes(key))) return true
  const types = ownKeys.map(typeOf)
  if (otherKeys.some((key) => types.includes(typeOf(key)))) return false
  const [ownAt, otherAt] = await Promise.all([own.addresses(), other.addresses()])
  if (ownAt.length === 0 || otherAt.length === 0) return null
  // One address may be a tunnel, or have another machine behind each port.
  return ownAt.some((address) => otherAt.includes(address)) ? null : false
}

/** Host keys, each as `type base64`. */
type Keys = readonly string[]

const typeOf = (key: string) => key.split(' ')[0]

interface Described {
  /** How it is reached; null where nothing is reached. */
  readonly way: string | null
  readonly keys: () => Promise<Keys>
  readonly addresses: () => Promise<readonly string[]>
}

async function described(tools: AdapterTools, machine: Machine | null): Promise<Described | null> {
  if (machine === null)
    return {way: null, keys: keysOfHere, addresses: async () => addressesOfHere()}
  const config = await clientConfig(tools, machine)
  const {hostname, port = '22', hostkeyalias} = config ?? {}
  if (config === null || hostname === undefined) return null
  const {proxyjump = '', proxycommand = ''} = config
  const known = hostkeyalias ?? (port === '22' ? hostname : `[${hostname}]:${port}`)
  const files = [
    machine.knownHosts ?? config.userknownhostsfile?.split(' ') ?? [],
    config.globalknownhostsfile?.split(' ') ?? [],
  ].flat()
  return {
    way: [hostKey(hostname), port, proxyjump, proxycommand].join(' '),
    keys: () => keysKnown(tools, known, files),
    // Behind another machine, a name means what it means there.
    addresses: async () => (proxyjump + proxycommand === '' ? addressesOf(hostname) : []),
  }
}

/** The kernel's start: another one on each machine, the same in all its containers. null where it has none. */
export const bootOfHere = async (): Promise<string | null> =>
  (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim() || null

const keysIn = (text: string): Keys =>
  [...text.matchAll(/^(?:(?!#)\S+ )?((?:ssh|ecdsa)-[\w@.-]+ [A-Za-z0-9+/=]+)/gm)].map(
    ([, key = '']) => key,
  )

async function keysKnown(
  tools: AdapterTools,
  name: string,
  files: readonly string[],
): Promise<Keys> {
  const found = await Promise.all(
    files.map((file) =>
      askCli(tools, {program: 'ssh-keygen', args: ['-F', name, '-f', file], allow: []}),
    ),
  )
  return keysIn(found.map(({stdout}) => stdout).join('\n'))
}

const serverKeys = '/etc/ssh'

async function keysOfHere(): Promise<Keys> {
  const names = await readdir(serverKeys).catch(() => [])
  const files = names.filter((name) => /^ssh_host_\w+_key\.pub$/.test(name))
  const texts = files.map((name) => readFile(join(serverKeys, name), 'utf8').catch(() => ''))
  return keysIn((await Promise.all(texts)).join('\n'))
}

const addressesOfHere = () =>
  Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({address}) => address))

const addressesOf = async (name: string) =>
  (await lookup(name, {all: true}).catch(() => [])).map(({address}) => address)
