// A tool's work without a process of its own: the workspace of a project, with a terminal that remembers.

import type {Arguments} from '../../scripts/lib/base/arguments.ts'
import type {Terminal} from '../../scripts/lib/base/terminal.ts'
import {Problem} from '../../scripts/lib/domain/problem.ts'
import {inLang, type Text} from '../../scripts/lib/domain/text.ts'
import {argumentsOf} from '../../scripts/lib/run/read-only-context.ts'
import {openWorkspace, type Workspace} from '../../scripts/lib/run/session.ts'

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
  work: (workspace: Workspace, args: Arguments) => Promise<number>,
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
    result: (_name, value) => {
      result = value
    },
  }
  try {
    const workspace = await openWorkspace({
      ...{args, scenario: 'test', catalogue: async () => catalogue},
      ...{readOnly: false, services: false},
    })
    const exit = await work({...workspace, terminal}, args)
    return {exit, said: lines.join('\n'), result: JSON.parse(JSON.stringify(result))}
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const {what, why = '', next = '', exit} = error.parts
    const said = [...lines, ...[what, why, next].map((text) => inLang(text, 'fr'))].join('\n')
    return {exit, said, result: {}}
  }
}
