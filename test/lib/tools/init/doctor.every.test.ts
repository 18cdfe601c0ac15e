// Goal: the doctor names what is missing with its mend, shows no value, and changes nothing.
// Method: a project in a temporary folder whose tools, env files and host are not there, or are.

import {execFile} from 'node:child_process'
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {jsonOutputs} from '../../../../scripts/lib/domain/json-outputs.ts'
import {gitEnvironment, type TestRepository, testRepository} from '../../../helpers/repository.ts'
import {loopbackServer} from '../../../helpers/server.ts'

const doctor = suite('init --check')
const script = fileURLToPath(new URL('../../../../scripts/init.ts', import.meta.url))

const yaml = (url: string) => `name: essai
builder: {adapter: command, run: node build.js, output: dist}
environments:
  staging:
    envFile: env/.env.staging
    url: ${url}
    hosting: {adapter: folder, root: ../served}
    defines: {API_KEY: STAGING_KEY}
    smoke: {browser: 'off'}
    metrics: {adapter: command, run: [echo, '{"requests": 120, "errors": 1}']}
    signals:
      errorLogs: {adapter: command, run: [echo, nothing]}
      userAlerts: {adapter: command, run: [echo, '{"count": 0}']}
`

function check({clone, folder}: TestRepository): Promise<{code: number; out: string}> {
  const env = {...gitEnvironment, XDG_CACHE_HOME: join(folder, 'cache'), CI: 'true'}
  const words = ['--check', '--json', '--lang', 'en', '--project', clone]
  const args = ['--import=typescript-when-needed', script, ...words]
  return new Promise((resolve) => {
    execFile(process.execPath, args, {env}, (error, out, err) =>
      resolve({code: typeof error?.code === 'number' ? error.code : 0, out: `${out}\u0000${err}`}),
    )
  })
}

const lineOf = (out: string, title: string) =>
  jsonOutputs.doctor.schema
    .parse(JSON.parse(out.split('\u0000')[0] ?? ''))
    .lines.find((line) => JSON.stringify(line.title).includes(title))

doctor('names what is missing with its mend, and is ready once it is there', async () => {
  const server = await loopbackServer((_, response) => void response.end('ok'))
  const repository = testRepository({'postgate.yaml': yaml(server.url), '.gitignore': 'env/\n'})
  try {
    const before = repository.git(['for-each-ref'], repository.remote)
    repository.write({'env/.env.staging': 'STAGING_KEY=\nOTHER=streng-geheim\n'})
    const first = await check(repository)
    assert.is(first.code, 3, first.out)
    assert.match(JSON.stringify(lineOf(first.out, 'env/.env.staging')), 'STAGING_KEY')
    assert.is(lineOf(first.out, 'Right to push')?.verdict, 'pass')
    assert.is(lineOf(first.out, 'host folder')?.verdict, 'fail')
    assert.match(JSON.stringify(lineOf(first.out, 's build')), 'build.js is not in the checkpoint')
    assert.is(lineOf(first.out, 'notify')?.advice, true)
    assert.not.match(first.out, 'streng-geheim')

    mkdirSync(join(repository.folder, 'served'))
    repository.commit({'build.js': ''}, 'Build')
    repository.write({'env/.env.staging': 'STAGING_KEY=streng-geheim\n'})
    const second = await check(repository)
    assert.is(second.code, 0, second.out)
    assert.match(JSON.stringify(lineOf(second.out, 'figures')), '1 errors of 120 requests')
    assert.is(lineOf(second.out, 'user alerts')?.verdict, 'pass')
    // Advice: where a source is silent a person answers.
    assert.is(lineOf(second.out, 'error logs')?.verdict, 'unknown')
    assert.not.match(second.out, 'streng-geheim')
    assert.is(repository.git(['status', '--porcelain']), '')
    assert.is(repository.git(['for-each-ref'], repository.remote), before)
  } finally {
    await server.close()
    repository.close()
  }
})

