// The declared maintenance window: it is time, and enough of it is left to watch and to go back. Asked as
// a check, and once more as the step just before the deployment.

import {duration} from '../domain/parameters.ts'
import {utcMinute} from '../domain/times.ts'
import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import {parseWindow, windowState} from '../domain/window.ts'
import type {Context} from '../kit/context.ts'
import {check} from '../kit/definition.ts'
import {words} from '../words/observed.ts'

export const windowOpen = check({
  name: 'window-open',
  describe: {
    fr: 'La fenêtre de maintenance est ouverte et laisse assez de temps.',
    en: 'The maintenance window is open and leaves time enough.',
  },
  parameters: {leaves: duration()},
  judge: judgeWindow,
})

/** Step `window leaves=150m`: inside the declared window, and with time enough to watch and to go back. */
export async function judgeWindow(
  context: Context,
  {leaves}: {leaves: number},
): Promise<Judgement> {
  const item = context.runbook.prerequisites.find(({parameters}) => parameters.value === 'window')
  const known = item === undefined ? undefined : context.run().items.get(item.id)
  if (known === undefined || known.verdict === 'not-applicable')
    return pass({fr: 'aucune fenêtre déclarée', en: 'no window declared'})
  const declared = typeof known.observed === 'string' ? known.observed : known.observed.fr
  const window = parseWindow(declared)
  if (window === undefined)
    return fail({fr: `« ${declared} » n’est pas une fenêtre`, en: `“${declared}” is no window`})
  const now = context.world.clock.now()
  const facts = {window: {from: window.from.toISOString(), to: window.to.toISOString()}}
  switch (windowState(window, now, leaves)) {
    case 'open':
      return pass(
        {
          fr: `ouverte du ${utcMinute(window.from)} au ${utcMinute(window.to)}`,
          en: `open from ${utcMinute(window.from)} to ${utcMinute(window.to)}`,
        },
        {facts},
      )
    case 'early':
      return unknown(
        words`${{fr: 'la fenêtre ouvre le', en: 'the window opens on'}} ${utcMinute(window.from)}`,
        {facts, earliest: window.from.toISOString()},
      )
    case 'too-short':
      return fail(
        words`${{fr: 'il ne reste pas', en: 'less is left than'}} ${String(leaves / 60_000)} min ${{fr: 'avant la fin de la fenêtre', en: 'before the window ends'}}`,
        {facts},
      )
    default:
      return fail(words`${{fr: 'la fenêtre est passée', en: 'the window is over'}} : ${declared}`, {
        facts,
      })
  }
}
