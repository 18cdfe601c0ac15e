// GitHub's API as far as a nightly and a backlog need it: one green scheduled run a day at 02:07 UTC,
// up to the sandbox's present, each of the code that main held then.

import type {IncomingMessage, ServerResponse} from 'node:http'
import {answer} from './http.ts'

export interface ForgeOptions {
  readonly repository: string
  readonly now: () => Date
  /** Code commits on main, oldest first. */
  readonly history: readonly {readonly commit: string; readonly at: string}[]
  readonly birth: string
  /** The newest run is red. */
  readonly red: boolean
}

interface Run {
  readonly id: number
  readonly at: Date
  readonly sha: string
  readonly conclusion: 'success' | 'failure'
}

const dayMs = 86_400_000
const jobs = ['analyse', 'tests', 'base-de-donnees']

/** Answers `path` (after `/github`). */
export function forge(options: ForgeOptions) {
  const base = `/repos/${options.repository}`
  return async (request: IncomingMessage, response: ServerResponse, path: string, url: URL) => {
    if (request.method !== 'GET' || !path.startsWith(`${base}/`)) return notFound(response)
    const rest = path.slice(base.length)
    const runs = runsOf(options)
    if (/^\/actions(\/workflows\/(nightly\.yml|4201))?\/runs$/.test(rest)) {
      const {total, list} = select(runs, url)
      const shown = list.map((run) => show(options, run))
      return answer(response, 200, {total_count: total, workflow_runs: shown})
    }
    const one = /^\/actions\/runs\/(\d+)(?:\/attempts\/1)?(\/jobs)?$/.exec(rest)
    const run = runs.find(({id}) => String(id) === one?.[1])
    if (run !== undefined) {
      return answer(response, 200, one?.[2] === undefined ? show(options, run) : jobsOf(run))
    }
    if (rest === '/actions/workflows') return answer(response, 200, workflows)
    if (rest === '/actions/workflows/nightly.yml')
      return answer(response, 200, workflows.workflows[0])
    if (rest === '/issues') return answer(response, 200, issuesOf(options, url))
    return notFound(response)
  }
}

const notFound = (response: ServerResponse) =>
  answer(response, 404, {message: 'Not Found', documentation_url: 'https://docs.github.com/rest'})

/** Newest first: fourteen days before the sandbox's birth until now. */
function runsOf({now, history, birth, red}: ForgeOptions): Run[] {
  const last = Math.floor((now().getTime() - at(0)) / dayMs)
  const first = Math.floor(new Date(birth).getTime() / dayMs) - 14
  const runs: Run[] = []
  for (let day = last; day >= first; day--) {
    const moment = new Date(at(day))
    const tested = history.findLast((entry) => new Date(entry.at) <= moment)
    if (tested === undefined) break
    const conclusion = red && day === last ? 'failure' : 'success'
    runs.push({id: 7_000_000_000 + day, at: moment, sha: tested.commit, conclusion})
  }
  return runs
}

const at = (day: number) => day * dayMs + (2 * 60 + 7) * 60_000

function select(runs: readonly Run[], url: URL) {
  const wanted = (key: string, value: string) => [null, value].includes(url.searchParams.get(key))
  const created = url.searchParams.get('created') ?? ''
  const [from = '', to = ''] = created.replace(/^>=?/, '').split('..')
  const size = Math.min(Number(url.searchParams.get('per_page') ?? 30), 100)
  const page = Number(url.searchParams.get('page') ?? 1)
  const matching = runs.filter(
    (run) =>
      wanted('branch', 'main') &&
      wanted('event', 'schedule') &&
      [null, 'completed', run.conclusion].includes(url.searchParams.get('status')) &&
      (from === '' || run.at >= new Date(from)) &&
      (to === '' || to === '*' || run.at <= new Date(to)),
  )
  return {total: matching.length, list: matching.slice((page - 1) * size, page * size)}
}

const iso = (date: Date) => date.toISOString().replace('.000Z', 'Z')

function show({repository}: ForgeOptions, run: Run) {
  const ended = new Date(run.at.getTime() + 11 * 60_000)
  return {
    id: run.id,
    name: 'nightly',
    path: '.github/workflows/nightly.yml',
    workflow_id: 4201,
    run_number: run.id - 7_000_000_000,
    run_attempt: 1,
    event: 'schedule',
    status: 'completed',
    conclusion: run.conclusion,
    head_branch: 'main',
    head_sha: run.sha,
    display_title: 'nightly (SANDBOX)',
    created_at: iso(run.at),
    run_started_at: iso(run.at),
    updated_at: iso(ended),
    html_url: `https://forge.sandbox.example/${repository}/actions/runs/${run.id}`,
  }
}

function jobsOf(run: Run) {
  const list = jobs.map((name, index) => ({
    id: run.id * 10 + index,
    run_id: run.id,
    name,
    status: 'completed',
    conclusion: name === 'tests' ? run.conclusion : 'success',
    head_sha: run.sha,
  }))
  return {total_count: list.length, jobs: list}
}

const workflows = {
  total_count: 1,
  workflows: [{id: 4201, name: 'nightly', path: '.github/workflows/nightly.yml', state: 'active'}],
}

function issuesOf({repository}: ForgeOptions, url: URL) {
  const labels = (url.searchParams.get('labels') ?? '').split(',').filter((label) => label !== '')
  const issues = [
    {number: 41, title: 'Imprimer les étiquettes de palette', labels: ['post-release', 'feature']},
    {
      number: 38,
      title: 'Le filtre des commandes oublie le statut choisi',
      labels: ['post-release', 'bug'],
    },
  ]
  return issues
    .filter((issue) => labels.every((label) => issue.labels.includes(label)))
    .map((issue) => ({
      ...issue,
      state: 'open',
      labels: issue.labels.map((name) => ({name})),
      html_url: `https://forge.sandbox.example/${repository}/issues/${issue.number}`,
    }))
}
