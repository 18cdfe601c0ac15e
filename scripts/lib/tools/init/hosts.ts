// Where a project is hosted, from the files of the hosts' own tools and from workflow steps.

import {z} from 'zod'
import type {Environment} from '../../domain/event.ts'
import type {Files, Findings, Host} from './findings.ts'
import type {Workflow} from './workflows.ts'

/** One entry a host, with every target that some file ties to an environment. */
export async function hostsIn(
  files: Files,
  workflows: readonly Workflow[],
): Promise<Pick<Findings, 'hosts' | 'otherHosts'>> {
  const found = [
    await firebase(files, workflows),
    await netlify(files, workflows),
    vercel(files, workflows),
  ]
  const other = [
    ['GitHub Pages', /actions\/deploy-pages|peaceiris\/actions-gh-pages/],
    ['Cloudflare Pages', /cloudflare\/(pages|wrangler)-action|wrangler pages/],
  ] as const
  return {
    hosts: found.filter((host) => host !== null),
    otherHosts: other.flatMap(([name, mark]) =>
      workflows.some(({source}) => mark.test(source)) ? [name] : [],
    ),
  }
}

const near = (paths: readonly string[], name: string): string | undefined =>
  paths.find((path) => path === name || new RegExp(`^([^/]+/){1,2}${literal(name)}$`).test(path))

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const rcSchema = z.looseObject({projects: z.record(z.string(), z.string()).default({})})

async function firebase(
  {paths, text}: Files,
  workflows: readonly Workflow[],
): Promise<Host | null> {
  const steps = workflows.filter(({source}) =>
    /action-hosting-deploy|\bfirebase deploy\b/.test(source),
  )
  const rc = near(paths, '.firebaserc')
  const from = near(paths, 'firebase.json') ?? rc ?? steps[0]?.file
  if (from === undefined) return null
  const {projects} = rcSchema.catch({projects: {}}).parse(json(rc ? await text(rc) : null))
  const named = Object.entries(projects)
  const targets: Partial<Record<Environment, string>> = {}
  for (const [alias, project] of named) {
    const environment = environmentOf(alias) ?? environmentOf(project)
    if (environment !== null) targets[environment] ??= project
  }
  // One project and no word about which: the default is what users see.
  const [only] = named
  if (only !== undefined && named.length === 1 && targets.staging === undefined) {
    targets.production ??= only[1]
  }
  for (const {source} of steps) {
    for (const [, project = ''] of source.matchAll(
      /(?:projectId:|--project[ =])\s*["']?([a-z0-9-]+)/g,
    )) {
      const environment = environmentOf(project)
      if (environment !== null) targets[environment] ??= project
    }
  }
  return {adapter: 'firebase', from, targets}
}

async function netlify({paths}: Files, workflows: readonly Workflow[]): Promise<Host | null> {
  const steps = workflows.filter(({source}) => /\bnetlify deploy\b|actions-netlify/.test(source))
  const from = near(paths, 'netlify.toml') ?? near(paths, '.netlify/state.json') ?? steps[0]?.file
  if (from === undefined) return null
  const targets: Partial<Record<Environment, string>> = {}
  for (const {source} of steps) {
    for (const [, site = ''] of source.matchAll(/--site[ =]["']?([a-z0-9][a-z0-9-]*)/g)) {
      targets[environmentOf(site) ?? 'production'] ??= site
    }
  }
  return {adapter: 'netlify', from, targets}
}

function vercel({paths}: Files, workflows: readonly Workflow[]): Host | null {
  const steps = workflows.filter(({source}) =>
    /\bvercel (deploy|--prod)|vercel-action/.test(source),
  )
  const from = near(paths, 'vercel.json') ?? near(paths, '.vercel/project.json') ?? steps[0]?.file
  return from === undefined ? null : {adapter: 'vercel', from, targets: {}}
}

function environmentOf(name: string): Environment | null {
  if (/(^|[-_])(staging|stg|preprod|recette)([-_]|$)/i.test(name)) return 'staging'
  return /(^|[-_])(prod|production|live)([-_]|$)/i.test(name) ? 'production' : null
}

function json(source: string | null): unknown {
  try {
    return JSON.parse(source ?? '')
  } catch {
    return {}
  }
}
