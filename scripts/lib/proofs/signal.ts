// What a source counted since the deployment, for the items on error logs and on users' alerts. More than
// the runbook allows is for a person to read; so is a source that says nothing.

import type {z} from 'zod'
import {count, duration} from '../domain/parameters.ts'
import {deploymentStartedAt} from '../domain/recorded.ts'
import type {Text} from '../domain/text.ts'
import {type Judgement, pass, unknown} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import type {SignalName} from '../kit/ports/signals.ts'
import {reasonOf, words} from '../words/observed.ts'

/** `at=30m`: the time since the deployment that is looked at; `most=0`: how many may have come. */
export const signalParameters = {at: duration(), most: count().optional()}
type Parameters = {
  readonly [K in keyof typeof signalParameters]: z.output<(typeof signalParameters)[K]>
}

/** Pass or unknown, never a fail: what was counted does not say how grave it is. A person does. */
export async function judgeSignal(
  context: Context,
  name: SignalName,
  {at, most = 0}: Parameters,
): Promise<Judgement> {
  const forPerson = (observed: Text, link?: string) =>
    unknown(observed, {attestable: {}, ...(link !== undefined && {evidence: [evidence(link)]})})
  const deployed = deploymentStartedAt(context.run())
  if (deployed === null)
    return unknown({fr: 'rien n’est encore déployé', en: 'nothing is deployed yet'})
  const since = new Date(deployed)
  const signal = await context.adapters.signal(name)
  if (signal === null)
    return forPerson({
      fr: 'aucune source n’est configurée : une personne regarde',
      en: 'no source is configured: a person looks',
    })
  const until = new Date(Math.min(since.getTime() + at, context.world.clock.now().getTime()))
  try {
    const found = await signal.count({since, until})
    if (found === null)
      return forPerson(words`${signal.product} : ${{fr: 'aucune donnée', en: 'no data'}}`)
    const minutes = Math.round((until.getTime() - since.getTime()) / 60_000)
    const observed = words`${signal.product} : ${found.count} ${{fr: 'en', en: 'in'}} ${minutes} min`
    const {link} = found
    if (found.count > most)
      return forPerson(words`${observed}, ${{fr: 'admis', en: 'allowed'}} : ${most}`, link)
    return pass(observed, link === undefined ? {} : {evidence: [evidence(link)]})
  } catch (error) {
    context.signal.throwIfAborted()
    return forPerson(words`${signal.product} : ${reasonOf(error)}`)
  }
}

const evidence = (link: string) => ({label: {fr: 'source', en: 'source'}, link})
