// `status.ts --watch`: the same view again and again, until Ctrl-C. A look that fails is told, and the
// next one is tried all the same.

import {type Clock, systemClock} from '../../base/clock.ts'
import {Problem} from '../../domain/problem.ts'
import {inLang, type Lang} from '../../domain/text.ts'
import {problemWords} from '../../words/problems.ts'

export interface Watching {
  /** One look: what a person sees, without its end of line. */
  readonly look: () => Promise<string>
  readonly everySeconds: number
  readonly lang: Lang
  readonly signal: AbortSignal
  readonly screen: {readonly isTTY?: boolean; readonly write: (text: string) => unknown}
  /** The machine's own: a trial's would jump instead of waiting. */
  readonly clock?: Pick<Clock, 'wait'>
}

/** Looks until `signal` aborts. A screen is drawn anew; elsewhere only what has changed is printed. */
export async function keepWatching(options: Watching): Promise<void> {
  const {look, everySeconds, lang, signal, screen, clock = systemClock} = options
  const live = screen.isTTY === true && process.env.TERM !== 'dumb'
  const hint = inLang(
    {
      fr: `actualisé toutes les ${everySeconds} s ; Ctrl-C pour finir`,
      en: `refreshed every ${everySeconds} s; Ctrl-C to end`,
    },
    lang,
  )
  let before = ''
  while (!signal.aborted) {
    const text = await look().catch((error: unknown) => {
      if (error instanceof Problem) return problemWords(error, lang).trimEnd()
      throw error
    })
    // Home, each line's rest cleared, then what is below: nothing flickers, nothing old stays.
    if (live)
      screen.write(`\u001B[H${[...text.split('\n'), '', hint].join('\u001B[K\n')}\u001B[J\n`)
    else if (text !== before) screen.write(`${text}\n`)
    before = text
    await clock.wait(everySeconds * 1_000, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }
}
