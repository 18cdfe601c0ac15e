// The people of the sandbox, each with a real SSH key, and their lines in the project's policy.

import {execFile} from 'node:child_process'
import {mkdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {problem} from '../domain/problem.ts'

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
  const ids = [...people.map(({id}) => id), strangerTo(pca), strangerTo(director)]
  await Promise.all(ids.map((id) => makeKey(join(folder, id), `SANDBOX ${id}`)))
}

/** Throws a `Problem` (2) for a user without a name, as containers have: for that one there are no keys. */
async function makeKey(file: string, comment: string): Promise<void> {
  const words = ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file]
  try {
    await promisify(execFile)('ssh-keygen', words)
  } catch (error) {
    const said = error instanceof Error ? error.message : ''
    const [, uid] = /No user exists for uid (\d+)/.exec(said) ?? []
    if (uid === undefined) throw error
    const add = `useradd --uid ${uid} postgate`
    throw problem({
      what: {
        fr: `ssh-keygen ne fait pas de clé pour un utilisateur sans nom (uid ${uid}).`,
        en: `ssh-keygen makes no key for a user without a name (uid ${uid}).`,
      },
      why: `No user exists for uid ${uid}`,
      next: {
        fr: `${add} (comme root ; conteneur : docker exec --user 0 …), puis relancez la même commande`,
        en: `${add} (as root; a container: docker exec --user 0 …), then run the same command again`,
      },
      exit: 2,
    })
  }
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
