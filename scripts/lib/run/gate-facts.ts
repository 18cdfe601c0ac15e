// What holds of a Release Gate beyond its own words: `gate.ts check` and the doctor say the same.

import type {Text} from '../domain/text.ts'
import type {Judgement} from '../domain/verdict.ts'
import type {PolicyItem} from '../policy/runbook.ts'
import {judgeCheck} from './judging/judge.ts'
import {readOnlyContext} from './read-only-context.ts'
import type {Session} from './session.ts'

export interface GateFact {
  /** Of the check that judged. */
  readonly name: string
  readonly title: Text
  readonly judgement: Judgement
  /** Where no CI can be asked, the gate's own word is a person's: nothing contradicts it. */
  readonly silent: boolean
}

const titles: readonly (readonly [string, Text])[] = [
  ['gate-complete', {fr: 'Section 4', en: 'Section 4'}],
  ['tag', {fr: 'Tag et commit', en: 'Tag and commit'}],
  ['code-unchanged', {fr: 'Code depuis le tag', en: 'Code since the tag'}],
  ['repository-clean', {fr: 'Gate committé', en: 'Gate committed'}],
  ['nightly-green', {fr: 'Nightly, vue par la CI', en: 'Nightly, as the CI sees it'}],
]

/** `nightly-green` only where the gate claims it: a tick must not be older than the run it speaks of. */
export async function gateFacts(session: Session): Promise<GateFact[]> {
  const claims = session.gate.entries.some(
    ({text, mark}) => mark === 'validated' && /nightly/i.test(text),
  )
  const {context, close} = await readOnlyContext(session)
  try {
    const facts: GateFact[] = []
    for (const [name, title] of titles) {
      if (name === 'nightly-green' && !claims) continue
      const item = await asUsed(session, name)
      const judgement = await judgeCheck(item, {context, catalogue: session.catalogue})
      const {verdict, attestable} = judgement
      facts.push({
        name,
        title,
        judgement,
        silent: verdict === 'unknown' && attestable !== undefined,
      })
    }
    return facts
  } finally {
    await close()
  }
}

/** The check with the parameters that a runbook gives it: STAGING's are the least that a release needs. */
async function asUsed(
  {policy}: Pick<Session, 'policy'>,
  name: string,
): Promise<Pick<PolicyItem, 'name' | 'parameters'>> {
  for (const scenario of ['staging', 'freeze', 'production']) {
    const {prerequisites} = await policy.runbook(scenario)
    const item = prerequisites.find((each) => each.kind === 'check' && each.name === name)
    if (item !== undefined) return item
  }
  return {name, parameters: {}}
}
