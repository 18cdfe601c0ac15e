#!/usr/bin/env -S npx zx

// Which of the three scenarios may run now, which not and why, when each could, and who decides.

import {freeze} from './freeze.ts'
import {parseArguments} from './lib/engine/arguments.ts'
import {isCalled, scriptArguments} from './lib/engine/entry.ts'
import {exitWith} from './lib/engine/main.ts'
import {production} from './production.ts'
import {staging} from './staging.ts'

if (isCalled(import.meta.url)) {
  await exitWith(async () => {
    const args = parseArguments(scriptArguments(), 'decide')
    if (args.help) {
      const {toolHelp} = await import('./lib/words/tool-help.ts')
      process.stdout.write(toolHelp('decide', args.lang))
      return 0
    }
    const [{openWorkplace, sessionOf}, {decide, tellDecision}] = await Promise.all([
      import('./lib/engine/session.ts'),
      import('./lib/engine/decision.ts'),
    ])
    const workplace = await openWorkplace({
      args,
      scenario: 'decide',
      catalogue: staging.catalogue,
      readOnly: true,
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
