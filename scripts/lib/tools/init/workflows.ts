// The GitHub workflows that can run: files directly in `.github/workflows/`. A nightly is known by its
// `schedule:`, since its name is anybody's guess; archived ones lie in folders below, and do not run.

import {z} from 'zod'
import type {Files} from './files.ts'

export interface Workflow {
  readonly file: string
  readonly scheduled: boolean
  readonly jobs: readonly string[]
  readonly source: string
}

const jobSchema = z.looseObject({
  name: z.string().optional(),
  if: z.unknown().optional(),
  strategy: z.unknown().optional(),
})
const schema = z.looseObject({
  on: z.unknown(),
  jobs: z.record(z.string(), jobSchema).default({}),
})

/** Workflows by file name; one that cannot be read does not run, and is left out. */
export async function workflowsIn({paths, text}: Files): Promise<Workflow[]> {
  const {parse} = await import('yaml')
  const found: Workflow[] = []
  for (const path of paths.filter((each) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(each))) {
    const source = (await text(path)) ?? ''
    try {
      const {on, jobs} = schema.parse(parse(source))
      found.push({
        file: path.slice('.github/workflows/'.length),
        scheduled: isScheduled(on),
        jobs: Object.entries(jobs)
          .filter(([, job]) => job.if === undefined && job.strategy === undefined)
          .map(([id, job]) => job.name ?? id)
          .filter((name) => !name.includes('${{')),
        source,
      })
    } catch {
      // not a workflow
    }
  }
  return found
}

function isScheduled(on: unknown): boolean {
  if (on === 'schedule') return true
  if (Array.isArray(on)) return on.includes('schedule')
  return typeof on === 'object' && on !== null && 'schedule' in on
}
