// Tries one act through one carrier, for real, and says what became of it. The truth is read from
// the repositories by other means than the guard's.

import {chmodSync, existsSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {Problem} from '../../scripts/lib/domain/problem.ts'
import {authorise} from '../../scripts/lib/guard/authorised/authorised.ts'
import {childEnvironment} from '../../scripts/lib/guard/environment.ts'
import {forbiddenActs} from '../../scripts/lib/guard/forbidden/forbidden.ts'
import {createMask} from '../../scripts/lib/guard/mask.ts'
import {ancestry} from '../../scripts/lib/guard/refs/ancestry.ts'
import {compareRefs} from '../../scripts/lib/guard/refs/compare.ts'
import {prepareHooks} from '../../scripts/lib/guard/refs/hooks.ts'
import {snapshotRefs} from '../../scripts/lib/guard/refs/snapshot.ts'
import {createShell} from '../../scripts/lib/guard/shell.ts'
import type {Act} from './acts.ts'
import type {Carrier} from './carriers.ts'
import {runGit, type TestProject, tag, testProject} from './project.ts'

/** `idle`: nothing refused it and nothing happened: the case tries nothing. */
export type Outcome = 'lint' | 'refused' | 'stopped' | 'found' | 'idle' | 'unseen'

export interface Trial {
  readonly act: Act
  readonly carrier: Carrier
}

const step = './scripts/step.sh'

export async function tryCase({act, carrier}: Trial): Promise<Outcome> {
  const text = carrier.text(act)
  if (carrier.way === 'lint') {
    const acts = await forbiddenActs(text, {placeholders: true})
    return acts.length > 0 ? 'lint' : 'unseen'
  }
  const project = spare ?? testProject()
  spare = undefined
  const outcome = await tryIn(project, text, carrier.way)
  if (outcome === 'refused' && !spare) spare = project
  else project.close()
  return outcome
}

// A project that a refused trial left as it was serves the next one.
let spare: TestProject | undefined

export function closeSpare(): void {
  spare?.close()
  spare = undefined
}

async function tryIn(
  project: TestProject,
  text: string,
  way: 'listed' | 'unlisted' | 'script',
): Promise<Outcome> {
  const line = way === 'script' ? step : text
  const fence = {path: 'runbook.md', line: 1, text: way === 'unlisted' ? step : line}
  const shell = (env: Readonly<Record<string, string>>) =>
    createShell({
      cwd: project.clone,
      env,
      mask: createMask([]),
      authorise: (command) => authorise(command, [fence]),
      timeoutMs: 300_000,
    })
  const template = Object.assign([line], {raw: [line]})
  const truth = damage(project)
  const bare = (await shell({}))(template)
  if (!(await bare.authorisation()).ok) {
    const refused = await bare.run().then(
      () => false,
      (error: unknown) => error instanceof Problem,
    )
    return refused && damage(project) === truth ? 'refused' : 'unseen'
  }
  if (way === 'script') writeStep(project, text)
  const hooks = await prepareHooks({
    repository: project.clone,
    folder: join(project.root, 'hooks'),
    main: 'main',
    validatedTags: [tag],
  })
  const env = childEnvironment({
    base: process.env,
    mode: 'EXECUTIVE',
    extra: {...hooks.environment, GIT_CONFIG_GLOBAL: '/dev/null'},
  })
  const before = await snapshotRefs({repository: project.clone, remote: 'origin'})
  const {exitCode} = await (await shell(env))(template).run()
  const after = await snapshotRefs({repository: project.clone, remote: 'origin', before})
  const isAncestor = ancestry({
    repository: project.clone,
    remote: before.remote,
    main: 'main',
  })
  const validatedTags = [tag]
  const compared = await compareRefs(before, after, {main: 'main', validatedTags, isAncestor})
  if (damage(project) !== truth) return compared.violations.length > 0 ? 'found' : 'unseen'
  if (exitCode !== 0) return 'stopped'
  return compared.violations.length > 0 || !hooks.intact() ? 'found' : 'idle'
}

function writeStep(project: TestProject, text: string): void {
  mkdirSync(join(project.clone, 'scripts'), {recursive: true})
  const path = join(project.clone, step)
  writeFileSync(path, `#!/bin/bash\nset -e\n${text}\n`)
  chmodSync(path, 0o755)
}

/** What main and the tag are, here and on the remote, and what history seems to be. */
function damage(project: TestProject): string {
  const names = ['refs/heads/main', `refs/tags/${tag}`]
  const refs = [project.clone, project.remote].map((folder) =>
    existsSync(folder) ? runGit(folder, 'for-each-ref', ...names) : 'gone',
  )
  return [...refs, runGit(project.clone, 'for-each-ref', 'refs/replace')].join('\n')
}

/** Whether the act does damage where nothing guards: a case that could not is no case. */
export async function isReal(act: Act): Promise<boolean> {
  const project = testProject()
  try {
    const truth = damage(project)
    const $ = await createShell({
      cwd: project.clone,
      env: childEnvironment({base: process.env, mode: 'EXECUTIVE'}),
      mask: createMask([]),
      authorise: async () => ({ok: true, matched: []}),
      forbidden: async () => [],
    })
    await $(Object.assign([act.text], {raw: [act.text]})).run()
    return damage(project) !== truth
  } finally {
    project.close()
  }
}
