// GitHub Actions as the nightly's source. Scheduled runs only, each as its first attempt ended: a re-run
// overwrites the conclusion, and a nightly that was green at the second try was red.

import {z} from 'zod'
import {problem} from '../../domain/problem.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Ci, NightlyRun} from '../../kit/ports/ci.ts'
import {settingsOf} from '../settings.ts'
import {type GithubApi, githubApi} from './github-api.ts'
import {mergeRequest} from './merge-request.ts'
import {scheduledWorkflow} from './workflow.ts'

const schema = z.strictObject({
  adapter: z.literal('github'),
  /** `owner/name`. */
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
  /** File name of the nightly's workflow; found by its `schedule:` where it is not named. */
  workflow: z.string().min(1).optional(),
  api: z.url().optional(),
  /** Jobs that must have run and succeeded: missing secrets can skip them and leave the nightly green. */
  requiredJobs: z.array(z.string()).default([]),
})

const runSchema = z.object({
  id: z.number(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  run_attempt: z.number().default(1),
  head_sha: z.string(),
  head_branch: z.string().nullish(),
  event: z.string(),
  html_url: z.string(),
})
type Run = z.output<typeof runSchema>

const runsSchema = z.object({workflow_runs: z.array(runSchema)})
const attemptSchema = z.object({conclusion: z.string().nullable(), updated_at: z.string()})
const jobsSchema = z.object({
  jobs: z.array(z.object({name: z.string(), conclusion: z.string().nullable()})),
})
const issuesSchema = z.array(
  z.object({
    title: z.string(),
    number: z.number(),
    html_url: z.string(),
    pull_request: z.unknown().optional(),
    labels: z.array(z.union([z.string(), z.object({name: z.string().nullish()})])),
  }),
)

/** `ci: {adapter: github, repository: owner/name}` in postgate.yaml; the token comes from the environment. */
export function github(tools: AdapterTools): Ci {
  const {world, project} = tools
  const settings = settingsOf('ci', schema, project.ci)
  const {repository, requiredJobs} = settings
  const baseUrl = settings.api ?? world.environment.GITHUB_API_URL
  const api = githubApi({
    fetch: world.fetch,
    token: world.environment.GITHUB_TOKEN ?? world.environment.GH_TOKEN,
    ...(baseUrl !== undefined && {baseUrl}),
    signal: tools.signal,
  })
  const web = project.repository.url ?? `https://github.com/${repository}`
  return {
    product: 'github',
    requiredJobs,
    link: `${web}/actions`,
    async nightlyRuns({since, branch}) {
      const workflow = settings.workflow ?? (await scheduledWorkflow(world.repository))
      const runs = await runsOf(api, {repository, workflow, since, branch})
      return Promise.all(
        runs.map((run) => nightlyRun(api, repository, run, requiredJobs.length > 0)),
      )
    },
    async issues(labels) {
      // Asked without a token the answer would be empty for a private repository, and look complete.
      if (!api.hasToken && settings.api === undefined) return null
      const found = new Map<
        number,
        {title: string; number: number; link: string; labels: string[]}
      >()
      for (const label of labels) {
        for (const issue of await issuesOf(api, repository, label)) found.set(issue.number, issue)
      }
      return [...found.values()].sort((a, b) => a.number - b.number)
    },
    mergeRequest: (input) => mergeRequest(api, repository, input),
  }
}

interface Wanted {
  readonly repository: string
  readonly workflow: string
  readonly since: Date
  readonly branch: string
}

const pagesMost = 10

async function runsOf(
  api: GithubApi,
  {repository, workflow, since, branch}: Wanted,
): Promise<Run[]> {
  const found: Run[] = []
  for (let page = 1; page <= pagesMost; page += 1) {
    const path = `/repos/${repository}/actions/workflows/${encodeURIComponent(workflow.replace(/^.*\//, ''))}/runs`
    const {workflow_runs: runs} = await api.get(path, runsSchema, {
      branch,
      event: 'schedule',
      created: `>=${since.toISOString().replace(/\.\d+Z$/, 'Z')}`,
      per_page: 100,
      page,
    })
    found.push(...runs)
    if (runs.length < 100) {
      // Asked for by the filter, and not taken on trust.
      return found
        .filter(
          (run) =>
            run.event === 'schedule' &&
            (run.head_branch ?? branch) === branch &&
            Date.parse(run.created_at) >= +since,
        )
        .sort((a, b) => b.created_at.localeCompare(a.created_at))
    }
  }
  // The filtered search stops at 1,000: what lies beyond is unknown, so nothing can be said.
  throw problem({
    what: {
      fr: `${workflow} : trop d’exécutions pour les lire toutes.`,
      en: `${workflow}: too many runs to read them all.`,
    },
    exit: 3,
  })
}

async function nightlyRun(
  api: GithubApi,
  repository: string,
  run: Run,
  withJobs: boolean,
): Promise<NightlyRun> {
  const path = `/repos/${repository}/actions/runs/${run.id}`
  const first =
    run.run_attempt > 1
      ? await api.get(`${path}/attempts/1`, attemptSchema)
      : {conclusion: run.status === 'completed' ? run.conclusion : null, updated_at: run.updated_at}
  const jobsPath = run.run_attempt > 1 ? `${path}/attempts/1/jobs` : `${path}/jobs`
  const jobs =
    withJobs && first.conclusion !== null
      ? (await api.get(jobsPath, jobsSchema, {per_page: 100})).jobs
      : []
  return {
    id: String(run.id),
    at: run.created_at,
    finishedAt: first.conclusion === null ? null : first.updated_at,
    conclusion: first.conclusion,
    attempt: run.run_attempt,
    sha: run.head_sha,
    link: run.html_url,
    jobs: Object.fromEntries(jobs.map(({name, conclusion}) => [name, conclusion ?? 'in_progress'])),
  }
}

async function issuesOf(api: GithubApi, repository: string, label: string) {
  const issues = await api.get(`/repos/${repository}/issues`, issuesSchema, {
    state: 'open',
    labels: label,
    per_page: 100,
  })
  return issues
    .filter((issue) => issue.pull_request === undefined)
    .map(({title, number, html_url: link, labels}) => ({
      title,
      number,
      link,
      labels: labels.flatMap((each) => (typeof each === 'string' ? each : (each.name ?? []))),
    }))
}
