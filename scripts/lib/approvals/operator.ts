// Who operates a PRODUCTION run: a person of decision.md, recognised by what does not depend on how somebody
// spells a name. Nobody recognised is a question to a person, never a pass.

import type {World} from '../store/world.ts'
import type {Roster, RosterPerson} from './roster.ts'

export interface RecognisedOperator {
  readonly person: RosterPerson
  /** `chosen`: said in POSTGATE_OPERATOR or in the answers; `forge`: who asked the CI's forge for it. */
  readonly how: 'chosen' | 'forge' | 'key' | 'address'
}

/** Everybody that this machine speaks for, the surest first. `chosen`: a name or an address that was said. */
export async function recogniseOperators(
  {world, roster}: {readonly world: World; readonly roster: Roster},
  chosen: string | null = null,
): Promise<readonly RecognisedOperator[]> {
  const {environment, repository} = world
  const found: RecognisedOperator[] = []
  const add = (how: RecognisedOperator['how'], is: (person: RosterPerson) => boolean) => {
    for (const person of roster.people) {
      const known = found.some((each) => each.person.address === person.address)
      if (!known && is(person)) found.push({person, how})
    }
  }
  for (const said of [environment.POSTGATE_OPERATOR, chosen])
    if (said)
      add('chosen', (person) => person.address === said.trim() || spelled(person.name, said))
  const account = environment.GITHUB_TRIGGERING_ACTOR ?? environment.GITHUB_ACTOR
  const login = account ?? environment.GITLAB_USER_LOGIN
  if (login) add('forge', (person) => person.account.toLowerCase() === login.toLowerCase())
  const signing = await setting(world, 'user.signingKey')
  if (signing !== '') {
    const addresses = roster.signers
      .filter(({key}) => signing.includes(key))
      .flatMap(({principals}) => principals)
    add('key', ({address}) => addresses.includes(address))
  }
  const {email} = await repository.identity()
  add('address', ({address}) => address === email)
  return found
}

async function setting({repository}: World, key: string): Promise<string> {
  const asked = await repository.git.attempt(['config', '--type=path', '--get', key])
  const value = asked.stdout.toString('utf8').trim()
  if (!value.startsWith('/')) return value
  const {readFile} = await import('node:fs/promises')
  const file = value.endsWith('.pub') ? value : `${value}.pub`
  return readFile(file, 'utf8').catch(() => '')
}

/** The same name, whatever blanks and composed letters it is typed with. */
export const spelled = (name: string, said: string): boolean => plain(name) === plain(said)

const plain = (name: string) => name.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase()
