// Whether a release could be laid out on another machine, found before anything starts. What mends it is said
// with the port, the key and the known hosts of postgate.yaml: without them a pasted line reaches another
// server, or none.

import {access} from 'node:fs/promises'
import {causeLine} from '../../base/cause-line.ts'
import {findProgram} from '../../base/program.ts'
import type {Text} from '../../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import {shellWord} from '../../words/commands.ts'
import {meetsTheOther} from './one-place.ts'
import {cliMissing, signedOut} from './ready.ts'
import {noLink, notWritable} from './release-folder.ts'
import {askCli} from './session.ts'
import {knownAs, lookThere, type Machine, sshCommand, sshWords} from './ssh-look.ts'

export async function sshReady(
  tools: AdapterTools,
  machine: Machine,
  root: string,
): Promise<Judgement> {
  for (const [program, packaged] of [
    ['ssh', 'openssh-client'],
    ['rsync', 'rsync'],
  ] as const) {
    if ((await findProgram(program, tools.world.environment)) === null) {
      return cliMissing(program, `apt-get install ${packaged}`)
    }
  }
  const {exit, stdout, stderr} = await lookThere(
    tools,
    machine,
    `id -un; at=${root}; while ! test -e $at; do at=$(dirname $at); done; test $at = ${root} && echo :there; test -d $at && test -w $at && test -x $at && echo :writable; test -e ${root}/current && test ! -L ${root}/current && echo :folder; command -v rsync >/dev/null && echo :rsync; mv --version 2>/dev/null | grep -q GNU && echo :gnu; true`,
  )
  if (exit !== 0) return unreached(tools, machine, stderr)
  const [user = '', ...found] = stdout.trim().split('\n')
  const {host} = machine
  const asAdministrator = (command: string) => sshCommand(machine, command, {terminal: true})
  if (!found.includes(':writable') || !found.includes(':there')) {
    const make = found.includes(':writable')
      ? sshCommand(machine, `mkdir -p ${root}`)
      : asAdministrator(`sudo install -d -o ${user} ${root}`)
    return notWritable({place: `${host}:${root}`, user, make})
  }
  if (found.includes(':folder')) {
    return noLink(`${host}:${root}`, (there) => sshCommand(machine, there), root)
  }
  if (!found.includes(':rsync') || !found.includes(':gnu')) {
    const install = asAdministrator('sudo apt-get install rsync coreutils')
    return fail(
      {
        fr: `il manque sur ${host} : rsync ou les coreutils GNU (mv -T, env -C)`,
        en: `${host} lacks rsync or GNU coreutils (mv -T, env -C)`,
      },
      {next: {fr: `les y installer : ${install}`, en: `install them there: ${install}`}},
    )
  }
  return (await meetsTheOther(tools, {machine, root})) ?? pass(`${user} → ${host}:${root}`)
}

/** Why no command could be run there, with what mends it. */
async function unreached(
  tools: AdapterTools,
  machine: Machine,
  stderr: string,
): Promise<Judgement> {
  const {host} = machine
  const by = sshCommand(machine, 'true')
  if (/host identification has changed/i.test(stderr)) {
    const file = machine.knownHosts === undefined ? [] : ['-f', machine.knownHosts]
    const name = (await knownAs(tools, machine)) ?? host
    const forget = ['ssh-keygen', '-R', name, ...file].map(shellWord).join(' ')
    return fail(
      {
        fr: `la clé de ${host} n’est plus celle qui est connue ici`,
        en: `the key of ${host} is no longer the one known here`,
      },
      {
        next: {
          fr: `demandez la nouvelle empreinte à votre administrateur, puis ne l’acceptez que si elle est la même : ${forget} && ${by}`,
          en: `ask your administrator for the new fingerprint, then accept it only where it is the same: ${forget} && ${by}`,
        },
      },
    )
  }
  if (/host key verification failed/i.test(stderr)) {
    return fail(
      {fr: `la clé de ${host} n’est pas connue ici`, en: `the key of ${host} is not known here`},
      {
        next: {
          fr: `connectez-vous une fois, en comparant son empreinte avec celle de votre administrateur : ${by}`,
          en: `connect once, and compare its fingerprint with your administrator’s: ${by}`,
        },
      },
    )
  }
  if (/permission denied|too many authentication failures/i.test(stderr)) {
    return signedOut('ssh', await keyMended(tools, machine), {words: last(stderr)})
  }
  return unknown(
    {fr: `${host} ne répond pas : ${last(stderr)}`, en: `${host} does not answer: ${last(stderr)}`},
    {next: triedBy(by)},
  )
}

/** A key with a passphrase is for the agent, one that is refused has to be entered there. */
async function keyMended(tools: AdapterTools, machine: Machine): Promise<string> {
  const {identity, host} = machine
  if (identity === undefined) return `ssh-add && ${sshCommand(machine, 'true')}`
  const key = shellWord(identity)
  const missing = await access(identity).then(
    () => false,
    () => true,
  )
  if (missing) return `ssh-keygen -t ed25519 -f ${key}`
  const args = ['-y', '-P', '', '-f', identity]
  const {exit} = await askCli(tools, {program: 'ssh-keygen', args, allow: []})
  return exit === 0
    ? // Whatever else the person may sign in with, copies it there.
      ['ssh-copy-id', ...sshWords({...machine, identity: undefined}), '-i', identity, host]
        .map(shellWord)
        .join(' ')
    : `ssh-add ${key}`
}

const last = (text: string) => causeLine(text) || '—'

export const triedBy = (command: string): Text => ({
  fr: `essayez : ${command}`,
  en: `try: ${command}`,
})
