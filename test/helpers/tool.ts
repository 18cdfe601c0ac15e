// A tool's work without a process of its own: the workplace of a project, with a terminal that remembers.

import {Problem} from '../../scripts/lib/domain/problem.ts'
import {inLang, type Text} from '../../scripts/lib/domain/text.ts'
import type {Arguments} from '../../scripts/lib/engine/arguments.ts'
import {argumentsOf} from '../../scripts/lib/engine/reading.ts'
import {openWorkplace, type Workplace} from '../../scripts/lib/engine/session.ts'
import type {Terminal} from '../../scripts/lib/engine/terminal.ts'

export interface Told {
  readonly exit: number
  /** Everything that was said, in French. */
  readonly said: string
  /** What `--json` would print; `{}` where the tool ended with a problem. */
  readonly result: ReturnType<typeof JSON.parse>
}

/** Exit code, words and result of `work`, as `main.ts` would make them. */
export async function tool(
  project: string,
  work: (workplace: Workplace, args: Arguments) => Promise<number>,
): Promise<Told> {
  const args = argumentsOf({lang: 'fr', project})
  const {catalogue} = await import('../../scripts/lib/catalogue.ts')
  const lines: string[] = []
  let result: unknown = {}
  const say = (text: Text) => void lines.push(inLang(text, 'fr'))
  const terminal: Terminal = {
    ...{lang: 'fr', json: true, say, heading: say, warn: say},
    ...{doing: () => {}, progress: () => {}, hold: () => () => {}},
    outcome: ({verdict, title, observed}) => say(`${verdict} ${title} : ${inLang(observed, 'fr')}`),
    result: (value) => {
      result = value
    },
  }
  try {
    const workplace = await openWorkplace({
      ...{args, scenario: 'test', catalogue: async () => catalogue},
      ...{readOnly: false, services: false},
    })
    const exit = await work({...workplace, terminal}, args)
    return {exit, said: lines.join('\n'), result: JSON.parse(JSON.stringify(result))}
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const {what, why = '', next = '', exit} = error.parts
    const said = [...lines, ...[what, why, next].map((text) => inLang(text, 'fr'))].join('\n')
    return {exit, said, result: {}}
  }
}
