// A message to the team, for the notification template.

import type {ViewInput} from './input.ts'
import {owed} from './owed.ts'
import {summary} from './summary.ts'
import {trace} from './trace.ts'
import {fr} from './words.ts'

/** `title`: the occasion in a few words; `text`: unless given, the run's summary and what is owed. */
export function notificationView(input: ViewInput, title: string, text?: string) {
  const debts = owed(input.state, input.names.postMortem).map(({what}) => `À faire : ${fr(what)}.`)
  return {...trace(input), title, text: text ?? [summary(input), ...debts].join(' ')}
}
