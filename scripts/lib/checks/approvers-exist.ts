// Somebody can sign at all: a person of an entitled role, with a key of their own that counts today, and
// who does not operate this run. Better known before the night of the release than during it.

import {expectation} from '../approvals/find.ts'
import {keysOf, type RosterPerson, rolesOfKey, sameWord} from '../approvals/roster.ts'
import {isRevoked} from '../approvals/ssh.ts'
import type {Expectation} from '../approvals/verify.ts'
import type {Text} from '../domain/text.ts'
import {fail, pass} from '../domain/verdict.ts'
import {check} from '../kit/definition.ts'
import {shortList, words} from '../words/observed.ts'

export const approversExist = check({
  name: 'approvers-exist',
  describe: {
    fr: 'Des personnes habilitées existent, avec une clé connue, autres que l’opérateur.',
    en: 'Entitled people exist, with a known key, other than the operator.',
  },
  parameters: {},
  async judge(context) {
    const expected = await expectation(context)
    const {roles, roster} = expected
    const entitled = roster.people.filter(({role}) => roles.some((each) => sameWord(each, role)))
    const judged = await Promise.all(
      entitled.map(async (person) => ({person, fault: await faultOf(person, expected)})),
    )
    const able = judged.filter(({fault}) => fault === null)
    if (able.length > 0) {
      return pass(
        shortList(
          able.map(({person}) => `${person.name} (${person.role})`),
          6,
        ),
      )
    }
    const why: Text =
      judged.length === 0
        ? {
            fr: `personne n’a le rôle ${roles.join(' ou ')} dans ${roster.decision.path}`,
            en: `nobody has the role ${roles.join(' or ')} in ${roster.decision.path}`,
          }
        : shortList(
            judged.map(
              ({person, fault}) => words`${person.name} (${person.role}) : ${fault ?? ''}`,
            ),
            6,
          )
    return fail(why, {
      next: {
        fr: `compléter ${roster.decision.path} et ${roster.allowed.path} par une modification relue, sur la branche principale`,
        en: `complete ${roster.decision.path} and ${roster.allowed.path} by a reviewed change on the main branch`,
      },
    })
  },
})

/** Why this person's signature would be refused whatever it said, or null. */
async function faultOf(
  person: RosterPerson,
  {roster, now, operators, environment}: Expectation,
): Promise<Text | null> {
  if (operators.some((each) => sameWord(each, person.name) || each === person.address)) {
    return {fr: 'est l’opérateur', en: 'is the operator'}
  }
  if (roster.wildcard !== null) {
    return {
      fr: `une ligne d’adresse « ${roster.wildcard.principals.join(',')} » vaut pour n’importe qui`,
      en: `a line with the address “${roster.wildcard.principals.join(',')}” stands for anybody`,
    }
  }
  const keys = keysOf(roster, person.address, now)
  if (keys.length === 0) return {fr: 'aucune clé valable', en: 'no valid key'}
  const own = keys.filter(({key}) => {
    const {addresses, roles} = rolesOfKey(roster, key)
    return addresses.length === 1 && roles.length === 1
  })
  if (own.length === 0)
    return {
      fr: 'clé partagée entre plusieurs adresses ou rôles',
      en: 'key shared by several addresses or roles',
    }
  const revoked = await Promise.all(own.map((line) => isRevoked(line, roster.revoked, environment)))
  return revoked.every(Boolean) ? {fr: 'clé révoquée', en: 'revoked key'} : null
}
