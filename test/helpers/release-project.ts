// A small project with a tag, for the commands around the gate: real git, a CI on loopback, env files.

import type {ServerResponse} from 'node:http'
import {stringify} from 'yaml'
import {type TestRepository, testRepository} from './repository.ts'
import {type LoopbackServer, loopbackServer} from './server.ts'

export interface ReleaseProject extends Omit<TestRepository, 'close'> {
  readonly tag: string
  /** Commit of the tag. */
  readonly code: string
  /** What the nightly's runs concluded, newest first; one a day, all on `code` but where told. */
  readonly nightly: (runs: readonly NightlyTold[]) => void
  readonly close: () => Promise<void>
}

export interface NightlyTold {
  readonly conclusion: string
  readonly sha?: string
}

export interface ProjectGiven {
  readonly validation?: readonly {title: string; run: string; flaky?: boolean}[]
}

export async function releaseProject({
  validation = [],
}: ProjectGiven = {}): Promise<ReleaseProject> {
  const test = testRepository({'lib/app.js': 'one\n', '.gitignore': 'env/\n'})
  const code = test.commit({'lib/app.js': 'two\n'}, 'Code')
  const tag = 'prod-ready-1'
  let told: readonly NightlyTold[] = []
  const server: LoopbackServer = await loopbackServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://loopback')
    if (/\/runs$/.test(url.pathname)) return json(response, {workflow_runs: told.map(runOf(code))})
    return json(response, {jobs: []})
  })
  const yaml = stringify({
    name: 'essai',
    builder: {adapter: 'flutter'},
    ci: {adapter: 'github', repository: 'o/r', workflow: 'nightly.yml', api: server.url},
    environments: {
      staging: {
        envFile: 'env/.env.staging',
        url: 'http://127.0.0.1:9',
        hosting: {adapter: 'folder', root: '../hosting'},
      },
    },
    validation,
  })
  test.git(['tag', '--annotate', '--message', 'ready', tag, code])
  test.commit({'postgate.yaml': yaml}, 'Postgate')
  test.push()
  test.git(['push', '--quiet', 'origin', tag])
  test.write({'env/.env.staging': 'STAGING_DB_URL=postgresql://x\nSTAGING_PROJECT_REF=abc\n'})
  return {
    ...test,
    ...{tag, code},
    nightly: (runs) => {
      told = runs
    },
    close: async () => {
      await server.close()
      test.close()
    },
  }
}

const json = (response: ServerResponse, value: unknown) => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(value))
}

const runOf =
  (code: string) =>
  ({conclusion, sha = code}: NightlyTold, index: number) => {
    const at = new Date(Date.now() - (index * 24 + 1) * 3_600_000).toISOString()
    return {
      ...{id: 900 - index, status: 'completed', conclusion, created_at: at, updated_at: at},
      ...{run_attempt: 1, head_sha: sha, head_branch: 'main', event: 'schedule'},
      html_url: `https://forge.example/o/r/actions/runs/${900 - index}`,
    }
  }
