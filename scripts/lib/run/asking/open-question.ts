// A question that stands open on a terminal is waited for by more than who sits there: the journal names
// it, so that status shows it, and after a few minutes the team is told and other clones see it as well.

import {factRecorded} from '../../domain/facts.ts'
import type {LiveRun} from '../opening/live-run.ts'
import type {Prompter} from './prompt.ts'

interface Told {
  readonly run: Pick<LiveRun, 'append'>
  /** Called once for a question that has stood open for too long. */
  readonly tell: (title: string) => Promise<void>
  /** Called for one that was answered or left: nobody is waited for any more. */
  readonly answered: () => void
  readonly patienceMs?: number
}

const minutes = 60_000

/** `prompter`, each of whose attestations is named in the journal while it stands open. */
export function announcingOpenQuestions(
  prompter: Prompter,
  {run, tell, answered, patienceMs = 3 * minutes}: Told,
): Prompter {
  return {
    ...prompter,
    async attest(question) {
      const {title, roles} = question
      run.append(factRecorded('question', {title, roles: [...roles]}))
      let telling: Promise<void> = Promise.resolve()
      const timer = setTimeout(() => {
        telling = tell(title)
      }, patienceMs)
      timer.unref()
      try {
        return await prompter.attest(question)
      } finally {
        clearTimeout(timer)
        await telling
        answered()
      }
    },
  }
}
