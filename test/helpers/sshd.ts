// A real sshd of OpenSSH on loopback, run by the current user: its own host key, one person's key, and a
// list of known hosts that holds it.

import {execFileSync, spawn} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {Socket} from 'node:net'
import {userInfo} from 'node:os'
import {join} from 'node:path'
import {freePort} from './free-port.ts'

export interface Sshd {
  readonly user: string
  readonly port: number
  /** A key that it knows, and one that it does not. */
  readonly identity: string
  readonly stranger: string
  readonly knownHosts: string
  readonly close: () => Promise<void>
}

const sshd = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find((path) => existsSync(path))

/** `otherHostKey`: the known hosts name another key than the server's. `lines`: further ones of its configuration. */
export async function startSshd(
  root: string,
  {otherHostKey = false, lines = ''}: {otherHostKey?: boolean; lines?: string} = {},
): Promise<Sshd> {
  if (sshd === undefined) throw new Error('no sshd: install openssh-server')
  mkdirSync(root, {recursive: true, mode: 0o700})
  const key = (name: string) => {
    const path = join(root, name)
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', path])
    return path
  }
  const [host, identity, stranger] = [key('host'), key('person'), key('stranger')]
  const port = await freePort()
  const known = otherHostKey ? stranger : host
  writeFileSync(
    join(root, 'known_hosts'),
    `[127.0.0.1]:${port} ${readFileSync(`${known}.pub`, 'utf8')}`,
  )
  writeFileSync(join(root, 'authorized_keys'), readFileSync(`${identity}.pub`), {mode: 0o600})
  writeFileSync(
    join(root, 'sshd_config'),
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${host}
PidFile ${join(root, 'sshd.pid')}
AuthorizedKeysFile ${join(root, 'authorized_keys')}
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100
${lines}
`,
  )
  // As root it separates privileges in a folder that a service would make.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', {recursive: true, mode: 0o755})
  const child = spawn(sshd, ['-D', '-e', '-f', join(root, 'sshd_config')], {stdio: 'ignore'})
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  await reachable(port, child)
  return {
    ...{user: userInfo().username, port, identity, stranger},
    knownHosts: join(root, 'known_hosts'),
    close: async () => {
      child.kill()
      await ended
    },
  }
}

async function reachable(port: number, child: {exitCode: number | null}): Promise<void> {
  const end = Date.now() + 20_000
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`sshd ended with ${child.exitCode}`)
    const open = await new Promise<boolean>((resolve) => {
      const socket = new Socket()
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.connect(port, '127.0.0.1')
      setTimeout(() => socket.destroy(), 500).unref()
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('sshd does not listen')
}
