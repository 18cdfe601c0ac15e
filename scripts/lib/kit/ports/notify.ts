// Telling the team. A failed notification is shown and stays an open item; it is never swallowed.

import type {Occasion} from '../../domain/occasion.ts'
import type {Judgement} from '../../domain/verdict.ts'

export interface Notifier {
  readonly product: string
  /** Whether it asks for messages of this kind: of the others nobody is told by it. */
  readonly wants: (occasion: Occasion) => boolean
  /** Whether it has somewhere to send to; nothing is sent. */
  readonly ready: () => Promise<Judgement>
  readonly send: (message: {
    occasion: Occasion
    title: string
    text: string
    run: string
    link: string | null
  }) => Promise<Judgement>
}
