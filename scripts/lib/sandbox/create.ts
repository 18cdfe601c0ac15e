// Makes a sandbox from nothing. It is built aside and renamed into place, so that a command that is
// killed meanwhile leaves nothing half made.

import {randomBytes, randomUUID} from 'node:crypto'
import {existsSync} from 'node:fs'
import {chmod, cp, mkdir, readdir, rename, rm} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import type {Environment} from '../domain/event.ts'
import {problem} from '../domain/problem.ts'
import {versionOf} from '../domain/version.ts'
import {answersFile} from './answers.ts'
import {sandboxBirth, saveClock} from './clock.ts'
import {databaseUrl, makeDatabases} from './database.ts'
import {writeEnvFiles} from './env-files.ts'
import {replaceFile} from './file.ts'
import {publishFirst} from './hosting.ts'
import {buildingPrefix, pathsOf, type SandboxPaths} from './paths.ts'
import {allowedSigners, makeKeys} from './people.ts'
import {bundlePolicy, keep} from './policy.ts'
import {holdPorts, type Ports} from './ports.ts'
import {startPostgres} from './postgres.ts'
import {endLeftover} from './postgres-leftover.ts'
import {checkpoint, firstCommit, gateCommit, type Story, storyOf} from './project.ts'
import {shapeOfProduction} from './shape.ts'
import {newEnvironment, type SandboxState, writeState} from './state.ts'
import {projectKey} from './tokens.ts'

/** Builds the sandbox `root`, which is not there or empty; the caller holds the lock. */
export async function createSandbox(bundle: string, root: string): Promise<void> {
  // A link's target, or a file system of its own: nothing can be renamed to there as a whole.
  const inside = existsSync(root)
  const name = `${buildingPrefix(root)}${randomUUID().slice(0, 8)}`
  const paths = pathsOf(join(inside ? root : dirname(root), name))
  await makeRoot(paths.root)
  try {
    await build(bundle, {root, paths})
    if (inside) await moveUp(paths, root)
    else await rename(paths.root, root)
  } catch (error) {
    await rm(paths.root, {recursive: true, force: true, maxRetries: 5})
    throw error
  }
}

