// The embedded prober: asks the application the way a user does, once per look. What it saw stands in
// the run's samples, so it has no figures of its own to add.

import {createHash} from 'node:crypto'
import {z} from 'zod'
import {httpAnswer, Redirected} from '../../base/http-answer.ts'
import type {Sample} from '../../domain/event.ts'
import type {ProjectEnvironment} from '../../domain/project.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Metrics} from '../../kit/ports/metrics.ts'
import {settingsOf} from '../settings.ts'

const schema = z.strictObject({
  adapter: z.literal('prober'),
  /** A look that takes longer has failed: a user would be gone. */
  timeoutSeconds: z.number().positive().max(60).default(10),
  /** Further paths, beside the entry and the smoke test's routes and modules. */
  paths: z.array(z.string().startsWith('/')).default([]),
})

interface Target {
  /** The path: also the sample's source. */
  readonly path: string
  readonly url: string
  readonly contains: string | undefined
}

/** `metrics: {adapter: prober}`: the entry page first, then each route and module that has a page of its own. */
export function prober(tools: AdapterTools, environment: ProjectEnvironment): Metrics {
  const {metrics} = environment
  // The watch always probes, also where another source of figures is configured beside it.
  const own = metrics?.adapter === 'prober' ? metrics : {adapter: 'prober'}
  const {timeoutSeconds, paths} = settingsOf('metrics', schema, own)
  const targets = targetsOf(environment, paths)
  const look = (target: Target) => probe(tools, target, timeoutSeconds * 1_000)
  const entry = targets[0]
  return {
    product: 'prober',
    reading: async () => null,
    samples: () => Promise.all(targets.map(look)),
    ...(entry !== undefined && {sample: () => look(entry)}),
  }
}

function targetsOf({url, smoke}: ProjectEnvironment, more: readonly string[]): Target[] {
  const base = url.replace(/\/+$/, '')
  const targets = new Map<string, Target>()
  const pages = [
    {path: '/', contains: undefined},
    ...smoke.routes,
    ...smoke.modules,
    ...more.map((path) => ({path, contains: undefined})),
  ]
  for (const page of pages) {
    // Behind a `#` it is the same page for a server.
    const path = `/${page.path.replace(/#.*$/, '').replace(/^\/+/, '')}`
    const known = targets.get(path)
    const own = page.path.includes('#') ? undefined : page.contains
    targets.set(path, {path, url: `${base}${path}`, contains: known?.contains ?? own})
  }
  return [...targets.values()]
}

async function probe(
  {world, signal}: AdapterTools,
  target: Target,
  timeoutMs: number,
): Promise<Sample> {
  const at = world.clock.now().toISOString()
  const started = performance.now()
  const source = `GET ${target.path}`
  try {
    const {status, bytes: body} = await httpAnswer(world.fetch, target.url, {
      headers: {'cache-control': 'no-cache', 'user-agent': 'postgate-prober'},
      redirects: 'here',
      ...{timeoutMs, signal},
    })
    const ms = Math.round(performance.now() - started)
    const lacks = target.contains !== undefined && !body.includes(target.contains)
    const ok = status < 400 && !lacks
    const note =
      target.path === '/' && ok ? digest(body) : lacks ? `« ${target.contains} » ?` : undefined
    return {at, source, ok, status, ms, ...(note !== undefined && {note})}
  } catch (error) {
    signal.throwIfAborted()
    const note = reason(error)
    // Our own network without a way out says nothing about the application, nor does another host.
    const isSilent =
      error instanceof Redirected || /ENOTFOUND|EAI_AGAIN|ENETUNREACH|ENETDOWN/.test(note)
    const ok = isSilent ? null : false
    return {at, source, ok, status: null, ms: null, note}
  }
}

/** The bytes of the entry file, so that a change during the watch is seen. */
const digest = (body: Buffer) =>
  `sha256:${createHash('sha256').update(body).digest('hex').slice(0, 16)}`

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const {cause} = error
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return error.name === 'TimeoutError' ? 'timeout' : error.message
}
