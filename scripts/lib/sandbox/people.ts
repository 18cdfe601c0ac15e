// The people of the sandbox, each with a real SSH key, and their lines in the project's policy.

import {execFile} from 'node:child_process'
import {mkdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {promisify} from 'node:util'

export interface SandboxPerson {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: string
}

export const releaseManager: SandboxPerson = {
  id: 'release-manager',
  name: 'Claire Moreau',
  email: 'claire.moreau@sandbox.example',
  role: 'Release Manager',
}
export const qaLead: SandboxPerson = {
  id: 'qa-lead',
  name: 'Karim Haddad',
  email: 'karim.haddad@sandbox.example',
  role: 'QA Lead',
}
export const pca: SandboxPerson = {
  id: 'pca',
  name: 'Hélène Faure',
  email: 'helene.faure@sandbox.example',
  role: 'PCA',
}
export const director: SandboxPerson = {
  id: 'directeur',
  name: 'Paul Lemaire',
  email: 'paul.lemaire@sandbox.example',
  role: 'Directeur',
}

/** The operator first: git and the answers file act in that name. */
export const people: readonly SandboxPerson[] = [releaseManager, qaLead, pca, director]

/** Whose key nobody signs with: it stands in an approver's line under `--break approval`. */
export const strangerTo = ({id}: SandboxPerson): string => `unknown-${id}`

/** Makes the keys, without a passphrase: they protect nothing. */
export async function makeKeys(folder: string): Promise<void> {
  await mkdir(folder, {recursive: true, mode: 0o700})
  await Promise.all(
    [...people.map(({id}) => id), strangerTo(pca), strangerTo(director)].map((id) =>
      promisify(execFile)('ssh-keygen', [
        ...['-q', '-t', 'ed25519', '-N', '', '-C', `SANDBOX ${id}`],
        ...['-f', join(folder, id)],
      ]),
    ),
  )
}

/** The content of `runbooks/allowed_signers`; `keyOf` says whose key stands in a person's line. */
export async function allowedSigners(
  folder: string,
  keyOf: (person: SandboxPerson) => string = (person) => person.id,
): Promise<string> {
  const lines = await Promise.all(
    people.map(async (person) => {
      const key = await readFile(join(folder, `${keyOf(person)}.pub`), 'utf8')
      return `${person.email} namespaces="postgate" ${key.split(' ').slice(0, 2).join(' ')}`
    }),
  )
  return `# SANDBOX\n${lines.join('\n')}\n`
}

/** Adds the people to the table "Personnes" of the bundle's `decision.md`, which comes without any. */
export function withPeople(decision: string): string {
  const rows = people
    .map(({name, email, role}) => `| ${name} (SANDBOX) | ${email} | ${role} |`)
    .join('\n')
  return decision.replace(
    /^(\|\s*Personne\s*\|.*\n\|[\s:|-]+\|)[ \t]*$/m,
    (_, head: string) => `${head}\n${rows}`,
  )
}
