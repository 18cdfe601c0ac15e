#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/lib/loader/zx" "$0" "$@"'

// Which of the three scenarios may run now, which not and why, when each could, and who decides.

import {freeze} from './freeze.ts'
import {isCalled, scriptArguments} from './lib/engine/entry.ts'
import {exitWith} from './lib/engine/main.ts'
import {production} from './production.ts'
import {staging} from './staging.ts'

if (isCalled(import.meta.url)) {
  await exitWith(async () => {
    const [{argumentsOf}, {langOf, toolArguments, usage}] = await Promise.all([
      import('./lib/engine/reading.ts'),
      import('./lib/engine/tool-arguments.ts'),
    ])
    const {values, positionals} = toolArguments(scriptArguments(), {
      gate: {type: 'string'},
      break: {type: 'string'},
      advance: {type: 'string'},
    })
    const [word] = positionals
    if (word !== undefined)
      throw usage(word, {fr: 'aucun mot n’est attendu', en: 'no word is expected'})
    const args = argumentsOf({...values, lang: langOf(values.lang)})
    if (values.help) {
      const {toolHelp} = await import('./lib/words/tool-help.ts')
      process.stdout.write(toolHelp('decide', args.lang))
      return 0
    }
    const [{openWorkplace, sessionOf}, {decide}, {tellDecision}] = await Promise.all([
      import('./lib/engine/session.ts'),
      import('./lib/engine/decide/decision.ts'),
      import('./lib/engine/decide/lines.ts'),
    ])
    const workplace = await openWorkplace({
      args,
      scenario: 'decide',
      catalogue: staging.catalogue,
      readOnly: false,
      services: true,
    })
    try {
      const sessions = []
      for (const definition of [staging, production, freeze]) {
        if (
          definition.scenario === 'production' &&
          workplace.project.environments.production === undefined
        )
          continue
        sessions.push(await sessionOf(workplace, definition, args))
      }
      const decision = await decide(workplace, sessions)
      if (args.json) workplace.terminal.result(decision)
      else tellDecision(workplace, decision)
      return 0
    } finally {
      await workplace.close()
    }
  })
}
