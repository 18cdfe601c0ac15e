// Looks at a project: git, the files that git knows or would add, and env files, which it ignores.

import {readFile} from 'node:fs/promises'
import {basename, join, relative} from 'node:path'
import {z} from 'zod'
import {partialHistory, unmadeTables} from '../../adapters/database/history.ts'
import {readMigrations, readSqlFile} from '../../adapters/database/migrations.ts'
import {seededTables} from '../../adapters/database/seed.ts'
import {Problem} from '../../domain/problem.ts'
import type {Text} from '../../domain/text.ts'
import {exposedEnvFiles} from '../../proofs/exposed-env.ts'
import type {Repository} from '../../store/git/repository.ts'
import {webAddressOf} from '../../store/git/web-address.ts'
import {definesIn} from './defines.ts'
import {envCandidates} from './env-candidates.ts'
import type {Files, Findings} from './findings.ts'
import {hostsIn} from './hosts.ts'
import {nodeBuild} from './node-build.ts'
import {workflowsIn} from './workflows.ts'

/** `bundle`: Postgate's own folder, whose files are no part of the project. */
export async function lookAtProject(repository: Repository, bundle: string): Promise<Findings> {
  const files = await filesOf(repository, bundle)
  const workflows = await workflowsIn(files)
  const {flutter, named} = await pubspecs(files)
  const {build, folders: sites} = await nodeBuild(files)
  const folders = [...new Set(['', ...(flutter.length > 0 ? flutter : sites)])]
  const envFiles = {
    staging: await envCandidates(repository.root, folders, 'staging'),
    production: await envCandidates(repository.root, folders, 'production'),
  }
  const {defines, unnamed, words} = await definesIn(files, flutter.length > 0)
  return {
    root: repository.root,
    ...{flutter, remote: repository.remote, ...(await remoteOf(repository))},
    name: named ?? (await packageName(files)) ?? basename(repository.root),
    branch: await branchOf(repository),
    build,
    ...(await hostsIn(files, workflows)),
    supabase: await supabaseIn(files),
    resetScript: files.paths.find((path) => path === 'scripts/reset_staging.sh') ?? null,
    nightlies: workflows.flatMap(({file, scheduled, jobs}) => (scheduled ? [{file, jobs}] : [])),
    ...{defines, unnamedDefines: unnamed, words, envFiles},
    exposed: await exposedEnvFiles({
      ...files,
      ignored: [...envFiles.staging, ...envFiles.production]
        .filter(({sample}) => sample === undefined)
        .map(({path}) => path),
      isTracked: repository.isTracked,
    }),
  }
}

