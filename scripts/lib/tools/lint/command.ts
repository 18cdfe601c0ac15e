// Lints a project's documents; where there is no project, the bundle's own.

import {bundleFolder} from '../../base/bundle.ts'
import {showHelp} from '../../base/called-as.ts'
import {usage} from '../../base/flags.ts'
import {onScreen} from '../../base/screen.ts'
import {langOf, toolArguments} from '../../base/tool-arguments.ts'
import {Problem} from '../../domain/problem.ts'
import type {Project} from '../../domain/project.ts'
import type {Lang} from '../../domain/text.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import type {ScenarioDefinition} from '../../kit/scenario.ts'
import {openPolicy, type Policy} from '../../policy/policy.ts'
import {findProject, loadProject} from '../../policy/project-file.ts'
import {openWorkspace} from '../../run/session.ts'
import {lintHelp} from '../../words/lint.ts'
import {lintAll} from './all.ts'
import {lintDatabase} from './database.ts'
import {lintEnvironments} from './environments.ts'
import {notifyNotes} from './notify.ts'
import {type Format, formats, lintReport} from './report.ts'
import {stepCommands} from './step-commands.ts'

interface Bundle {
  readonly catalogue: Catalogue
  readonly scenarios: () => Promise<readonly ScenarioDefinition[]>
}

/** `lint.ts`: 0 where runbooks, templates and scripts agree, 2 with each finding and its place. */
export async function lintCommand(words: readonly string[], bundle: Bundle): Promise<number> {
  const args = lintArguments(words)
  if (!args.help) return lint(args, bundle)
  showHelp(lintHelp(args.lang))
  return 0
}

/** Prints what it found. 0: nothing; 2: findings. */
async function lint(args: LintArguments, {catalogue, scenarios}: Bundle): Promise<number> {
  const {policy, project, root, close} = await subject(args, catalogue)
  try {
    const {found, files, documents} = await lintAll({
      ...{policy, catalogue},
      scenarios: await scenarios(),
      commands: await stepCommands(catalogue, project, bundleFolder()),
    })
    const database =
      project === null || root === null
        ? {found: [], notes: []}
        : await lintDatabase(project, {root, bundle: bundleFolder()})
    const environments =
      project === null || root === null
        ? []
        : await lintEnvironments(project, {root, variables: process.env})
    const all = [...found, ...database.found, ...environments]
    const {format, lang} = args
    const report = lintReport(all, {
      ...{format, lang, files, documents},
      notes: [...database.notes, ...(project === null ? [] : notifyNotes(project, process.env))],
    })
    process.stdout.write(format === 'text' ? onScreen(report) : report)
    return all.length === 0 ? 0 : 2
  } finally {
    await close()
  }
}

interface Subject {
  readonly policy: Policy
  readonly project: Project | null
  /** The project's folder. */
  readonly root: string | null
  readonly close: () => Promise<void>
}

async function subject(
  {sandbox, project, lang, format}: LintArguments,
  catalogue: Catalogue,
): Promise<Subject> {
  const bundle = bundleFolder()
  if (sandbox) {
    const opened = await openWorkspace({
      args: {sandbox, lang, json: format === 'json'},
      ...{scenario: 'lint', readOnly: true, services: false},
      catalogue: async () => catalogue,
    })
    return {...opened, root: opened.world.project}
  }
  const close = async () => {}
  const root = await findProject(process.cwd(), project).catch((error: unknown) => {
    if (project === undefined && error instanceof Problem) return null
    throw error
  })
  if (root === null) return {policy: openPolicy({root: bundle, bundle}), project: null, root, close}
  const described = await loadProject(root)
  const policy = openPolicy({root, bundle, own: described.policy})
  return {policy, project: described, root, close}
}

interface LintArguments {
  readonly help: boolean
  readonly lang: Lang
  readonly format: Format
  readonly sandbox: boolean
  readonly project?: string
}

/** Throws a `Problem` (2) for what is no flag of lint. */
function lintArguments(words: readonly string[]): LintArguments {
  const {values, positionals} = toolArguments(words, {format: {type: 'string'}})
  const lang = langOf(values.lang)
  if (positionals.length > 0)
    throw usage(positionals.join(' '), {fr: 'aucun mot n’est attendu', en: 'no word is expected'})
  const wanted = values.format ?? (values.json ? 'json' : 'text')
  const format = formats.find((each) => each === wanted)
  if (format === undefined) throw usage(`--format ${wanted}`, formats.join(', '))
  return {
    ...{help: values.help ?? false, lang, format, sandbox: values.sandbox ?? false},
    ...(values.project !== undefined && {project: values.project}),
  }
}
