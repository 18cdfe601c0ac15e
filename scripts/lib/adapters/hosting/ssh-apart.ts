// Two names of one machine, and links on it: whether the other environment's folder of releases over SSH is
// this one's. Only this environment's machine is asked; the other's may be closed to who is here.

import {z} from 'zod'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import {lookThere, type Machine, resolvedMachine} from './ssh-look.ts'

const settings = z.looseObject({
  ...{adapter: z.literal('ssh'), host: z.string(), root: z.string()},
  port: z.number().optional(),
})

/** The other's root as it is written, where it is on this machine and leads to `root`, into it or around it; else null. */
export async function rootOfBoth(
  tools: AdapterTools,
  machine: Machine,
  root: string,
): Promise<string | null> {
  const {staging, production} = tools.project.environments
  const other = settings.safeParse(
    (tools.environment === 'production' ? staging : production)?.hosting,
  )
  if (!other.success || !/^(?:\/\.?[A-Za-z0-9_][A-Za-z0-9._-]*)+$/.test(other.data.root))
    return null
  const {host, port, root: otherRoot} = other.data
  const [here, there] = await Promise.all([
    resolvedMachine(tools, machine),
    resolvedMachine(tools, {...machine, host, port}),
  ])
  if (here === null || here !== there) return null
  const {exit, stdout} = await lookThere(
    tools,
    machine,
    `readlink -m ${root} ${root}/releases ${root}/current; echo; readlink -m ${otherRoot} ${otherRoot}/releases ${otherRoot}/current`,
  )
  if (exit !== 0) return null
  const [own = [], others = []] = stdout.split('\n\n').map((part) => part.trim().split('\n'))
  const isOne = own.some((a) => others.some((b) => a === b || within(a, b) || within(b, a)))
  return isOne ? otherRoot : null
}

const within = (path: string, folder: string) => path.startsWith(`${folder}/`)
