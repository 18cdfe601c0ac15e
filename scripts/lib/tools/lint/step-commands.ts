// Every command that a step can run, with any adapter, as the adapters themselves write it: nothing is
// run, a command is a halted value. Steps that are not named here have effects in TypeScript only.

import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {backupCommands} from '../../adapters/database/backup.ts'
import {manifestFrom} from '../../artifact/manifest.ts'
import {type Project, projectSchema} from '../../domain/project.ts'
import {commandsOf, type Effect} from '../../guard/effect.ts'
import {createMask} from '../../guard/mask.ts'
import {createShell} from '../../guard/shell.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import type {StepCommand} from '../../lint/commands.ts'
import {resetScript} from '../../steps/reset.ts'
import {openRepository} from '../../store/git/open-repository.ts'
import type {Repository} from '../../store/git/repository.ts'
import {gitIn} from '../../store/git/run.ts'

/**
 * `project`: null for the bundle by itself, whose runbooks serve any host. Then every command but that of
 * the `command` builder, which only a project knows, has to be authorised.
 */
export async function stepCommands(
  catalogue: Catalogue,
  project: Project | null,
  bundle: string,
): Promise<StepCommand[]> {
  const subject = project ?? sampleProject({adapter: 'flutter'})
  const tools = await sampleTools(subject, bundle)
  return [
    {step: 'reset-database', text: resetScript(tools.$, subject).text, owed: true},
    // Not owed: where it is not listed, the backup is taken in TypeScript.
    ...Object.values(backupCommands(tools.$, 'file')).map(({text}) => ({
      ...{step: 'backup-staging', text, owed: false},
    })),
    ...(await buildCommands(catalogue, project, tools)),
    ...(await hostingCommands(catalogue, project, tools)),
    ...purgeCommands(project, tools),
  ]
}

async function buildCommands(
  catalogue: Catalogue,
  project: Project | null,
  tools: AdapterTools,
): Promise<StepCommand[]> {
  const found: StepCommand[] = []
  for (const [adapter, load] of Object.entries(catalogue.builder)) {
    const own = project?.builder.adapter === adapter
    const make = await load()
    if (!own && make.sample === null) continue
    const sample = sampleProject({adapter, ...make.sample})
    const builder = make({...tools, project: own && project !== null ? project : sample})
    const effects = builder.build({
      folder: '',
      definesFile: 'f',
      defines: {},
      version: '1',
      number: '1',
    })
    found.push(...texts('build', effects, project === null || own))
    // Needed only where a host lost the previous version: it may stay unlisted.
    found.push(...texts('rebuild-previous', effects, false))
  }
  return found
}

async function hostingCommands(
  catalogue: Catalogue,
  project: Project | null,
  tools: AdapterTools,
): Promise<StepCommand[]> {
  const used = new Set(
    Object.values(project?.environments ?? {}).map((each) => each?.hosting.adapter),
  )
  const artifact = {folder: '', manifest: manifestFrom([]), version: '1', message: 'm'}
  const found: StepCommand[] = []
  for (const [adapter, load] of Object.entries(catalogue.hosting)) {
    const make = await load()
    const {staging} = sampleProject({adapter: 'flutter'}, {adapter, ...make.sample}).environments
    const hosting = make(tools, staging)
    const owed = project === null || used.has(adapter)
    found.push(...texts('deploy', hosting.deploy(artifact), owed))
    // Where the host restores by itself, the rebuild is not needed, but may stay listed.
    const rebuilds = hosting.restore === null
    found.push(...texts('rebuild-previous', hosting.deploy(artifact), owed && rebuilds))
    if (hosting.restore === null) continue
    found.push(...texts('restore-previous', hosting.restore('id'), owed))
    const back = hosting.returnTo ?? hosting.restore
    found.push(...texts('return-to-checkpoint', back('id'), owed))
  }
  return found
}

/** Owed wherever something is switched; where a host lost the previous version it may stay unlisted. */
function purgeCommands(project: Project | null, {$}: AdapterTools): StepCommand[] {
  const named = Object.values(project?.environments ?? {}).flatMap((each) => each?.purge ?? [])
  return [...new Set(named)].flatMap((purge) => {
    const words = purge.split(' ')
    const {text} = $`${words}`
    return ['deploy', 'restore-previous', 'return-to-checkpoint', 'rebuild-previous'].map(
      (step) => ({step, text, owed: step !== 'rebuild-previous'}),
    )
  })
}

function texts(step: string, effects: Effect | readonly Effect[], owed: boolean): StepCommand[] {
  return [effects]
    .flat()
    .flatMap(commandsOf)
    .map(({text}) => ({step, text, owed}))
}

const sampleProject = (
  builder: Readonly<Record<string, string>>,
  hosting: Readonly<Record<string, string>> = {adapter: 'folder', root: 'sample'},
): Project =>
  projectSchema.parse({
    name: 'sample',
    builder,
    environments: {staging: {envFile: '.env', url: 'https://sample.example.org', hosting}},
  })

/** A bundle that was unpacked, not cloned, can be linted too: adapters only need to be given one. */
async function emptyRepository(): Promise<Repository> {
  const folder = await mkdtemp(join(tmpdir(), 'postgate-lint-'))
  try {
    await gitIn(folder, process.env).attempt(['init', '--quiet'])
    return await openRepository(folder)
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

async function sampleTools(project: Project, bundle: string): Promise<AdapterTools> {
  return {
    world: {
      clock: {now: () => new Date(0), wait: async () => {}},
      repository: await openRepository(bundle).catch(emptyRepository),
      fetch: () => Promise.reject(new Error('lint asks nobody')),
      ...{environment: {}, cache: bundle, bundle, project: bundle, mark: '', flags: ''},
      ...{machine: 'lint', operator: 'lint'},
    },
    project,
    ...{environment: 'staging', mode: 'READ-ONLY', env: null, otherEnv: null},
    $: await createShell({
      ...{cwd: bundle, env: {}, mask: createMask([])},
      authorise: async () => ({ok: false, reason: 'lint runs nothing'}),
    }),
    signal: new AbortController().signal,
  }
}