/** Throws a `Problem` (2) where nothing can be written. */
async function makeRoot(folder: string): Promise<void> {
  try {
    await mkdir(folder, {recursive: true})
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    // A recursive mkdir calls a read-only file system ENOENT.
    if (!['EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'EEXIST'].includes(code)) throw error
    const elsewhere = 'export POSTGATE_SANDBOX_DIR="$(mktemp -d)/sandbox"'
    throw problem({
      what: {
        fr: `Le bac à sable (SANDBOX) ne peut pas être fait ici : ${dirname(folder)} ne s’écrit pas.`,
        en: `The SANDBOX cannot be made here: ${dirname(folder)} cannot be written.`,
      },
      why: code,
      next: {
        fr: `${elsewhere} (un dossier qui s’écrit), puis relancez la même commande`,
        en: `${elsewhere} (a folder that can be written), then run the same command again`,
      },
      exit: 2,
    })
  }
  // Its parents have to be passable for the user that the database runs as.
  await chmod(folder, 0o755)
}

/** What says that it is ours first, its state last: a sandbox with a state is a whole one. */
async function moveUp(paths: SandboxPaths, root: string): Promise<void> {
  const [first, last] = [basename(paths.readme), basename(paths.state)]
  const others = (await readdir(paths.root)).filter((name) => ![first, last].includes(name))
  for (const name of [first, ...others, last])
    await rename(join(paths.root, name), join(root, name))
  await rm(paths.root, {recursive: true})
}

/**
 * Whether there is a sandbox in `root`. What a killed command left of one is removed; a folder with
 * something else in it counts as one, which then cannot be read.
 */
export async function isMade(root: string): Promise<boolean> {
  const paths = pathsOf(root)
  if (existsSync(paths.state)) return true
  const names: readonly string[] = await readdir(root).catch(() => [])
  if (!names.includes(basename(paths.readme)))
    return names.some((name) => name !== 'lost+found' && !name.startsWith(buildingPrefix(root)))
  for (const name of names) {
    const path = join(root, name)
    if (name !== 'lost+found') await rm(path, {recursive: true, force: true, maxRetries: 5})
  }
  return false
}

async function build(
  bundle: string,
  {root, paths}: {root: string; paths: SandboxPaths},
): Promise<void> {
  const birth = sandboxBirth(new Date())
  const story = storyOf(birth)
  const {ports, release} = await holdPorts(paths.ports)
  await release()
  const secrets = {
    jwtSecret: randomBytes(32).toString('hex'),
    gatewayPassword: randomBytes(15).toString('base64url'),
    environments: {staging: newEnvironment(), production: newEnvironment()},
  }
  await makeFolders(bundle, {root, paths})
  // The server takes longest: everything else is done while it comes up.
  const sources = firstCommit(paths, story)
  const [previous, policy, postgres] = await Promise.all([
    sources,
    bundlePolicy(bundle),
    prepareDatabase(paths, {secrets, birth, sources}),
    makeKeys(paths.keys),
    sources.then(() => firstReleases(paths, {story, ports, secrets})),
  ])
  const {feature, commit} = await checkpoint(paths, story, postgres.shape)
  const signers = await allowedSigners(paths.keys)
  const {gate} = await gateCommit(paths, story, {
    commit,
    finalRemote: pathsOf(root).remote,
    ports: {
      apiPort: String(ports.api),
      stagingPort: String(ports.staging),
      productionPort: String(ports.production),
    },
    policy: new Map([...policy, ['runbooks/allowed_signers', signers]]),
  })
  for (const [path, text] of policy) await keep(paths, path, text)
  const [first, second, third] = story.commits
  const history = [
    {commit: previous, at: first.toISOString()},
    {commit: feature, at: second.toISOString()},
    {commit, at: third.toISOString()},
  ]
  const state: SandboxState = {
    format: 1,
    birth: birth.toISOString(),
    tag: story.tag,
    previousTag: story.previousTag,
    commit,
    gate,
    history,
    ...secrets,
  }
  await writeEnvFiles(paths.project, state, {api: ports.api, postgres: postgres.port})
  writeState(paths.state, state)
  replaceFile(
    paths.ports,
    `${JSON.stringify({...ports, postgres: postgres.port, settled: true})}\n`,
  )
  replaceFile(paths.answers, answersFile(story.tag, birth))
  // The clock starts last: at birth it reads nine o'clock, however long this took.
  saveClock(paths.clock, birth.getTime() - Date.now())
}

async function makeFolders(
  bundle: string,
  {root, paths}: {root: string; paths: SandboxPaths},
): Promise<void> {
  const folders = [paths.policy, paths.cache, paths.hosting.staging, paths.hosting.production]
  for (const folder of folders) await mkdir(folder, {recursive: true})
  await chmod(paths.cache, 0o700)
  await installTools(paths)
  replaceFile(paths.readme, `SANDBOX de ${bundle} : rm -rf ${root} suffit à le supprimer.\n`)
}

type Secrets = Pick<SandboxState, 'jwtSecret' | 'gatewayPassword' | 'environments'>

/** Makes the databases and takes PROD's shape; the server is stopped before its folder moves. */
async function prepareDatabase(
  paths: SandboxPaths,
  {secrets, birth, sources}: {secrets: Secrets; birth: Date; sources: Promise<unknown>},
): Promise<{port: number; shape: string}> {
  const server = await startPostgres({folder: paths.postgres})
  try {
    await sources
    const migrations = join(paths.project, 'supabase/migrations')
    await makeDatabases({superuserUrl: server.superuserUrl, migrations, state: secrets})
    const {ref, dbPassword} = secrets.environments.production
    const url = new URL(databaseUrl(server.superuserUrl, 'production'))
    url.username = `postgres.${ref}`
    url.password = dbPassword
    return {port: server.port, shape: await shapeOfProduction({url: url.href, ref, at: birth})}
  } finally {
    await server.stop()
  }
}

async function firstReleases(
  paths: SandboxPaths,
  {story, ports, secrets}: {story: Story; ports: Pick<Ports, 'api'>; secrets: Secrets},
): Promise<void> {
  const {version, number} = versionOf({tag: story.previousTag, commitDate: story.commits[0]})
  const scratch = join(paths.root, 'scratch')
  const publish = (environment: Environment) => {
    const {ref} = secrets.environments[environment]
    const key = {role: 'anon', ref, secret: secrets.jwtSecret, birth: story.birth} as const
    return publishFirst(paths, scratch, {
      environment,
      sources: paths.project,
      defines: {
        SUPABASE_URL: `http://127.0.0.1:${ports.api}/${ref}`,
        SUPABASE_ANON_KEY: projectKey(key),
      },
      version,
      number,
      tag: story.previousTag,
      at: story.previousDate,
    })
  }
  await Promise.all([publish('staging'), publish('production')])
  await rm(scratch, {recursive: true, force: true})
}

/** Copies the programs that stand in for ones too large to install, as the bundle has them now. */
export const installTools = (paths: SandboxPaths): Promise<void> =>
  cp(join(import.meta.dirname, 'bin'), paths.bin, {recursive: true, preserveTimestamps: true})

/** Removes what killed commands left of sandboxes under construction, servers included. The caller holds the lock, so none of them is at work. */
export async function removeLeftovers(root: string): Promise<void> {
  for (const folder of [dirname(root), root]) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (!name.startsWith(buildingPrefix(root))) continue
      const paths = pathsOf(join(folder, name))
      await endLeftover(join(paths.postgres, 'data'))
      await rm(paths.root, {recursive: true, force: true, maxRetries: 10, retryDelay: 100})
    }
  }
}
