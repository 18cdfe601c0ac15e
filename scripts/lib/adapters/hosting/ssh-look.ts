// What is asked of another machine over SSH without changing it. These few commands are fixed here, as
// git's are; whatever changes something is a command of a step, which the runbook lists.

import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {homedir, tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {z} from 'zod'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import {shellWord} from '../../words/commands.ts'
import {askCli, type CliAnswer} from './session.ts'

export interface Machine {
  /** `user@host`, or a name of the person's own `~/.ssh/config`. */
  readonly host: string
  readonly port?: number | undefined
  /** Private key; else the agent's, or those of `~/.ssh/config`. */
  readonly identity?: string | undefined
  readonly knownHosts?: string | undefined
}

// None of these needs quotes, here or there.
const place = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._@-]*$/)
const file = z.string().regex(/^[^"\n\r]+$/)

/** How `postgate.yaml` names a machine. */
export const machineSettings = {
  /** `user@host`, or a name of `~/.ssh/config`. */
  host: place,
  port: z.number().int().min(1).max(65_535).optional(),
  identity: file.optional(),
  knownHosts: file.optional(),
  /** Another account, without the right to write, for the phases that only look. */
  reader: place.optional(),
}

/** Files of the settings are taken from the project's folder, or the person's own. */
export function machineOf(project: string, {host, port, identity, knownHosts}: Machine): Machine {
  const path = (name: string | undefined) =>
    name === undefined ? undefined : resolve(project, name.replace(/^~(?=\/)/, homedir()))
  return {host, port, identity: path(identity), knownHosts: path(knownHosts)}
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

/** As the list of known hosts names it; null where the configuration does not say. */
export async function knownAs(tools: AdapterTools, machine: Machine): Promise<string | null> {
  const {hostname, port} = (await clientConfig(tools, machine)) ?? {}
  if (hostname === undefined) return null
  return port === undefined || port === '22' ? hostname : `[${hostname}]:${port}`
}

/**
 * What the client's configuration makes of a name (`ssh -G`): keywords in small letters, the last of each;
 * nobody is asked. null where it cannot be read.
 */
export async function clientConfig(
  tools: AdapterTools,
  machine: Machine,
): Promise<Readonly<Record<string, string>> | null> {
  const {exit, stdout} = await withConfig(tools, machine, ['-G', machine.host])
  const words = [...stdout.matchAll(/^(\S+) (.+)$/gm)].map(([, key = '', value = '']) => [
    key,
    value,
  ])
  return exit === 0 ? Object.fromEntries(words) : null
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
