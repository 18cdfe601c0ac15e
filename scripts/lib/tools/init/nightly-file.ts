// A nightly for a project on GitHub that has none: a scheduled workflow that runs the project's own checks.
// Its jobs' names, as GitHub will show them, go to `requiredJobs`, so that `nightly-green` can read it from
// the first night on.

import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Findings} from './findings.ts'
import type {InitAnswers} from './questions.ts'
import {type Workflow, workflowsIn} from './workflows.ts'

export interface NightlyFile {
  /** Below `.github/workflows/`. */
  readonly file: string
  readonly path: string
  readonly text: string
  /** By the names that GitHub shows. */
  readonly jobs: readonly string[]
}

const folder = '.github/workflows'
const file = 'nightly.yml'

type Job = Readonly<Record<string, unknown>>

/** null where there is a nightly, no GitHub, or nothing that could be run. */
export async function nightlyFile(
  {root, github, nightlies, flutter, build: node}: Findings,
  answers: InitAnswers,
): Promise<NightlyFile | null> {
  if (github === null || nightlies.length > 0) return null
  const names = await readdir(join(root, folder)).catch((): string[] => [])
  if (names.includes(file)) return null
  const text = (path: string) => readFile(join(root, path), 'utf8').catch(() => null)
  const paths = names.map((name) => `${folder}/${name}`)
  const callable = (await workflowsIn({root, paths, text})).filter(isCheck)
  const jobs =
    callable.length > 0
      ? calling(callable)
      : {
          ...Object.fromEntries(
            flutter.map((at): [string, Job] => [at === '' ? 'flutter' : slug(at), flutterJob(at)]),
          ),
          ...(await nodeJob(root, node?.folder ?? '', text)),
        }
  const build = answers.builder === 'command' ? answers.build : undefined
  const all =
    Object.keys(jobs).length === 0 && build !== undefined ? {build: job([{run: build}])} : jobs
  if (Object.keys(all).length === 0) return null
  const {stringify} = await import('yaml')
  const source = `${head}${stringify(
    {
      name: 'Nightly',
      on: {schedule: [{cron: '17 2 * * *'}], workflow_dispatch: null},
      permissions: {contents: 'read'},
      jobs: all,
    },
    {lineWidth: 0, nullStr: ''},
  )}`
  const path = `${folder}/${file}`
  const read = await workflowsIn({
    ...{root, paths: [...paths, path]},
    text: async (each) => (each === path ? source : text(each)),
  })
  const shown = read.find((each) => each.file === file)?.jobs ?? []
  return {file, path, text: source, jobs: shown}
}

const head = `# The project's checks, every night on the main branch. Postgate reads its runs (nightly-green): a job that
# must have run is named under ci.requiredJobs of postgate.yaml as GitHub shows it, "tests" for a whole matrix
# and "caller / job" for a job of a workflow that is called.
`

/** A workflow that can be called, and deploys nothing. */
const isCheck = ({file: name, source}: Workflow): boolean =>
  /\bworkflow_call\b/.test(source) && !/deploy|release|publish|pages/i.test(name)

const calling = (workflows: readonly Workflow[]): Readonly<Record<string, Job>> =>
  Object.fromEntries(
    workflows.map(({file: name}) => [
      slug(name.replace(/\.ya?ml$/, '')),
      {uses: `./${folder}/${name}`, secrets: 'inherit'},
    ]),
  )

const slug = (name: string) => name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^(?=[^A-Za-z_])/, '_')

const job = (steps: readonly unknown[], more: Job = {}): Job => ({
  'runs-on': 'ubuntu-latest',
  'timeout-minutes': 60,
  ...more,
  steps: [{uses: 'actions/checkout@v4'}, ...steps],
})

const flutterJob = (at: string): Job =>
  job(
    [
      {uses: 'subosito/flutter-action@v2', with: {channel: 'stable'}},
      {run: 'flutter pub get'},
      {run: 'flutter analyze'},
      {run: 'flutter test'},
    ],
    within(at),
  )

const within = (folder: string): Job =>
  folder === '' ? {} : {defaults: {run: {'working-directory': folder}}}

// What a package.json calls its checks, in the order in which they are cheap.
const checks = ['lint', 'typecheck', 'check', 'test', 'build'] as const

async function nodeJob(
  root: string,
  folder: string,
  text: (path: string) => Promise<string | null>,
): Promise<Readonly<Record<string, Job>>> {
  const scripts = scriptsOf(await text(join(folder, 'package.json')))
  const known = checks.filter((name) => {
    const line = scripts[name]
    return line !== undefined && !/no test specified/.test(line)
  })
  if (known.length === 0) return {}
  const names = await readdir(join(root, folder))
  const [program, install] = names.includes('pnpm-lock.yaml')
    ? ['pnpm', 'corepack enable && pnpm install --frozen-lockfile']
    : names.includes('yarn.lock')
      ? ['yarn', 'corepack enable && yarn install --immutable']
      : ['npm', names.includes('package-lock.json') ? 'npm ci' : 'npm install']
  return {
    tests: job(
      [
        {uses: 'actions/setup-node@v4', with: {'node-version': 'lts/*'}},
        {run: install},
        ...known.map((name) => ({run: `${program} run ${name}`})),
      ],
      within(folder),
    ),
  }
}

function scriptsOf(source: string | null): Readonly<Record<string, string>> {
  try {
    const read: unknown = JSON.parse(source ?? '{}')
    const scripts: unknown =
      typeof read === 'object' && read !== null ? Reflect.get(read, 'scripts') : null
    return typeof scripts === 'object' && scripts !== null
      ? Object.fromEntries(
          Object.entries(scripts).filter(
            (entry): entry is [string, string] => typeof entry[1] === 'string',
          ),
        )
      : {}
  } catch {
    return {}
  }
}
