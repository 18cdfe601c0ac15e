// A context for checks and steps alone: facts are kept in a map, as the runner would journal them.
// What a test does not hand in throws when it is asked for.

import {type FactName, factSchemas} from '../../scripts/lib/domain/facts.ts'
import type {Project} from '../../scripts/lib/domain/project.ts'
import type {Judgement} from '../../scripts/lib/domain/verdict.ts'
import type {Adapters, Context} from '../../scripts/lib/kit/context.ts'
import {type EnvFile, readEnvFile} from '../../scripts/lib/policy/env-file.ts'
import type {RunRecords} from '../../scripts/lib/store/records/records.ts'
import type {World} from '../../scripts/lib/store/world.ts'

export interface TestContext {
  readonly context: Context
  /** Keeps the facts of a judgement, and answers it. */
  readonly keep: (judgement: Judgement) => Judgement
}

export function testContext(given: {
  world: World
  project: Project
  environment?: 'staging' | 'production'
  envFiles?: Readonly<Partial<Record<'staging' | 'production', string>>>
  adapters?: Partial<Adapters>
  commit?: string
  tag?: string
  records?: RunRecords
  worktree?: string
  $?: Context['$']
}): TestContext {
  const known = new Map<string, unknown>()
  const environment = given.environment ?? 'staging'
  const absent = (what: string) => () => {
    throw new Error(`${what} was not handed in`)
  }
  const settings = () => {
    const found = given.project.environments[environment]
    if (found === undefined) throw new Error('no settings')
    return found
  }
  const env = (name: 'staging' | 'production'): Promise<EnvFile> =>
    readEnvFile(given.envFiles?.[name] ?? '/nowhere/.env', `env/.env.${name}`)
  const whole = {
    world: given.world,
    scenario: environment,
    environment,
    project: given.project,
    settings,
    checkpoint: {
      tag: given.tag ?? 'prod-ready-2026-01-23',
      tagObject: given.commit ?? '',
      commit: given.commit ?? '',
    },
    env,
    run: () => ({run: 'run-1'}),
    records: async () => given.records ?? {runs: [], complete: true},
    adapters: {
      hosting: absent('hosting'),
      builder: absent('builder'),
      database: absent('database'),
      ci: absent('ci'),
      metrics: absent('metrics'),
      notifiers: absent('notifiers'),
      ...given.adapters,
    },
    worktree: () => given.worktree ?? given.world.project,
    ...(given.$ !== undefined && {$: given.$}),
    attempt: 1,
    dryRun: false,
    fact: (name: FactName) => {
      const parsed = factSchemas[name].safeParse(known.get(name))
      return parsed.success ? parsed.data : undefined
    },
    progress: () => {},
    signal: new AbortController().signal,
  }
  // Object.assign onto a parsed `{}`: the rest of a context is of no use to these steps.
  const context: Context = Object.assign(JSON.parse('{}'), whole)
  return {
    context,
    keep: (judgement) => {
      for (const [name, value] of Object.entries(judgement.facts ?? {})) known.set(name, value)
      return judgement
    },
  }
}
