#!/usr/bin/env -S npx zx

// Which of the three scenarios may run now, which not and why, when each could, and who decides.

import {freeze} from './freeze.ts'
import {isCalled, scriptArguments} from './lib/base/entry.ts'
import {exitWith} from './lib/run/main.ts'
import {production} from './production.ts'
import {staging} from './staging.ts'

if (isCalled(import.meta.url)) {
  await exitWith(async () => {
    const [{argumentsOf}, {langOf, toolArguments, usage}] = await Promise.all([
      import('./lib/run/reading.ts'),
      import('./lib/base/tool-arguments.ts'),
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
    const [{openWorkspace, sessionOf}, {decide}, {tellDecision}] = await Promise.all([
      import('./lib/run/session.ts'),
      import('./lib/tools/decide/decision.ts'),
      import('./lib/tools/decide/lines.ts'),
    ])
    const workspace = await openWorkspace({
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
          workspace.project.environments.production === undefined
        )
          continue
        sessions.push(await sessionOf(workspace, definition, args))
      }
      const decision = await decide(workspace, sessions)
      if (args.json) workspace.terminal.result(decision)
      else tellDecision(workspace, decision)
      return 0
    } finally {
      await workspace.close()
    }
  })
}
