// What is asked of another machine over SSH without changing it. These few commands are fixed here, as
// git's are; whatever changes something is a command of a step, which the runbook lists.

import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {shellWord} from '../../base/shell-word.ts'
import {hostKey} from '../../domain/place-names.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import {askCli, type CliAnswer} from './session.ts'

export interface Machine {
  /** `user@host`, or a name of the person's own `~/.ssh/config`. */
  readonly host: string
  readonly port?: number | undefined
  /** Private key; else the agent's, or those of `~/.ssh/config`. */
  readonly identity?: string | undefined
  readonly knownHosts?: string | undefined
}

/**
 * The client's configuration: it never asks anything, never takes an unknown host key, and forwards
 * nothing. What it leaves open comes from the person's own file.
 */
export const sshConfig = ({port, identity, knownHosts}: Machine): string =>
  [
    'Host *',
    'BatchMode yes',
    'StrictHostKeyChecking yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'ForwardAgent no',
    'ForwardX11 no',
    'ClearAllForwardings yes',
    'PermitLocalCommand no',
    'ConnectTimeout 15',
    'ServerAliveInterval 15',
    'ServerAliveCountMax 4',
    ...(port === undefined ? [] : [`Port ${port}`]),
    ...(identity === undefined ? [] : [`IdentityFile "${identity}"`, 'IdentitiesOnly yes']),
    ...(knownHosts === undefined ? [] : [`UserKnownHostsFile "${knownHosts}"`]),
    'Include ~/.ssh/config',
    '',
  ].join('\n')

/** The same as options of the client, and of what calls it (`ssh-copy-id`). */
export const sshWords = ({port, identity, knownHosts}: Machine): string[] => [
  ...(port === undefined ? [] : ['-p', String(port)]),
  ...(identity === undefined ? [] : ['-i', identity, '-o', 'IdentitiesOnly=yes']),
  ...(knownHosts === undefined
    ? []
    : ['-o', `UserKnownHostsFile=${/\s/.test(knownHosts) ? `"${knownHosts}"` : knownHosts}`]),
]

/** A command there, as a person copies it; with a terminal it may ask for a password. */
export const sshCommand = (
  machine: Machine,
  there: string,
  {terminal = false}: {terminal?: boolean} = {},
): string =>
  ['ssh', ...(terminal ? ['-t'] : []), ...sshWords(machine), machine.host, there]
    .map(shellWord)
    .join(' ')

/** Host and port behind a name, as the client's configuration has them; nobody is asked. null where it does not say. */
export async function resolvedMachine(
  tools: AdapterTools,
  machine: Machine,
): Promise<string | null> {
  const found = await settingsOf(tools, machine)
  return found === null ? null : `${hostKey(found.host)}:${found.port}`
}

/** As the list of known hosts names it; null where the configuration does not say. */
export async function knownAs(tools: AdapterTools, machine: Machine): Promise<string | null> {
  const found = await settingsOf(tools, machine)
  if (found === null) return null
  return found.port === '22' ? found.host : `[${found.host}]:${found.port}`
}

async function settingsOf(
  tools: AdapterTools,
  machine: Machine,
): Promise<{readonly host: string; readonly port: string} | null> {
  const {exit, stdout} = await withConfig(tools, machine, ['-G', machine.host])
  const [host, port] = ['hostname', 'port'].map(
    (name) => new RegExp(`^${name} (.+)$`, 'm').exec(stdout)?.[1],
  )
  return exit !== 0 || host === undefined || port === undefined ? null : {host, port}
}

/** Runs a POSIX script there, which holds no single quote. Exit 255: the connection failed. */
export function lookThere(
  tools: AdapterTools,
  machine: Machine,
  script: string,
): Promise<CliAnswer> {
  return withConfig(tools, machine, ['-T', machine.host, `exec sh -c '${script}'`])
}

async function withConfig(
  tools: AdapterTools,
  machine: Machine,
  words: readonly string[],
): Promise<CliAnswer> {
  const folder = await mkdtemp(join(tmpdir(), 'postgate-ssh-'))
  try {
    const config = join(folder, 'ssh_config')
    await writeFile(config, sshConfig(machine), {mode: 0o600})
    return await askCli(tools, {program: 'ssh', args: ['-F', config, ...words], allow: []})
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}
