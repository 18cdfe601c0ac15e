// STAGING is never PRODUCTION: what postgate.yaml and the env files say of the two is compared by what it
// leads to, not by how it is written. A scenario that empties one must not be able to meet the other.

import {stat} from 'node:fs/promises'
import {hostname} from 'node:os'
import {join, posix, resolve, sep} from 'node:path'
import {httpAnswer} from '../base/http-answer.ts'
import {resolvedPath} from '../base/resolved-path.ts'
import type {Environment} from '../domain/event.ts'
import {addressKey, databaseKey, hostKey} from '../domain/place-names.ts'
import type {Project, ProjectEnvironment} from '../domain/project.ts'
import type {Text} from '../domain/text.ts'
import {fail, type Judgement, pass} from '../domain/verdict.ts'
import type {Context} from '../kit/context.ts'
import type {EnvFile} from '../policy/env-file.ts'
import type {World} from '../store/world.ts'
import {shortList} from '../words/observed.ts'

export interface SharedPlace {
  /** Key of an environment in postgate.yaml. */
  readonly key: 'envFile' | 'url' | 'hosting' | 'database'
  readonly what: Text
}

interface Given {
  readonly project: Project
  /** The project's folder. */
  readonly root: string
  /** Variables of the process: some hosts are named there. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly envs: Readonly<Record<Environment, EnvFile>>
}

interface Side {
  readonly settings: ProjectEnvironment
  readonly env: EnvFile
  readonly root: string
  readonly variables: Given['variables']
}

/** The environments of a run's project; `redirects`: their addresses are asked, too. */
export async function judgeSeparation(
  {project, world, env, signal}: Context,
  {redirects}: {readonly redirects: boolean},
): Promise<Judgement> {
  if (project.environments.production === undefined) {
    return pass({
      fr: 'postgate.yaml ne décrit aucune PRODUCTION',
      en: 'postgate.yaml describes no PRODUCTION',
    })
  }
  const shared = await sharedByBoth({
    ...{project, root: world.project, variables: world.environment},
    envs: {staging: await env('staging'), production: await env('production')},
  })
  // One address for both is told once.
  const led =
    redirects && !shared.some(({key}) => key === 'url')
      ? await sharedByRedirects(world, project, signal)
      : []
  return separationOf([...shared, ...led])
}

/** What both environments have in common and may not, as far as this machine knows. Values are never shown. */
export async function sharedByBoth(given: Given): Promise<readonly SharedPlace[]> {
  const {staging, production} = given.project.environments
  if (production === undefined) return []
  const a = {...given, settings: staging, env: given.envs.staging}
  const b = {...given, settings: production, env: given.envs.production}
  return [
    ...(await sharedEnvFile(a, b)),
    ...sharedUrl(a, b),
    ...(await sharedHosting(a, b)),
    ...sharedDatabase(a, b),
  ]
}

/** Whether either address leads to the other, followed as a browser follows it. */
export async function sharedByRedirects(
  {fetch}: Pick<World, 'fetch'>,
  project: Project,
  signal?: AbortSignal,
): Promise<readonly SharedPlace[]> {
  const {staging, production} = project.environments
  if (production === undefined) return []
  const [from, to] = await Promise.all([
    ledTo(fetch, staging.url, signal),
    ledTo(fetch, production.url, signal),
  ])
  const [own, other] = [addressKey(staging.url), addressKey(production.url)]
  const last = from.at(-1)
  const isSame =
    (other !== null && from.includes(other)) ||
    (own !== null && to.includes(own)) ||
    (last !== undefined && last === to.at(-1))
  return isSame
    ? [
        {
          key: 'url',
          what: {
            fr: `suivies par leurs redirections, ${staging.url} et ${production.url} mènent au même endroit`,
            en: `followed by their redirects, ${staging.url} and ${production.url} lead to one place`,
          },
        },
      ]
    : []
}

/** Fail where they share anything. */
export function separationOf(shared: readonly SharedPlace[]): Judgement {
  return shared.length === 0
    ? pass({
        fr: 'hébergement, adresse, fichier d’environnement et base distincts',
        en: 'hosting, address, env file and database apart',
      })
    : fail(
        shortList(
          shared.map(({what}) => what),
          4,
        ),
        {
          next: {
            fr: 'corriger environments.staging ou environments.production dans postgate.yaml, ou le fichier d’environnement cité, puis relancer la même commande',
            en: 'correct environments.staging or environments.production in postgate.yaml, or the env file named, then run the same command again',
          },
        },
      )
}

async function sharedEnvFile(a: Side, b: Side): Promise<SharedPlace[]> {
  const [own, other] = [join(a.root, a.settings.envFile), join(b.root, b.settings.envFile)]
  const isSame =
    (await resolvedPath(own)) === (await resolvedPath(other)) || (await areOne(own, other))
  return isSame
    ? [
        {
          key: 'envFile',
          what: {
            fr: `${a.settings.envFile} et ${b.settings.envFile} sont un seul fichier d’environnement`,
            en: `${a.settings.envFile} and ${b.settings.envFile} are one env file`,
          },
        },
      ]
    : []
}

function sharedUrl(a: Side, b: Side): SharedPlace[] {
  return addressKey(a.settings.url) !== addressKey(b.settings.url)
    ? []
    : [
        {
          key: 'url',
          what: {
            fr: `${a.settings.url} est l’adresse de STAGING et de PRODUCTION`,
            en: `${a.settings.url} is the address of STAGING and of PRODUCTION`,
          },
        },
      ]
}

async function sharedHosting(a: Side, b: Side): Promise<SharedPlace[]> {
  const [own, other] = [a.settings.hosting.adapter, b.settings.hosting.adapter]
  const name = own === other ? await sharedPlace(own, a, b) : await folderOverSsh(a, b)
  const adapters = own === other ? own : `${own}, ${other}`
  return name === null
    ? []
    : [
        {
          key: 'hosting',
          what: {
            fr: `STAGING et PRODUCTION ont le même hébergement (${adapters}) : ${name}`,
            en: `STAGING and PRODUCTION have the same hosting (${adapters}): ${name}`,
          },
        },
      ]
}

/**
 * A folder of this machine that is also named over SSH, by a name that is this machine's whoever asks. What
 * another name or port leads to, only the host itself tells (adapters/hosting/one-place.ts).
 */
async function folderOverSsh(a: Side, b: Side): Promise<string | null> {
  const sides = [a, b].map(({settings}) => settings.hosting.adapter)
  if (!sides.includes('folder') || !sides.includes('ssh')) return null
  const over = a.settings.hosting.adapter === 'ssh' ? a : b
  const {machine} = sshPlace(over)
  const isHere = machine === 'localhost' || machine === hostKey(hostname())
  return isHere ? sharedFolder(await foldersOf(a), await foldersOf(b)) : null
}

/** The place that both deploy to, by a name that a person knows; null where there is none. */
async function sharedPlace(adapter: string, a: Side, b: Side): Promise<string | null> {
  switch (adapter) {
    case 'folder':
      return sharedFolder(await foldersOf(a), await foldersOf(b))
    case 'ssh': {
      const [own, other] = [sshPlace(a), sshPlace(b)]
      const isSame = own.machine === other.machine && isWithin(own.root, other.root, '/')
      return isSame ? `${own.machine}:${own.root}` : null
    }
    case 'firebase':
      return common(
        [text(a, 'site') ?? text(a, 'project')],
        [text(b, 'site') ?? text(b, 'project')],
      )
    case 'netlify':
      return common(netlifyNames(a), netlifyNames(b))
    case 'vercel':
      return common([variable(a, 'VERCEL_PROJECT_ID')], [variable(b, 'VERCEL_PROJECT_ID')])
    default:
      return JSON.stringify(a.settings.hosting) === JSON.stringify(b.settings.hosting)
        ? adapter
        : null
  }
}

const text = ({settings}: Side, key: string): string | undefined => {
  const value = settings.hosting[key]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** As the adapters read it: the process before the env file. */
const variable = ({env, variables}: Side, key: string): string | undefined =>
  variables[key] || env.get(key)

const netlifyNames = (side: Side) => [
  text(side, 'site'),
  text(side, 'id') ?? variable(side, 'NETLIFY_SITE_ID'),
]

const common = (own: readonly (string | undefined)[], other: readonly (string | undefined)[]) =>
  own.find((name) => name !== undefined && other.includes(name)) ?? null

function sshPlace(side: Side) {
  const port = text(side, 'port') ?? '22'
  return {
    machine: `${hostKey(text(side, 'host') ?? '')}${port === '22' ? '' : `:${port}`}`,
    root: posix.normalize(text(side, 'root') ?? '/').replace(/(?<=.)\/$/, ''),
  }
}

/** The folder of releases and what it holds: each of them may be a link into another's. */
async function foldersOf(side: Side): Promise<readonly string[]> {
  const root = resolve(side.root, text(side, 'root') ?? '')
  return Promise.all(
    [root, ...['releases', 'meta', 'incoming', 'current'].map((name) => join(root, name))].map(
      (path) => resolvedPath(path),
    ),
  )
}

async function sharedFolder(own: readonly string[], other: readonly string[]) {
  for (const here of own) {
    for (const there of other) {
      if (isWithin(here, there, sep) || (await areOne(here, there))) return here
    }
  }
  return null
}

/** The same, or one inside the other. */
const isWithin = (a: string, b: string, parted: string): boolean =>
  a === b ||
  a.startsWith(b.endsWith(parted) ? b : b + parted) ||
  b.startsWith(a.endsWith(parted) ? a : a + parted)

/** One file or folder under two names: a hard link, a mount. */
async function areOne(a: string, b: string): Promise<boolean> {
  const [own, other] = await Promise.all([a, b].map((path) => stat(path).catch(() => null)))
  return own != null && other != null && own.ino === other.ino && own.dev === other.dev
}

function sharedDatabase(a: Side, b: Side): SharedPlace[] {
  const [own, other] = [databaseKeys(a), databaseKeys(b)]
  return own.flatMap(({name, place}) => {
    const same = other.find((each) => each.place === place)
    if (same === undefined) return []
    const what = {
      fr: `${name} (${a.settings.envFile}) et ${same.name} (${b.settings.envFile}) désignent la même base`,
      en: `${name} (${a.settings.envFile}) and ${same.name} (${b.settings.envFile}) name the same database`,
    }
    return [{key: 'database' as const, what}]
  })
}

/** Each key of the env file that names a database, and the database that it names. */
function databaseKeys({settings: {database}, env}: Side) {
  if (database === undefined) return []
  const {url, readOnlyUrl, ref} = database
  const place = (name: string, key: (value: string) => string | null) => {
    const value = env.get(name)
    const found = value === undefined ? null : key(value)
    return found === null ? [] : [{name, place: found}]
  }
  return [
    ...place(ref, (value) => value.trim()),
    ...place(url, databaseKey),
    ...(readOnlyUrl === undefined ? [] : place(readOnlyUrl, databaseKey)),
  ]
}

const hopsMost = 5

/** Where an address leads, step by step; nowhere else where nobody answers. */
async function ledTo(
  fetch: World['fetch'],
  url: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const hops: string[] = []
  let at = url
  while (hops.length < hopsMost) {
    const answer = await httpAnswer(fetch, at, {
      ...{timeoutMs: 15_000, redirects: 'tell', read: false},
      ...(signal !== undefined && {signal}),
    }).catch(() => null)
    signal?.throwIfAborted()
    const next = answer?.headers.get('location') ?? null
    if (next === null || answer === null || answer.status < 300 || answer.status > 399) break
    if (!URL.canParse(next, at)) break
    at = new URL(next, at).href
    const key = addressKey(at)
    if (key === null || hops.includes(key)) break
    if (key !== addressKey(url)) hops.push(key)
  }
  return hops
}
