// Somebody who may has agreed to this very release: by a signed statement where there is one, else, for
// the scenarios that allow it, by a word that the operator passes on.

import {z} from 'zod'
import {type ApprovalsFound, findApproval} from '../approvals/find.ts'
import {comesFirst, firstUse} from '../approvals/first-use.ts'
import {duration} from '../domain/parameters.ts'
import {join as joined, type Text} from '../domain/text.ts'
import {utcMinute} from '../domain/times.ts'
import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import {check} from '../kit/definition.ts'
import {shortList, words} from '../words/observed.ts'

const shownMost = 3
const andThen: Text = {fr: ' ; ', en: '; '}

export const authorised = check({
  name: 'authorised',
  describe: {
    fr: 'Une personne habilitée a autorisé ce tag, par une signature ou une déclaration.',
    en: 'An entitled person has authorised this tag, by a signature or a declaration.',
  },
  parameters: {
    signature: z.enum(['optional', 'required']),
    'holds-most': duration().optional(),
  },
  mayAsk: ({signature}) => (signature === 'required' ? null : 'deciders'),
  async judge(context, {signature}) {
    const roles = (await context.authorities())[context.scenario]
    const finding = await findApproval(context)
    const {accepted, refused, operator} = finding
    if (operator === null) return unknownOperator(finding)
    const first = await firstUse(context)
    const now = context.world.clock.now()
    if (accepted !== null) {
      const expiresAt = new Date(accepted.statement.expiresAt)
      const early = comesFirst(first, {now, expiresAt})
      const found = agreed(accepted, finding)
      return early === null
        ? found
        : {...found, observed: joined([found.observed, andThen, early], '')}
    }
    const names = roles.join(', ')
    const none: Text = {
      fr: `aucune approbation signée pour ${context.checkpoint.tag} (${names})`,
      en: `no signed approval for ${context.checkpoint.tag} (${names})`,
    }
    // Not for another scenario: where both A and B are approved, each has the other's beside it.
    const about = refused.filter(({code}) => code !== 'other-scenario')
    const shown = (about.length > 0 ? about : refused).slice(0, shownMost)
    const reasons = shown.map(({approval, reason}) => {
      const by = approval.statement === null ? approval.nonce : approval.statement.name
      return words`${by} : ${reason}`
    })
    const observed =
      reasons.length === 0
        ? none
        : words`${{fr: 'approbation refusée', en: 'approval refused'}} — ${shortList(reasons, shownMost)}`
    // Without the ref: the approver reads it at the vendor's, or on their own machine, and signs that.
    const command = `npx zx scripts/approve.ts ${context.scenario} --role ${quoted(roles[0] ?? '')}`
    if (signature === 'optional') {
      return unknown(observed, {
        attestable: {roles},
        next: {
          fr: `obtenir l’accord de ${names}, déclaré avec rôle et nom, ou signé : ${command}`,
          en: `get the agreement of ${names}, declared with role and name, or signed: ${command}`,
        },
      })
    }
    // As the command signs: for a day.
    const expiresAt = new Date(now.getTime() + 24 * 3_600_000)
    const early = comesFirst(first, {now, expiresAt})
    const handed: Text = {
      fr: `transmettre à ${names} : ${command}`,
      en: `pass on to ${names}: ${command}`,
    }
    const then: Text = {fr: ' ; ensuite ', en: '; then '}
    const next = early === null ? handed : joined([early, then, handed], '')
    return about.length > 0 ? fail(observed, {next}) : unknown(observed, {next, awaited: true})
  },
})

/** "Somebody else" can only be said of somebody who is known. */
function unknownOperator({roster}: ApprovalsFound): Judgement {
  const people = shortList(
    roster.people.map(({name, address}) => `${name} <${address}>`),
    8,
  )
  return unknown(
    words`${{fr: 'l’opérateur n’est reconnu comme personne de ', en: 'the operator was recognised as nobody of '}}${roster.decision.path}${roster.people.length === 0 ? '' : words` (${people})`}`,
    {
      awaited: true,
      next: {
        fr: `dire qui opère : git config user.email ADRESSE, POSTGATE_OPERATOR=ADRESSE, ou le nom exact dans --answers ; sur un runner, la colonne « Compte » de ${roster.decision.path}`,
        en: `say who operates: git config user.email ADDRESS, POSTGATE_OPERATOR=ADDRESS, or the exact name in --answers; on a runner, the column “Compte” of ${roster.decision.path}`,
      },
    },
  )
}

function agreed(
  accepted: NonNullable<ApprovalsFound['accepted']>,
  {roster}: ApprovalsFound,
): Judgement {
  const {statement, person, fingerprint, approval} = accepted
  const {role, nonce, issuedAt, expiresAt} = statement
  const name = person.name
  return pass(
    {
      fr: `signé par ${name}, ${role}, le ${utcMinute(issuedAt)}, valable jusqu’au ${utcMinute(expiresAt)}, clé ${fingerprint}`,
      en: `signed by ${name}, ${role}, on ${utcMinute(issuedAt)}, valid until ${utcMinute(expiresAt)}, key ${fingerprint}`,
    },
    {
      facts: {
        approval: {
          ...{role, name, nonce, issuedAt, expiresAt, fingerprint},
          statement: approval.text,
          signature: approval.signature,
          signers: roster.allowed.source,
          decision: roster.decision.source,
        },
      },
    },
  )
}

const quoted = (word: string) => (/\s/.test(word) ? `"${word}"` : word)
