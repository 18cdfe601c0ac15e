// Lints a project's documents; where there is no project, the bundle's own.

import {catalogue} from '../lib/catalogue.ts'
import {Problem} from '../lib/domain/problem.ts'
import type {Project} from '../lib/domain/project.ts'
import {openPolicy, type Policy} from '../lib/policy/policy.ts'
import {findProject, loadProject} from '../lib/policy/project-file.ts'
import {bundleFolder, openWorkspace} from '../lib/run/session.ts'
import {lintAll} from '../lib/tools/lint/all.ts'
import {lintReport} from '../lib/tools/lint/report.ts'
import type {LintArguments} from './arguments.ts'
import {scenarioDefinitions} from './definitions.ts'
import {stepCommands} from './step-commands.ts'

/** Prints what it found. 0: nothing; 2: findings. */
export async function lint(args: LintArguments): Promise<number> {
  const {policy, project, close} = await subject(args)
  try {
    const {found, files} = await lintAll({
      ...{policy, catalogue},
      scenarios: await scenarioDefinitions(),
      commands: await stepCommands(catalogue, project, bundleFolder()),
    })
    process.stdout.write(lintReport(found, {format: args.format, lang: args.lang, files}))
    return found.length === 0 ? 0 : 2
  } finally {
    await close()
  }
}

interface Subject {
  readonly policy: Policy
  readonly project: Project | null
  readonly close: () => Promise<void>
}

async function subject({sandbox, project, lang, format}: LintArguments): Promise<Subject> {
  const bundle = bundleFolder()
  if (sandbox) {
    return openWorkspace({
      args: {sandbox, lang, json: format === 'json'},
      ...{scenario: 'lint', readOnly: true, services: false},
      catalogue: async () => catalogue,
    })
  }
  const close = async () => {}
  const root = await findProject(process.cwd(), project).catch((error: unknown) => {
    if (project === undefined && error instanceof Problem) return null
    throw error
  })
  if (root === null) return {policy: openPolicy({root: bundle, bundle}), project: null, close}
  return {policy: openPolicy({root, bundle}), project: await loadProject(root), close}
}
