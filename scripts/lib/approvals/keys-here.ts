// Whether this machine could have made a signature itself: the private key lies in the operator's `.ssh`, or
// their agent holds it. Then the signature shows no second person.

import {readdir, readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {runProgram} from '../guard/process/run-program.ts'
import type {World} from '../store/world.ts'

/** Where the private half of this public key (base64) was found; null where it was not. */
export async function privateKeyHere({environment}: World, key: string): Promise<string | null> {
  const folder = join(environment.HOME ?? '', '.ssh')
  const names = environment.HOME ? await readdir(folder).catch(() => []) : []
  for (const name of names) {
    const path = join(folder, name)
    if (await holds(path, key)) return `~/.ssh/${name}`
  }
  return (await inAgent(environment, key)) ? 'ssh-agent' : null
}

/** A private key file of OpenSSH carries its public half, readable without the passphrase; an older form has it beside. */
async function holds(path: string, key: string): Promise<boolean> {
  const kind = await stat(path).catch(() => null)
  if (kind === null || !kind.isFile() || kind.size > 64 * 1024) return false
  const text = await readFile(path, 'latin1').catch(() => '')
  const body = /-----BEGIN [A-Z ]*PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)?.[1]
  if (body === undefined) return false
  if (Buffer.from(body, 'base64').includes(Buffer.from(key, 'base64'))) return true
  return (await readFile(`${path}.pub`, 'latin1').catch(() => '')).includes(key)
}

async function inAgent(environment: World['environment'], key: string): Promise<boolean> {
  const {PATH, SSH_AUTH_SOCK} = environment
  if (!SSH_AUTH_SOCK) return false
  const asked = {program: 'ssh-add', args: ['-L'], env: {PATH, SSH_AUTH_SOCK}, timeoutMs: 5_000}
  return (await runProgram(asked)).stdout.includes(key)
}
