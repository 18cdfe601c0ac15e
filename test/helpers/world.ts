// A world for adapters and checks alone: no repository, no run. What a test does not hand in throws
// when it is asked for.

import type {Project} from '../../scripts/lib/domain/project.ts'
import {projectSchema} from '../../scripts/lib/domain/project.ts'
import {authorise} from '../../scripts/lib/guard/authorised/authorised.ts'
import type {Effect} from '../../scripts/lib/guard/effect.ts'
import {createMask} from '../../scripts/lib/guard/mask.ts'
import {createShell} from '../../scripts/lib/guard/shell.ts'
import type {AdapterTools} from '../../scripts/lib/kit/adapter-tools.ts'
import type {EnvFile} from '../../scripts/lib/policy/env-file.ts'
import type {World} from '../../scripts/lib/store/world.ts'

/** A world whose project and cache are these folders. */
export function testWorld(given: {
  project: string
  cache: string
  environment?: Readonly<Record<string, string>>
  now?: Date
}): World {
  return {
    clock: {now: () => given.now ?? new Date('2026-01-23T14:00:00Z'), wait: async () => {}},
    repository: JSON.parse('{}'),
    fetch: globalThis.fetch,
    environment: {PATH: process.env.PATH, ...given.environment},
    cache: given.cache,
    bundle: given.project,
    project: given.project,
    mark: '',
    flags: '',
    machine: 'test',
    operator: 'Test',
  }
}

export const testProject = (given: Record<string, unknown> = {}): Project =>
  projectSchema.parse({
    name: 'essai',
    builder: {adapter: 'flutter'},
    environments: {
      staging: {envFile: 'env/.env.staging', url: 'http://127.0.0.1', hosting: {adapter: 'folder'}},
    },
    ...given,
  })

/** Tools of an EXECUTIVE phase whose runbook lists `fence`. */
export async function testTools(given: {
  world: World
  project?: Project
  fence?: string
  env?: EnvFile | null
  otherEnv?: EnvFile | null
  mode?: AdapterTools['mode']
}): Promise<AdapterTools> {
  const {world} = given
  return {
    world,
    project: given.project ?? testProject(),
    environment: 'staging',
    mode: given.mode ?? 'EXECUTIVE',
    env: given.env ?? null,
    otherEnv: given.otherEnv ?? null,
    $: await createShell({
      cwd: world.project,
      env: {PATH: world.environment.PATH ?? '', HOME: world.environment.HOME ?? ''},
      mask: createMask([]),
      authorise: (text) =>
        authorise(text, [{path: 'runbook.md', line: 1, text: given.fence ?? ''}]),
    }),
    signal: new AbortController().signal,
  }
}

/** Makes the effects happen, one after another; throws at the first command that fails. */
export async function perform(effects: Effect | readonly Effect[]): Promise<void> {
  for (const one of [effects].flat()) {
    if (one.kind === 'code') {
      await one.run()
      continue
    }
    const result = await one.run()
    if (result.exitCode !== 0) {
      throw new Error(`${one.text}: exit ${result.exitCode}\n${result.stdout}${result.stderr}`)
    }
  }
}
