// The GitHub workflows that can run: files directly in `.github/workflows/`. A nightly is known by its
// `schedule:`, since its name is anybody's guess; archived ones lie in folders below, and do not run.

import {z} from 'zod'
import type {Files} from './findings.ts'

export interface Workflow {
  readonly file: string
  readonly scheduled: boolean
  /** Jobs that always run, by the names that GitHub shows; one name for all of a matrix. */
  readonly jobs: readonly string[]
  readonly source: string
}

const jobSchema = z.looseObject({
  name: z.string().optional(),
  if: z.unknown().optional(),
  /** A workflow that this job calls, instead of steps of its own. */
  uses: z.string().optional(),
})
type Job = z.output<typeof jobSchema>
const schema = z.looseObject({
  on: z.unknown(),
  jobs: z.record(z.string(), jobSchema).default({}),
})
type Read = z.output<typeof schema> & {readonly source: string}

const folder = '.github/workflows/'
/** More than GitHub allows. */
const depthMost = 10

/** Workflows by file name; one that cannot be read does not run, and is left out. */
export async function workflowsIn({paths, text}: Files): Promise<Workflow[]> {
  const {parse} = await import('yaml')
  const read = new Map<string, Read>()
  for (const path of paths.filter((each) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(each))) {
    const source = (await text(path)) ?? ''
    try {
      read.set(path.slice(folder.length), {...schema.parse(parse(source)), source})
    } catch {
      // not a workflow
    }
  }
  return [...read].map(([file, {on, jobs, source}]) => ({
    ...{file, source},
    scheduled: isScheduled(on),
    jobs: namesOf(jobs, read),
  }))
}

/** A calling job is shown once for each job inside, `caller / job`; what is called elsewhere by its own name. */
function namesOf(
  jobs: Readonly<Record<string, Job>>,
  all: ReadonlyMap<string, Read>,
  chain: readonly string[] = [],
): string[] {
  return Object.entries(jobs).flatMap(([id, job]) => {
    const name = job.name ?? id
    // A name made of a matrix' values is told by none of them.
    if (job.if !== undefined || name.includes('${{')) return []
    const file = /^\.\/\.github\/workflows\/([^/]+)$/.exec(job.uses ?? '')?.[1]
    const called = file === undefined ? undefined : all.get(file)
    if (file === undefined || called === undefined) return [name]
    if (chain.includes(file) || chain.length >= depthMost) return [name]
    return namesOf(called.jobs, all, [...chain, file]).map((inner) => `${name} / ${inner}`)
  })
}

function isScheduled(on: unknown): boolean {
  if (on === 'schedule') return true
  if (Array.isArray(on)) return on.includes('schedule')
  return typeof on === 'object' && on !== null && 'schedule' in on
}
