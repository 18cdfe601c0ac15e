// `npx zx scripts/audit.ts [RUN]`: 0 all as recorded, 1 differences, 2 unreadable.

import {inLang} from '../../domain/text.ts'
import {auditHelp, auditLines} from '../../words/audit.ts'
import type {Catalogue} from '../catalogue.ts'
import {scriptArguments} from '../entry.ts'
import {bundleVersion} from '../run/run-opened.ts'
import {openWorkplace, type Workplace} from '../session.ts'
import {langOf, toolArguments, usage} from '../tool-arguments.ts'
import {type Audit, audit} from './audit.ts'

export async function auditCommand(catalogue: () => Promise<Catalogue>): Promise<number> {
  const {values, positionals} = toolArguments(scriptArguments(), {})
  const lang = langOf(values.lang)
  if (values.help) {
    process.stdout.write(auditHelp(lang))
    return 0
  }
  const [run, ...more] = positionals
  if (more.length > 0) {
    throw usage(positionals.join(' '), {
      fr: 'une exécution au plus',
      en: 'one run at most',
    })
  }
  const workplace = await openWorkplace({
    args: {
      ...{sandbox: values.sandbox ?? false, json: values.json ?? false, lang},
      ...(values.project !== undefined && {project: values.project}),
    },
    scenario: 'audit',
    catalogue,
    readOnly: true,
    services: false,
  })
  try {
    const {world, policy} = workplace
    const {repository, environment, bundle} = world
    const tools = {repository, policy, environment, bundle: await bundleVersion(bundle)}
    return show(await audit(tools, run), workplace)
  } finally {
    await workplace.close()
  }
}

function show(found: Audit, {terminal, mask, world}: Workplace): number {
  const differences = found.runs.reduce((sum, {findings}) => sum + findings.length, 0)
  if (terminal.json) {
    terminal.result({...found, differences})
  } else {
    const lines = auditLines(found, world.sandbox).map((line) => inLang(line, terminal.lang))
    process.stdout.write(mask.mask(`${lines.join('\n')}\n`))
  }
  return differences === 0 ? 0 : 1
}
