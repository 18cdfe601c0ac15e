// Says, and journals, who operates a PRODUCTION run: somebody else has to sign, so it has to be known who
// this is. Whom nothing recognises is asked; where nobody can be asked, the prerequisite waits for it.

import {recogniseOperators} from '../../approvals/operator.ts'
import {readRoster, withoutRemark} from '../../approvals/roster.ts'
import {factRecorded} from '../../domain/facts.ts'
import {recorded} from '../../domain/recorded.ts'
import {isRemoteAway} from '../../store/git/remote-problem.ts'
import {terminalQuestions} from '../asking/prompt.ts'
import type {Running} from '../running.ts'

/** Leaves the fact `operator` where it is known, once for each operator of the run. `leave` pauses the run. */
export async function rememberOperator(running: Running, leave: () => void): Promise<void> {
  const {session, run, answers, prompter} = running
  if (session.scenario !== 'production' || run.state().started.kind !== 'scenario') return
  const roster = await readRoster(session).catch((error: unknown) => {
    if (isRemoteAway(error)) return null
    throw error
  })
  if (roster === null || roster.people.length === 0) return
  const {world, terminal} = session
  const said = withoutRemark(answers.operator.name)
  const [found] = await recogniseOperators({world, roster}, said === '' ? null : said)
  let operator = found
  if (operator === undefined && prompter.interactive) {
    const labels = roster.people.map(({name, address}) => `${name} <${address}>`)
    const chosen = await terminalQuestions(terminal.lang, leave).choose(
      {fr: 'Qui opère cette mise en PRODUCTION ?', en: 'Who operates this release to PRODUCTION?'},
      [...new Set(labels)].map((label) => ({value: label, label})),
    )
    // Whoever leaves the question leaves the run: it waits, and asks again.
    if (chosen === null) return leave()
    const person = roster.people[labels.indexOf(chosen)]
    if (person !== undefined) operator = {person, how: 'chosen'}
  }
  if (operator === undefined) return
  const {person, how} = operator
  const value = {name: person.name, address: person.address, how}
  if (recorded(run.state(), 'operator')?.address === value.address) return
  run.append(factRecorded('operator', value))
}
