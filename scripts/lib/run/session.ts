// Everything that one command works with, opened once: project, repository, policy, gate, world.

import {hostname, userInfo} from 'node:os'
import {join} from 'node:path'
import type {Arguments} from '../base/arguments.ts'
import {bundleFolder} from '../base/bundle.ts'
import {pasting, sameProject} from '../base/called-as.ts'
import {machineZone, systemClock} from '../base/clock.ts'
import {flagsOf, type PlaceArguments} from '../base/place-flags.ts'
import {createTerminal, type Terminal} from '../base/terminal.ts'
import type {Checkpoint, Environment, Scenario} from '../domain/event.ts'
import {withLocalTimes} from '../domain/local-time.ts'
import {Problem, problem} from '../domain/problem.ts'
import type {Project} from '../domain/project.ts'
import {setFinalMask, setPasting} from '../guard/final-message.ts'
import {createMask, type Mask} from '../guard/mask.ts'
import type {Catalogue} from '../kit/catalogue.ts'
import type {Phase} from '../kit/definition.ts'
import type {Sandbox, StandIns} from '../kit/ports/sandbox.ts'
import type {ScenarioDefinition} from '../kit/scenario.ts'
import {type EnvFile, readEnvFile} from '../policy/env-file.ts'
import type {Gate} from '../policy/gate-file.ts'
import {openPolicy, type Policy} from '../policy/policy.ts'
import {findProject, loadProject} from '../policy/project-file.ts'
import type {Runbook} from '../policy/runbook.ts'
import {secretsOf} from '../policy/secrets.ts'
import {openRepository} from '../store/git/open-repository.ts'
import {cacheFolder} from '../store/places.ts'
import type {World} from '../store/world.ts'
import {gateFor} from './opening/gate-fallback.ts'

/** What every command has, also those that run no scenario. */
export interface Workspace {
  readonly world: World
  readonly project: Project
  readonly policy: Policy
  readonly catalogue: Catalogue
  readonly mask: Mask
  readonly terminal: Terminal
  readonly standIns: StandIns | null
  /** A plan, a status, a decision: not even a cache is written. */
  readonly readOnly: boolean
  readonly env: (environment: Environment) => Promise<EnvFile>
  readonly close: () => Promise<void>
}

export interface Session extends Workspace {
  readonly scenario: Scenario
  readonly environment: Environment | null
  readonly args: Arguments
  readonly runbook: Runbook
  readonly gate: Gate
  readonly checkpoint: Checkpoint
  readonly phases: readonly Phase[]
  readonly rollback: Phase | null
}

export interface WorkspaceOptions {
  readonly args: PlaceArguments & Pick<Arguments, 'lang' | 'json' | 'answers'>
  readonly scenario: string
  readonly catalogue: () => Promise<Catalogue>
  readonly readOnly: boolean
  readonly services: boolean
}

/** Opens project and repository. Throws a `Problem` (2) where there is none. */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const {args} = options
  setPasting({flags: flagsOf(args)})
  const catalogue = await options.catalogue()
  const bundle = bundleFolder()
  const sandbox = args.sandbox
    ? await (await catalogue.sandbox())({
        bundle,
        break: args.break,
        advanceMs: args.advanceMs ?? 0,
        readOnly: options.readOnly,
        services: options.services,
        interactive: isInteractive(args),
        scenario: options.scenario,
      })
    : null
  try {
    return await workspaceOf({...options, catalogue, bundle, sandbox})
  } catch (error) {
    await sandbox?.close()
    throw error
  }
}

interface WorkspaceParts extends Omit<WorkspaceOptions, 'catalogue'> {
  readonly catalogue: Catalogue
  readonly bundle: string
  readonly sandbox: Sandbox | null
}