async function filesOf({root, git}: Repository, bundle: string): Promise<Files> {
  const listed = await git.text(['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  const inside = relative(root, bundle)
  const within = !inside.startsWith('..')
  // A bundle that is the repository's own root: only its folders can be told apart from the project's.
  const own = inside === '' ? /^(scripts|test|runbooks|templates|node_modules|docs)\// : null
  const paths = listed
    .split('\0')
    .filter((path) => path !== '' && !(own?.test(path) ?? false))
    .filter((path) => !within || inside === '' || !path.startsWith(`${inside}/`))
    .sort()
  return {root, paths: [...new Set(paths)], text: (path) => textOf(join(root, path))}
}

const textOf = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null)

async function pubspecs({paths, text}: Files) {
  const applications: {folder: string; name: string | null}[] = []
  for (const path of paths.filter((each) => /^([^/]+\/){0,2}pubspec\.yaml$/.test(each))) {
    const pubspec = await pubspecOf((await text(path)) ?? '')
    if (pubspec === null) continue
    const folder = path.replace(/\/?pubspec\.yaml$/, '')
    // A package is no application.
    if (/^(packages|modules|plugins)\//.test(folder)) continue
    applications.push({folder, name: pubspec.name})
  }
  // Beside one for the web, those that run on telephones only are not what is released here.
  const web = applications.filter(({folder}) => paths.includes(join(folder, 'web/index.html')))
  const found = web.length > 0 ? web : applications
  const [only, ...others] = found
  return {
    flutter: found.map(({folder}) => folder),
    named: others.length === 0 ? (only?.name ?? null) : null,
  }
}

const pubspecSchema = z.object({
  name: z.string().nullish(),
  dependencies: z.object({flutter: z.object({sdk: z.literal('flutter')})}),
})

/** null for what is no Flutter application, or cannot be read. */
async function pubspecOf(source: string): Promise<{name: string | null} | null> {
  const {parse} = await import('yaml')
  try {
    const parsed = pubspecSchema.safeParse(parse(source))
    return parsed.success ? {name: parsed.data.name ?? null} : null
  } catch {
    return null
  }
}

async function packageName(files: Files): Promise<string | null> {
  const name = (await packageJson(files))?.name
  return typeof name === 'string' && name !== '' && name !== 'postgate' ? name : null
}

async function packageJson({text}: Files): Promise<Record<string, unknown> | null> {
  try {
    const read: unknown = JSON.parse((await text('package.json')) ?? '')
    return typeof read === 'object' && read !== null ? {...read} : null
  } catch {
    return null
  }
}

async function supabaseIn({root, paths}: Files): Promise<Findings['supabase']> {
  const folder = paths
    .map((path) => /^((?:[^/]+\/){0,2}supabase)\//.exec(path)?.[1])
    .find((found) => found !== undefined)
  if (folder === undefined) return null
  const has = (path: string) => paths.some((each) => each === path || each.startsWith(`${path}/`))
  const migrations = `${folder}/migrations`
  const seed = `${folder}/seed.sql`
  return {
    migrations: has(migrations) ? migrations : null,
    ...(has(migrations)
      ? await inMigrations(root, migrations)
      : {partial: null, auditColumns: null}),
    seed: has(seed) ? seed : null,
    seeded: has(seed) ? await rowsOf(root, seed) : [],
  }
}

const rowsOf = (root: string, seed: string): Promise<readonly string[]> =>
  readSqlFile(root, seed).then(seededTables, toldElsewhere)

/** A file that cannot be read here is told by lint and by the doctor, with its line. */
function toldElsewhere(error: unknown): [] {
  if (error instanceof Problem) return []
  throw error
}

async function inMigrations(
  root: string,
  migrations: string,
): Promise<{partial: Text | null; auditColumns: readonly string[] | null}> {
  const files = await readMigrations(root, migrations).catch(toldElsewhere)
  const unmade = unmadeTables(files, null)
  return {
    partial: unmade.length === 0 ? null : partialHistory(migrations, unmade),
    auditColumns: auditColumnsIn(files.flatMap(({statements}) => statements.map(({sql}) => sql))),
  }
}

/** A later file may add some: all that stand in a statement about the table count. */
function auditColumnsIn(statements: readonly string[]): readonly string[] | null {
  const about = /\b(?:create\s+table|alter\s+table)\b[^;(]*\blog_actions\b/i
  const found = statements.filter((sql) => about.test(sql))
  if (!found.some((sql) => /\bcreate\s+table\b/i.test(sql))) return null
  const columns = found.flatMap((sql) =>
    [
      ...sql.matchAll(
        /(?:[(,]|\badd\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?)\s*"?(\w+)"?\s+[a-z]/gi,
      ),
    ].map(([, name = '']) => name.toLowerCase()),
  )
  return [...new Set(columns)]
}

async function remoteOf({git, remote}: Repository) {
  if (remote === null) return {web: null, github: null}
  const url = (await git.attempt(['remote', 'get-url', remote])).stdout.toString('utf8').trim()
  const found = webAddressOf(url)
  if (found === null) return {web: null, github: null}
  const {host, path} = found
  return {web: `https://${host}/${path}`, github: host === 'github.com' ? path : null}
}

/** The remote's default branch where it is known here, else main, master, or the current one. */
async function branchOf({git, remote, localRefs, currentBranch}: Repository): Promise<string> {
  const head = await git.attempt(['symbolic-ref', '--short', `refs/remotes/${remote}/HEAD`])
  if (head.exitCode === 0) return head.stdout.toString('utf8').trim().replace(`${remote}/`, '')
  const known = await localRefs('refs/')
  const named = ['main', 'master'].find((name) =>
    [`refs/heads/${name}`, `refs/remotes/${remote}/${name}`].some((ref) => known.has(ref)),
  )
  return named ?? (await currentBranch()) ?? 'main'
}
