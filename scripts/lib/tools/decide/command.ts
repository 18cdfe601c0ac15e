// `decide.ts`: opens the project once, and one session for each scenario that it has.

import {showHelp} from '../../base/called-as.ts'
import {usage} from '../../base/flags.ts'
import {langOf, toolArguments} from '../../base/tool-arguments.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import type {ScenarioDefinition} from '../../kit/scenario.ts'
import {argumentsOf} from '../../run/read-only-context.ts'
import {openWorkspace, sessionOf} from '../../run/session.ts'
import {toolHelp} from '../../words/tool-help.ts'
import {decide} from './decision.ts'
import {printDecision} from './lines.ts'

interface Bundle {
  readonly catalogue: () => Promise<Catalogue>
  readonly scenarios: () => Promise<readonly ScenarioDefinition[]>
}

/** Always 0: a decision says what may run, and decides nothing. Throws a `Problem` (2) for a wrong word. */
export async function decideCommand(words: readonly string[], bundle: Bundle): Promise<number> {
  const {values, positionals} = toolArguments(words, {
    gate: {type: 'string'},
    break: {type: 'string'},
    advance: {type: 'string'},
  })
  const [word] = positionals
  if (word !== undefined)
    throw usage(word, {fr: 'aucun mot n’est attendu', en: 'no word is expected'})
  const args = argumentsOf({...values, lang: langOf(values.lang)})
  if (values.help) {
    showHelp(toolHelp('decide', args.lang))
    return 0
  }
  const workspace = await openWorkspace({
    args,
    scenario: 'decide',
    catalogue: bundle.catalogue,
    readOnly: false,
    services: true,
  })
  try {
    const sessions = []
    for (const definition of await bundle.scenarios()) {
      const isMissing =
        definition.scenario === 'production' &&
        workspace.project.environments.production === undefined
      if (!isMissing) sessions.push(await sessionOf(workspace, definition, args))
    }
    const decision = await decide(workspace, sessions)
    if (args.json) workspace.terminal.result('decide', decision)
    else printDecision(workspace, decision)
    return 0
  } finally {
    await workspace.close()
  }
}
