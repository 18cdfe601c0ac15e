// Ports that are taken at a later start: others are chosen, and what names the old ones follows.

import {join} from 'node:path'
import {problem} from '../domain/problem.ts'
import {envFiles} from './env-files.ts'
import {jsonOf, replaceFile, replaceIfChanged, textOf} from './file.ts'
import {commitOnMain, onMain} from './git.ts'
import type {SandboxPaths} from './paths.ts'
import {releaseManager} from './people.ts'
import {type HeldPorts, type Ports, portsSchema} from './ports.ts'

/**
 * Makes what names ports name the held ones. Throws a `Problem` (3) where one of the kept ports is taken
 * and nothing may be written.
 */
export async function settlePorts(input: {
  paths: SandboxPaths
  held: HeldPorts['ports']
  /** Where the database really listens now. */
  postgres: number
  readOnly: boolean
  now: () => Date
}): Promise<void> {
  const {paths} = input
  const before = await jsonOf(paths.ports, portsSchema)
  const after = {...input.held, postgres: input.postgres, settled: true}
  const names = ['staging', 'production', 'api', 'postgres'] as const
  if (before?.settled && names.every((name) => before[name] === after[name])) return
  // Without any (a sandbox that was copied), they are given now, as a new sandbox gets them under --plan.
  if (input.readOnly && before !== null) throw taken(before)
  const save = (settled: boolean) =>
    replaceFile(paths.ports, `${JSON.stringify({...after, settled})}\n`)
  save(false)
  for (const path of Object.values(envFiles)) {
    const file = join(paths.project, path)
    const text = await textOf(file)
    if (text !== null) await replaceIfChanged(file, withPorts(text, after), 0o600)
  }
  await moveInProject(paths, after, input.now())
  save(true)
}

/** The text with each address at its port of now: told by what the address is for, not by the old port. */
export function withPorts(text: string, ports: Ports): string {
  const host = String.raw`127\.0\.0\.1:`
  const site = (name: string) => String.raw`^  ${name}:\n(?:    .*\n)*?    url: http://${host}`
  return [
    {before: `@${host}`, after: '/(?:staging|production)\\b', port: ports.postgres},
    {before: `http://${host}`, after: '/(?:[a-z]{20}|github|webhook)\\b', port: ports.api},
    {before: site('staging'), after: '', port: ports.staging},
    {before: site('production'), after: '', port: ports.production},
  ].reduce(
    (words, {before, after, port}) =>
      words.replace(
        new RegExp(`(${before})\\d+(${after})`, 'gm'),
        (_, head: string, tail: string) => `${head}${port}${tail}`,
      ),
    text,
  )
}

async function moveInProject(paths: SandboxPaths, ports: Ports, at: Date): Promise<void> {
  const path = 'postgate.yaml'
  const text = await onMain(paths.project, path)
  const next = text === null ? null : withPorts(text, ports)
  if (next === null || next === text) return
  await commitOnMain({
    project: paths.project,
    files: new Map([[path, next]]),
    message: 'SANDBOX : autres ports',
    author: releaseManager,
    at,
  })
}

const taken = (ports: Ports) =>
  problem({
    what: {
      fr: 'Un port du bac à sable (SANDBOX) est pris par un autre programme.',
      en: 'A port of the SANDBOX is taken by another program.',
    },
    why: {
      fr: `${portsOf(ports).join(', ')} : --plan n’écrit rien, pas même un autre port`,
      en: `${portsOf(ports).join(', ')}: --plan writes nothing, not even another port`,
    },
    next: {
      fr: 'libérer ce port, ou lancer une fois sans --plan',
      en: 'free that port, or run once without --plan',
    },
    exit: 3,
  })

const portsOf = (ports: Ports) => Object.values(ports).filter((port) => typeof port === 'number')
