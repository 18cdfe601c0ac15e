// `npx zx scripts/audit.ts [RUN]`: 0 all as recorded, 1 differences, 2 unreadable.

import {bundleVersion} from '../../base/bundle.ts'
import {showHelp} from '../../base/called-as.ts'
import {scriptArguments} from '../../base/entry.ts'
import {usage} from '../../base/flags.ts'
import {onScreen} from '../../base/screen.ts'
import {langOf, toolArguments} from '../../base/tool-arguments.ts'
import {inLang} from '../../domain/text.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import {openWorkspace, type Workspace} from '../../run/session.ts'
import {auditHelp, auditLines} from '../../words/audit.ts'
import {type Audit, audit} from './audit.ts'

export async function auditCommand(catalogue: () => Promise<Catalogue>): Promise<number> {
  const {values, place, positionals} = toolArguments(scriptArguments(), {})
  const lang = langOf(values.lang)
  if (values.help) {
    showHelp(auditHelp(lang))
    return 0
  }
  const [run, ...more] = positionals
  if (more.length > 0) {
    throw usage(positionals.join(' '), {
      fr: 'une exécution au plus',
      en: 'one run at most',
    })
  }
  const workspace = await openWorkspace({
    args: {...place, json: values.json ?? false, lang},
    scenario: 'audit',
    catalogue,
    readOnly: true,
    services: false,
  })
  try {
    const {world, policy} = workspace
    const {repository, environment, bundle} = world
    const tools = {repository, policy, environment, bundle: bundleVersion(bundle)}
    return show(await audit(tools, run), workspace)
  } finally {
    await workspace.close()
  }
}

function show(found: Audit, {terminal, mask, world}: Workspace): number {
  const differences = found.runs.reduce((sum, {findings}) => sum + findings.length, 0)
  if (terminal.json) {
    terminal.result('audit', {...found, differences})
  } else {
    const lines = auditLines(found, world.mark).map((line) => inLang(line, terminal.lang))
    process.stdout.write(onScreen(mask.mask(`${lines.join('\n')}\n`)))
  }
  return differences === 0 ? 0 : 1
}
