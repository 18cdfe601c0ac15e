// `npx zx scripts/status.ts`: where things stand, or the history of all runs.

import {scriptArguments} from '../../base/entry.ts'
import {langOf, toolArguments, usage} from '../../base/tool-arguments.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import {openWorkspace} from '../../run/session.ts'
import {statusHelp} from '../../words/status.ts'

const options = {history: {type: 'boolean'}, markdown: {type: 'boolean'}} as const

export async function statusCommand(catalogue: () => Promise<Catalogue>): Promise<number> {
  const {values, positionals} = toolArguments(scriptArguments(), options)
  const lang = langOf(values.lang)
  if (values.help) {
    process.stdout.write(statusHelp(lang))
    return 0
  }
  if (positionals.length > 0) {
    throw usage(positionals.join(' '), {fr: 'aucun mot n’est attendu', en: 'no word is expected'})
  }
  if (values.markdown && !values.history) {
    throw usage('--markdown', {fr: 'il n’existe qu’avec --history', en: 'it needs --history'})
  }
  const workspace = await openWorkspace({
    args: {
      ...{sandbox: values.sandbox ?? false, json: values.json ?? false, lang},
      ...(values.project !== undefined && {project: values.project}),
    },
    scenario: 'status',
    catalogue,
    readOnly: true,
    services: false,
  })
  try {
    if (values.history) {
      const {showHistory} = await import('./history.ts')
      return await showHistory(workspace, {markdown: values.markdown ?? false})
    }
    return await (await import('./status.ts')).showStatus(workspace)
  } finally {
    await workspace.close()
  }
}
