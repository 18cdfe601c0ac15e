// Goal: a project on GitHub without a nightly is given one that runs its own checks, and postgate.yaml names
// the jobs as GitHub will report them. Method: projects of each kind; the file is read as YAML, and what
// `nightly-green` looks for is held against the names that GitHub makes of such jobs,
// and GitHub's own parser has nothing to say.

import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parse} from 'yaml'
import {z} from 'zod'
import {isJob} from '../../../../scripts/lib/domain/job-names.ts'
import {parseProject} from '../../../../scripts/lib/policy/project-file.ts'
import {setUp} from '../../../../scripts/lib/tools/init/command.ts'
import {workflowErrors} from '../../../helpers/github-workflow.ts'
import {testRepository} from '../../../helpers/repository.ts'

const nightly = suite('a nightly for a project that has none')
const bundle = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '')
const path = '.github/workflows/nightly.yml'

const workflow = z.object({
  on: z.object({schedule: z.array(z.object({cron: z.string()})).min(1)}),
  jobs: z.record(
    z.string(),
    z.looseObject({
      uses: z.string().optional(),
      steps: z.array(z.looseObject({run: z.string().optional()})).default([]),
    }),
  ),
})

async function made(files: Readonly<Record<string, string>>, remote = 'github.com/comptoir/app') {
  const repository = testRepository(files)
  try {
    repository.git(['remote', 'set-url', 'origin', `https://${remote}.git`])
    let said = ''
    await setUp({
      ...{folder: repository.clone, bundle, lang: 'en', ask: null, dry: false},
      given: {
        ...{builder: 'command', build: 'tools/build.sh', output: 'dist', hosting: 'folder'},
        ...{'staging-target': '/srv/a', 'staging-url': 'https://a.example.org'},
        ...{'production-target': '/srv/b', 'production-url': 'https://b.example.org'},
      },
      environments: ['staging', 'production'],
      say: (text) => {
        said += text
      },
    })
    const read = (name: string) => readFileSync(join(repository.clone, name), 'utf8')
    const file = existsSync(join(repository.clone, path)) ? workflow.parse(parse(read(path))) : null
    if (file !== null) assert.equal(await workflowErrors('nightly.yml', read(path)), [])
    const {ci} = await parseProject(read('postgate.yaml'))
    const required = z.array(z.string()).default([]).parse(ci?.requiredJobs)
    return {file, ci, required, said}
  } finally {
    repository.close()
  }
}

const runs = (job: {steps: readonly {run?: string | undefined}[]} | undefined) =>
  job?.steps.flatMap(({run}) => run ?? []) ?? []

nightly('runs the checks that its package.json has, by its own package manager', async () => {
  const scripts = {lint: 'eslint .', test: 'vitest run', build: 'vite build', dev: 'vite'}
  const {file, ci, required, said} = await made({
    'package.json': JSON.stringify({name: 'app', scripts}),
    'pnpm-lock.yaml': '',
  })
  assert.equal(runs(file?.jobs.tests).slice(1), [
    ...['pnpm run lint', 'pnpm run test', 'pnpm run build'],
  ])
  assert.match(runs(file?.jobs.tests)[0] ?? '', 'pnpm install --frozen-lockfile')
  assert.is(ci?.workflow, 'nightly.yml')
  assert.equal(required, ['tests'])
  assert.match(said, `read ${path}`)
})

nightly('takes npm’s own placeholder for no test', async () => {
  const scripts = {test: 'echo "Error: no test specified" && exit 1', build: 'tsc'}
  const {file} = await made({'package.json': JSON.stringify({name: 'app', scripts})})
  assert.equal(runs(file?.jobs.tests), ['npm install', 'npm run build'])
})

nightly('analyses and tests Flutter in its folder', async () => {
  const {file, required} = await made({
    'mobile/pubspec.yaml': 'name: a\ndependencies:\n  flutter:\n    sdk: flutter\n',
  })
  assert.equal(runs(file?.jobs.mobile), ['flutter pub get', 'flutter analyze', 'flutter test'])
  assert.equal(required, ['mobile'])
})

nightly('builds where there is nothing else to run', async () => {
  const {file, required} = await made({'index.html': ''})
  assert.equal(runs(file?.jobs.build), ['tools/build.sh'])
  assert.equal(required, ['build'])
})

nightly('calls the workflow of checks that can be called, with a matrix inside', async () => {
  const {file, required} = await made({
    '.github/workflows/checks.yml': [
      'on:\n  push: {}\n  workflow_call: {}\njobs:',
      '  unit:\n    runs-on: x\n    strategy: {matrix: {node: [20, 26]}}\n    steps: []',
      '  database:\n    name: Base de données\n    runs-on: x\n    steps: []\n',
    ].join('\n'),
    '.github/workflows/deploy.yml':
      'on: {workflow_call: {}}\njobs: {ship: {runs-on: x, steps: []}}\n',
    'package.json': '{"name": "app", "scripts": {"test": "vitest"}}',
  })
  assert.equal(Object.keys(file?.jobs ?? {}), ['checks'], 'and nothing that deploys')
  assert.is(file?.jobs.checks?.uses, './.github/workflows/checks.yml')
  assert.equal(required, ['checks / unit', 'checks / Base de données'])
  const shown = ['checks / unit (20)', 'checks / unit (26)', 'checks / Base de données']
  for (const name of required)
    assert.ok(
      shown.some((each) => isJob(each, name)),
      name,
    )
  assert.not.ok(shown.some((each) => isJob(each, 'deploy / ship')))
})

nightly('is left alone where one is there, and not made where no GitHub would run it', async () => {
  const own = 'on:\n  schedule: [{cron: "0 2 * * *"}]\njobs:\n  all: {runs-on: x, steps: []}\n'
  const there = await made({'.github/workflows/nuit.yml': own})
  assert.is(there.file, null)
  assert.is(there.ci?.workflow, 'nuit.yml')
  const elsewhere = await made({'index.html': ''}, 'git.example.org/comptoir/app')
  assert.is(elsewhere.file, null)
  assert.is(elsewhere.ci, undefined)
})

nightly.run()