doctor('finds that STAGING leads to PRODUCTION: a link here, a redirect there', async () => {
  const server = await loopbackServer((request, response) => {
    if (request.url === '/') response.writeHead(302, {location: '/prod'})
    response.end()
  })
  const production = `  production:
    envFile: env/.env.prod
    url: ${server.url}/prod
    hosting: {adapter: folder, root: ../served}
`
  const repository = testRepository({
    ...{'postgate.yaml': yaml(server.url) + production, '.gitignore': 'env/\n'},
  })
  try {
    repository.write({'env/.env.staging': 'STAGING_KEY=geheim\n', 'env/.env.prod': 'KEY=geheim\n'})
    const {code, out} = await check(repository)
    assert.is(code, 3)
    const settings = lineOf(out, 'settings, links and keys')
    assert.is(settings?.verdict, 'fail')
    assert.match(JSON.stringify(settings), 'the same hosting (folder)')
    assert.is(lineOf(out, 'redirects followed')?.verdict, 'fail')
    assert.not.match(out, 'geheim')
  } finally {
    await server.close()
    repository.close()
  }
})

doctor(
  'names the required jobs and steps that the last nightly does not show, and what it does',
  async () => {
    const at = new Date(Date.now() - 3_600_000).toISOString()
    const run = {
      ...{id: 7, status: 'completed', conclusion: 'success', created_at: at, updated_at: at},
      ...{run_attempt: 1, head_sha: 'a'.repeat(40), head_branch: 'main', event: 'schedule'},
      html_url: 'https://ci.example/7',
    }
    const jobs = [
      {
        name: 'ci / unit (20)',
        conclusion: 'success',
        steps: [{name: 'Run npm test', conclusion: 'success'}],
      },
    ]
    const server = await loopbackServer((request, response) => {
      response.setHeader('content-type', 'application/json')
      const isJobs = request.url?.includes('/jobs') === true
      response.end(JSON.stringify(isJobs ? {jobs} : {workflow_runs: [run]}))
    })
    const nightly = async (required: string) => {
      const ci = `ci: {adapter: github, repository: o/r, workflow: n.yml, api: '${server.url}', requiredJobs: ${required}}\n`
      const repository = testRepository({
        ...{'postgate.yaml': yaml(server.url) + ci, '.gitignore': 'env/\n'},
      })
      try {
        return lineOf((await check(repository)).out, 'nightly')
      } finally {
        repository.close()
      }
    }
    try {
      const wrong = await nightly('[unit, lint, {job: ci, steps: [npm test, Base]}]')
      assert.is(wrong?.verdict, 'fail')
      assert.match(JSON.stringify(wrong), 'not in the last run: lint, ci › Base')
      assert.match(JSON.stringify(wrong), 'GitHub shows: ci / unit (20)')
      assert.is((await nightly('[ci / unit, {job: unit, steps: [npm test]}]'))?.verdict, 'pass')
    } finally {
      await server.close()
    }
  },
)

doctor('says that the remote is away, and goes on', async () => {
  const repository = testRepository({
    'postgate.yaml': yaml('http://127.0.0.1:9'),
    '.gitignore': 'env/\n',
  })
  try {
    repository.away()
    const {code, out} = await check(repository)
    assert.is(code, 3)
    assert.is(lineOf(out, 'Remote')?.verdict, 'unknown')
    assert.is(lineOf(out, '127.0.0.1:9')?.verdict, 'unknown')
  } finally {
    repository.close()
  }
})

doctor('tells the gate that every run would refuse, as gate.ts does', async () => {
  const gate = '# Gate\n\n**Tag** : `t1`\n**Commit** : `0c5c2b7`\n\n## 4. Liste\n\n- [x] tout\n'
  const torn = gate.replace('- [x]', '<<<<<<< HEAD\n- [x]')
  for (const [files, said] of [
    [{'docs/RELEASE_GATE_2026_01.md': torn}, /RELEASE_GATE_2026_01\.md:8:1: .*merge conflict/],
    [
      {'docs/RELEASE_GATE_2026_01.md': gate, 'old/RELEASE_GATE_2026_01.md': gate},
      /Several Release Gates for 2026_01/,
    ],
  ] as const) {
    const repository = testRepository({
      'postgate.yaml': yaml('http://127.0.0.1:9'),
      '.gitignore': 'env/\n',
      ...files,
    })
    try {
      const line = lineOf((await check(repository)).out, 'Release Gate')
      assert.equal([line?.verdict, line?.advice], ['fail', false])
      assert.match(JSON.stringify(line?.observed), said)
    } finally {
      repository.close()
    }
  }
})

doctor.run()
