// `npx zx scripts/gate.ts open|check|nightly-post-mortem`: one word chooses what is done.

import {showHelp} from '../../base/called-as.ts'
import {scriptArguments} from '../../base/entry.ts'
import {usage} from '../../base/flags.ts'
import {langOf, toolArguments} from '../../base/tool-arguments.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import {argumentsOf} from '../../run/read-only-context.ts'
import {openWorkspace} from '../../run/session.ts'
import {gateHelp} from '../../words/gate.ts'

const options = {
  tag: {type: 'string'},
  gate: {type: 'string'},
  break: {type: 'string'},
  advance: {type: 'string'},
} as const

export async function gateCommand(catalogue: () => Promise<Catalogue>): Promise<number> {
  const {values, positionals} = toolArguments(scriptArguments(), options)
  const lang = langOf(values.lang)
  const [verb = '', ...more] = positionals
  if (values.help) {
    showHelp(gateHelp(lang))
    return 0
  }
  if (!['open', 'check', 'nightly-post-mortem'].includes(verb) || more.length > 0) {
    throw usage(positionals.join(' '), {
      fr: 'un mot est attendu : open, check ou nightly-post-mortem',
      en: 'one word is expected: open, check or nightly-post-mortem',
    })
  }
  if (verb === 'open' && (values.tag ?? '') === '')
    throw usage('open', {fr: 'le tag manque : --tag TAG', en: 'the tag is missing: --tag TAG'})
  const args = argumentsOf({...values, lang})
  const workspace = await openWorkspace({
    args,
    scenario: 'gate',
    catalogue,
    readOnly: false,
    services: true,
  })
  try {
    switch (verb) {
      case 'open':
        return await (await import('./open.ts')).openGate(workspace, values.tag ?? '')
      case 'check':
        return await (await import('./check.ts')).checkGate(workspace, args)
      default:
        return await (await import('./nightly.ts')).nightlyPostMortem(workspace, args)
    }
  } finally {
    await workspace.close()
  }
}
