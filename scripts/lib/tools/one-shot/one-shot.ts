// `scripts/d1_one_shot.sh`: the project's own checks, then gate, tag, nightly, clean tree, configuration,
// drift and forbidden history. Whatever is not a pass makes the whole not green (3).

import {resolve} from 'node:path'
import type {Arguments} from '../../base/arguments.ts'
import {showHelp} from '../../base/called-as.ts'
import {scriptArguments} from '../../base/entry.ts'
import {usage} from '../../base/flags.ts'
import {langOf, toolArguments} from '../../base/tool-arguments.ts'
import type {Environment} from '../../domain/event.ts'
import {marked} from '../../domain/mark.ts'
import {inLang} from '../../domain/text.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import {argumentsOf} from '../../run/read-only-context.ts'
import {openWorkspace, type Session, sessionOf, type Workspace} from '../../run/session.ts'
import {oneShotHelp} from '../../words/gate.ts'
import {counted, words} from '../../words/observed.ts'
import {runProjectChecks} from './checks.ts'
import {type OneShotRow, releaseRows} from './release.ts'

const options = {
  gate: {type: 'string'},
  from: {type: 'string'},
  break: {type: 'string'},
  advance: {type: 'string'},
} as const

export async function oneShotCommand(catalogue: () => Promise<Catalogue>): Promise<number> {
  const {values, positionals} = toolArguments(scriptArguments(), options)
  const lang = langOf(values.lang)
  if (values.help) {
    showHelp(oneShotHelp(lang))
    return 0
  }
  if (positionals.length > 0) {
    throw usage(positionals.join(' '), {fr: 'aucun mot n’est attendu', en: 'no word is expected'})
  }
  // The door in sh has changed the folder: paths are meant from where it was called.
  const {from = process.cwd(), project, ...rest} = values
  const where = project ?? (await projectFrom(from, rest.sandbox ?? false))
  const args = argumentsOf({
    ...{...rest, lang},
    ...(where !== undefined && {project: resolve(from, where)}),
  })
  const workspace = await openWorkspace({
    args,
    scenario: 'staging',
    catalogue,
    readOnly: false,
    services: true,
  })
  try {
    return await validateOnce(workspace, args)
  } finally {
    await workspace.close()
  }
}

async function projectFrom(from: string, sandbox: boolean): Promise<string | undefined> {
  if (sandbox) return undefined
  const {findProject} = await import('../../policy/project-file.ts')
  return findProject(from)
}

/** Shows the table. 0: green; 3: something failed or is not known. */
export async function validateOnce(workspace: Workspace, args: Arguments): Promise<number> {
  const {terminal, project} = workspace
  const open = (scenario: Environment): Promise<Session> =>
    sessionOf(workspace, {scenario, phases: [], rollback: null}, args)
  const session = await open('staging')
  const {gate, checkpoint} = session
  terminal.heading(
    marked(
      workspace.world.mark,
      `d1_one_shot · ${checkpoint.tag} (${checkpoint.commit.slice(0, 7)})`,
    ),
  )
  const rows: OneShotRow[] = []
  const show = (row: OneShotRow) => {
    rows.push(row)
    const seconds = row.ms === undefined ? '' : ` (${(row.ms / 1000).toFixed(1)} s)`
    terminal.outcome({
      ...row,
      observed: {
        fr: `${inLang(row.observed, 'fr')}${seconds}`,
        en: `${inLang(row.observed, 'en')}${seconds}`,
      },
    })
  }
  terminal.heading({fr: 'Contrôles du projet', en: 'The project’s own checks'})
  await runProjectChecks(session, show)
  terminal.heading({fr: 'Release', en: 'Release'})
  const production = project.environments.production === undefined ? null : await open('production')
  await releaseRows({staging: session, production}, show)
  const bad = rows.filter(({verdict}) => verdict === 'fail' || verdict === 'unknown')
  terminal.heading(
    bad.length === 0
      ? words`${{fr: 'Vert :', en: 'Green:'}} ${counted(rows.length, ['ligne tient', 'lignes tiennent'], ['line holds', 'lines hold'])}`
      : {
          fr: `Pas vert : ${bad.map(({title}) => title).join(' ; ')}`,
          en: `Not green: ${bad.map(({title}) => title).join('; ')}`,
        },
  )
  const exit = bad.length === 0 ? 0 : 3
  terminal.result('one-shot', {gate: gate.path, ...checkpoint, green: exit === 0, exit, rows})
  return exit
}
