// Makes a sandbox from nothing. It is built aside and renamed into place, so that a command that is
// killed meanwhile leaves nothing half made.

import {randomBytes, randomUUID} from 'node:crypto'
import {chmod, mkdir, rename, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {versionOf} from '../domain/version.ts'
import {answersFile} from './answers.ts'
import {birthOf, saveClock} from './clock.ts'
import {databaseUrl, makeDatabases} from './database.ts'
import {writeEnvFiles} from './env-files.ts'
import {replaceFile} from './file.ts'
import {publishFirst} from './hosting.ts'
import {buildingFolder, pathsOf, type SandboxPaths, sandboxFolder} from './paths.ts'
import {allowedSigners, makeKeys} from './people.ts'
import {bundlePolicy, keep} from './policy.ts'
import {holdPorts, type Ports} from './ports.ts'
import {startPostgres} from './postgres.ts'
import {checkpoint, firstCommit, gateCommit, type Story, storyOf} from './project.ts'
import {shapeOfProduction} from './shape.ts'
import {newEnvironment, type SandboxState, writeState} from './state.ts'
import {projectKey} from './tokens.ts'
import {installTools} from './tools.ts'

/** Builds `<bundle>/.sandbox`; the caller holds the lock. */
export async function createSandbox(bundle: string): Promise<void> {
  const paths = pathsOf(join(bundle, `${buildingFolder}${randomUUID().slice(0, 8)}`))
  await mkdir(paths.root, {recursive: true})
  // Its parents have to be passable for the user that the database runs as.
  await chmod(paths.root, 0o755)
  try {
    await build(bundle, paths)
    await rename(paths.root, join(bundle, sandboxFolder))
  } catch (error) {
    await rm(paths.root, {recursive: true, force: true, maxRetries: 5})
    throw error
  }
}

async function build(bundle: string, paths: SandboxPaths): Promise<void> {
  const birth = birthOf(new Date())
  const story = storyOf(birth)
  const {ports, release} = await holdPorts(paths.ports)
  await release()
  const secrets = {
    jwtSecret: randomBytes(32).toString('hex'),
    gatewayPassword: randomBytes(15).toString('base64url'),
    environments: {staging: newEnvironment(), production: newEnvironment()},
  }
  await makeFolders(bundle, paths)
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
    finalRemote: join(bundle, sandboxFolder, 'remote.git'),
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

async function makeFolders(bundle: string, paths: SandboxPaths): Promise<void> {
  const folders = [paths.policy, paths.cache, paths.hosting.staging, paths.hosting.production]
  for (const folder of folders) await mkdir(folder, {recursive: true})
  await chmod(paths.cache, 0o700)
  await installTools(paths)
  replaceFile(
    join(paths.root, 'LISEZMOI-SANDBOX.txt'),
    `SANDBOX de ${bundle} : rm -rf ${sandboxFolder} suffit à le supprimer.\n`,
  )
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
  const publish = (environment: 'staging' | 'production') => {
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
