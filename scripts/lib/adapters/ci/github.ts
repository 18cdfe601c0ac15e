// GitHub Actions as the nightly's source. Scheduled runs only, each as its first attempt ended: a re-run
// overwrites the conclusion, and a nightly that was green at the second try was red.

import {z} from 'zod'
import {inParallel} from '../../base/parallel.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Ci, NightlyRun} from '../../kit/ports/ci.ts'
import {settingsOf} from '../settings.ts'
import {type GithubApi, type GithubPages, githubApi} from './github-api.ts'
import {mergeRequest} from './merge-request.ts'
import {scheduledWorkflow} from './workflow.ts'

const schema = z.strictObject({
  adapter: z.literal('github'),
  /** `owner/name`. */
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
  /** File name of the nightly's workflow; found by its `schedule:` where it is not named. */
  workflow: z.string().min(1).optional(),
  api: z.url().optional(),
  /**
   * Jobs that must have run and succeeded: missing secrets can skip them and leave the nightly green. By
   * the name that GitHub shows, with or without its matrix (`nightly / tests (20)`), or with the steps
   * inside that must have run: `{job: tests, steps: [Tests de base]}`.
   */
  requiredJobs: z
    .array(
      z.union([
        z.string().min(1),
        z.strictObject({job: z.string().min(1), steps: z.array(z.string().min(1)).min(1)}),
      ]),
    )
    .default([]),
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

const totalCount = z.number().optional()
const runsSchema = z.object({total_count: totalCount, workflow_runs: z.array(runSchema)})
const attemptSchema = z.object({conclusion: z.string().nullable(), updated_at: z.string()})
const concluded = z
  .object({name: z.string(), conclusion: z.string().nullish()})
  .transform(({name, conclusion}) => ({name, conclusion: conclusion ?? 'in_progress'}))
const jobsSchema = z.object({
  total_count: totalCount,
  jobs: z.array(
    z
      .object({
        ...{name: z.string(), conclusion: z.string().nullish()},
        steps: z.array(concluded).nullish(),
      })
      .transform(({name, conclusion, steps}) => ({
        ...{name, conclusion: conclusion ?? 'in_progress'},
        steps: steps ?? [],
      })),
  ),
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
  const {repository} = settings
  const requiredJobs = settings.requiredJobs.map((each) =>
    typeof each === 'string' ? {job: each, steps: []} : each,
  )
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
    async nightlyRuns({since, branch, jobs = true}) {
      const workflow = settings.workflow ?? (await scheduledWorkflow(world.repository))
      const runs = await runsOf(api, {repository, workflow, since, branch})
      return inParallel(runs, 4, (run) => nightlyRun(api, repository, run, jobs))
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

// The filtered search stops at 1,000: what lies beyond is unknown, so nothing can be said.
const runPage: GithubPages<typeof runsSchema, Run> = {
  schema: runsSchema,
  items: ({workflow_runs: runs}) => runs,
  total: ({total_count: total}) => total,
  pagesMost: 10,
}
const jobPage: GithubPages<typeof jobsSchema, z.output<typeof jobsSchema>['jobs'][number]> = {
  schema: jobsSchema,
  items: ({jobs}) => jobs,
  total: ({total_count: total}) => total,
  pagesMost: 50,
}

async function runsOf(
  api: GithubApi,
  {repository, workflow, since, branch}: Wanted,
): Promise<readonly Run[]> {
  const file = encodeURIComponent(workflow.replace(/^.*\//, ''))
  const found = await api.all(`/repos/${repository}/actions/workflows/${file}/runs`, runPage, {
    ...{branch, event: 'schedule'},
    created: `>=${since.toISOString().replace(/\.\d+Z$/, 'Z')}`,
  })
  // Asked for by the filter, and not taken on trust; a run that moved to the next page came twice.
  return [...new Map(found.map((run) => [run.id, run])).values()]
    .filter(
      (run) =>
        run.event === 'schedule' &&
        (run.head_branch ?? branch) === branch &&
        Date.parse(run.created_at) >= +since,
    )
    .sort((a, b) => b.created_at.localeCompare(a.created_at))
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
  const jobs = withJobs && first.conclusion !== null ? await api.all(jobsPath, jobPage) : []
  return {
    id: String(run.id),
    at: run.created_at,
    finishedAt: first.conclusion === null ? null : first.updated_at,
    conclusion: first.conclusion,
    attempt: run.run_attempt,
    sha: run.head_sha,
    link: run.html_url,
    jobs,
  }
}

const issuePage: GithubPages<typeof issuesSchema, z.output<typeof issuesSchema>[number]> = {
  schema: issuesSchema,
  items: (issues) => issues,
  pagesMost: 50,
}

async function issuesOf(api: GithubApi, repository: string, label: string) {
  // A comma parts labels in the question, and GitHub knows no way to escape it: all are read.
  const hasComma = label.includes(',')
  const issues = await api.all(`/repos/${repository}/issues`, issuePage, {
    ...{state: 'open', ...(!hasComma && {labels: label})},
  })
  const wanted = label.toLowerCase()
  return issues
    .filter((issue) => issue.pull_request === undefined)
    .map(({title, number, html_url: link, labels}) => ({
      ...{title, number, link},
      labels: labels.flatMap((each) => (typeof each === 'string' ? each : (each.name ?? []))),
    }))
    .filter(({labels}) => !hasComma || labels.some((each) => each.toLowerCase() === wanted))
}