async function workspaceOf({
  args,
  catalogue,
  bundle,
  sandbox,
  readOnly,
}: WorkspaceParts): Promise<Workspace> {
  const root = sandbox?.world.project ?? (await findProject(process.cwd(), args.project))
  const project = await loadProject(root)
  const environment = sandbox?.world.environment ?? process.env
  const repository = await openRepository(root, {
    remote: project.repository.remote,
    ...(project.repository.branch !== undefined && {branch: project.repository.branch}),
    environment,
    lookMaxAgeMs: 30_000,
    remembers: !readOnly,
  })
  const zone = project.timezone ?? machineZone()
  const env = (name: Environment) => envOf(root, project, name)
  const mask = createMask(await secretsOf(root, project, environment))
  setFinalMask(mask)
  const world: World = {
    clock: systemClock,
    repository,
    fetch: globalThis.fetch,
    environment,
    cache: sandbox?.world.cache ?? (await cacheFolder(root, environment)),
    bundle,
    project: root,
    mark: '',
    flags: sameProject(root),
    machine: hostname(),
    operator: (await repository.identity()).name || userInfo().username,
    ...sandbox?.world,
  }
  setPasting(world)
  return {
    world,
    project,
    policy: openPolicy({
      ...{root, bundle, asCommitted: repository.asCommitted, own: project.policy},
      ...(sandbox?.policy && {pending: sandbox.policy}),
    }),
    catalogue,
    mask,
    terminal: createTerminal({
      lang: args.lang,
      json: args.json,
      mask: (text) => mask.mask(text),
      complete: pasting(world),
      local: (text) => withLocalTimes(text, zone, {named: true}),
      now: world.clock.now,
      environment: process.env,
    }),
    standIns: sandbox?.standIns ?? null,
    readOnly,
    env,
    close: async () => sandbox?.close(),
  }
}

/** Opens a scenario: its runbook, the gate that it rests on, its phases. */
export async function openSession(
  definition: ScenarioDefinition,
  args: Arguments,
  options: {readOnly: boolean; services: boolean},
): Promise<Session> {
  const {scenario, catalogue} = definition
  const workspace = await openWorkspace({args, scenario, catalogue, ...options})
  try {
    return await sessionOf(workspace, definition, args)
  } catch (error) {
    await workspace.close()
    throw error
  }
}

/** A scenario in a workspace that is open already. */
export async function sessionOf(
  workspace: Workspace,
  definition: Pick<ScenarioDefinition, 'scenario' | 'phases' | 'rollback'>,
  args: Arguments,
): Promise<Session> {
  const {scenario} = definition
  const [runbook, gate, phases, rollback] = await Promise.all([
    workspace.policy.runbook(scenario),
    gateFor(workspace, scenario, args),
    Promise.all(definition.phases.map((load) => load())),
    definition.rollback?.() ?? null,
  ])
  return {
    ...workspace,
    scenario,
    environment: scenario === 'freeze' ? null : scenario,
    args,
    runbook,
    gate,
    checkpoint: await checkpointOf(workspace, gate),
    phases,
    rollback,
  }
}

// The prerequisite `tag` judges; here a tag that is missing only leaves the ids empty.
async function checkpointOf({world}: Workspace, gate: Gate): Promise<Checkpoint> {
  const {repository} = world
  const commit = await repository.resolveCommit(gate.commit)
  const local = await repository.resolveTag(gate.tag)
  if (local !== null)
    return {tag: gate.tag, tagObject: local.object, commit: commit ?? local.commit}
  try {
    const remote = await repository.remoteTag(gate.tag)
    if (remote !== null) await repository.fetchCommit(`refs/tags/${gate.tag}`)
    return {
      tag: gate.tag,
      tagObject: remote?.object ?? '',
      commit: commit ?? remote?.commit ?? gate.commit,
    }
  } catch (error) {
    if (error instanceof Problem)
      return {tag: gate.tag, tagObject: '', commit: commit ?? gate.commit}
    throw error
  }
}

async function envOf(root: string, project: Project, name: Environment): Promise<EnvFile> {
  const settings = project.environments[name]
  if (settings === undefined) {
    throw problem({
      what: {
        fr: `Le projet ne décrit pas l’environnement ${name}.`,
        en: `The project does not describe the environment ${name}.`,
      },
      next: {
        fr: `l’ajouter à postgate.yaml, sous environments.${name}`,
        en: `add it to postgate.yaml, under environments.${name}`,
      },
      exit: 2,
    })
  }
  return readEnvFile(join(root, settings.envFile), settings.envFile)
}

export function isInteractive(args: {readonly answers?: string; readonly json: boolean}): boolean {
  return (
    process.stdin.isTTY === true &&
    process.stdout.isTTY === true &&
    args.answers === undefined &&
    !args.json &&
    process.env.CI === undefined
  )
}
