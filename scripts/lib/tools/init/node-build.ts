// How a project for Node is built, and where its result lies: by the host's own file where that says so, else
// by the application's bundler. The application may lie in a folder or a workspace.

import {dirname, join, normalize} from 'node:path'
import {z} from 'zod'
import {
  calledPackages,
  isManager,
  type NodePackage,
  nodePackages,
  scriptCall,
} from '../../adapters/builder/node-packages.ts'
import type {Files, Findings} from './findings.ts'

export interface NodeBuild {
  readonly build: Findings['build']
  /** Where applications lie: their env files lie there too. */
  readonly folders: readonly string[]
}

/** `build` null where there is none, or several and nothing says which. */
export async function nodeBuild(files: Files): Promise<NodeBuild> {
  const packages = (await nodePackages(files)).filter(({name}) => name !== 'postgate')
  const hosted = await hostedSite(files)
  const builds = packages.filter(({scripts}) => 'build' in scripts)
  const sites = builds.filter(
    ({folder}) => !/(^|\/)(?:packages|libs|functions)\//.test(`${folder}/`),
  )
  const only = sites.length === 1 ? sites[0] : undefined
  const at =
    builds.find(({folder}) => folder === hosted.base) ??
    builds.find(({folder}) => folder === '') ??
    only
  if (at === undefined) return {build: null, folders: sites.map(({folder}) => folder)}
  const run = ownCommand(hosted.command) ?? `${managerOf(at.folder, files.paths)} run build`
  const application = applicationOf(at, run, packages, files.paths)
  const output = hosted.output ?? (await outputOf(application, files))
  return {
    build: {run, output, folder: at.folder},
    folders: [...new Set([at.folder, application.folder])],
  }
}

/** One script of the project's own; what installs first, or is put together, is not taken over. */
function ownCommand(command: string | null): string | null {
  const [program = '', ...words] = (command ?? '').trim().split(/\s+/)
  const plain = words.every((word) => /^[\w@/:.=-]+$/.test(word))
  return isManager(program) && plain && scriptCall(program, words) !== null
    ? [program, ...words].join(' ')
    : null
}

function managerOf(folder: string, paths: readonly string[]): string {
  const has = (name: string) => [join(folder, name), name].some((path) => paths.includes(path))
  if (has('pnpm-lock.yaml')) return 'pnpm'
  if (has('yarn.lock')) return 'yarn'
  return has('bun.lock') || has('bun.lockb') ? 'bun' : 'npm'
}

/** Itself, or the one of its workspaces that is a web application. */
function applicationOf(
  at: NodePackage,
  run: string,
  packages: readonly NodePackage[],
  paths: readonly string[],
): NodePackage {
  const isSite = ({folder, dependencies}: NodePackage) =>
    paths.includes(join(folder, 'index.html')) ||
    dependencies.some((name) => bundlers.some(({of}) => of.test(name)))
  if (isSite(at)) return at
  const [program = '', ...words] = run.split(' ')
  const call = scriptCall(program, words)
  const script = at.scripts[call?.script ?? ''] ?? ''
  const behind = script.split(/&&|;/).flatMap((part) => {
    const [manager = '', ...rest] = part.trim().split(/\s+/)
    const inner = isManager(manager) ? scriptCall(manager, rest) : null
    return inner === null ? [] : calledPackages(inner, at, packages)
  })
  const others = behind.length > 0 ? behind : packages
  const found = others.filter((each) => each !== at && isSite(each))
  return found.length === 1 ? (found[0] ?? at) : at
}

/** Where each leaves its result unless told otherwise. */
const bundlers: readonly {readonly of: RegExp; readonly output: string}[] = [
  {of: /^next$/, output: 'out'},
  {of: /^react-scripts$|^@docusaurus\/core$|^@sveltejs\/kit$/, output: 'build'},
  {of: /^gatsby$/, output: 'public'},
  {of: /^nuxt$/, output: '.output/public'},
  {of: /^@11ty\/eleventy$/, output: '_site'},
  {of: /^(?:vite|astro|parcel|webpack|@vue\/cli-service)$/, output: 'dist'},
]

async function outputOf({folder, dependencies}: NodePackage, files: Files): Promise<string> {
  const config = files.paths.find(
    (path) =>
      dirname(path) === (folder || '.') && /(?:^|\/)(?:vite|astro)\.config\.[cm]?[jt]s$/.test(path),
  )
  const source = config === undefined ? null : await files.text(config)
  const told = /\boutDir\s*:\s*(['"`])([^'"`$]+)\1/.exec(source ?? '')?.[2]
  const usual = bundlers.find(({of}) => dependencies.some((name) => of.test(name)))?.output
  return normalize(join(folder, told ?? usual ?? 'dist')).replace(/\/$/, '')
}

interface Hosted {
  /** The folder in which the host builds. */
  readonly base: string | null
  readonly command: string | null
  readonly output: string | null
}

const firebaseSchema = z.object({
  hosting: z.preprocess(
    (value) => (Array.isArray(value) ? value : [value]),
    z.array(z.looseObject({public: z.string()})).min(1),
  ),
})
const vercelSchema = z.looseObject({
  buildCommand: z.string().nullish(),
  outputDirectory: z.string().nullish(),
})

/** What the host's own file says of the build; the first file that says something. */
async function hostedSite({paths, text}: Files): Promise<Hosted> {
  const nothing: Hosted = {base: null, command: null, output: null}
  for (const path of paths) {
    const name = /^(?:[^/]+\/){0,2}(netlify\.toml|vercel\.json|firebase\.json)$/.exec(path)?.[1]
    if (name === undefined) continue
    const source = (await text(path)) ?? ''
    const at = dirname(path).replace(/^\.$/, '')
    const within = (...folders: readonly string[]) =>
      normalize(join(at, ...folders)).replace(/^\.$|\/$/, '')
    if (name === 'netlify.toml') {
      const [base, publish] = [inBuild(source, 'base'), inBuild(source, 'publish')]
      return {
        base: base === null ? null : within(base),
        command: inBuild(source, 'command'),
        output: publish === null ? null : within(base ?? '', publish),
      }
    }
    const read = jsonOf(source)
    if (name === 'vercel.json') {
      const {data} = vercelSchema.safeParse(read)
      const output = data?.outputDirectory
      const base = at === '' ? null : at
      if (data !== undefined)
        return {base, command: data.buildCommand ?? null, output: output ? within(output) : null}
    }
    const [first, ...others] = firebaseSchema.safeParse(read).data?.hosting ?? []
    if (name === 'firebase.json' && first !== undefined && others.length === 0)
      return {...nothing, output: within(first.public)}
  }
  return nothing
}

/** A text of the table `[build]`. */
function inBuild(toml: string, key: string): string | null {
  const [, table = ''] = /^\[build\]\s*$([\s\S]*?)(?=^\s*\[|$(?![\s\S]))/m.exec(toml) ?? []
  return new RegExp(`^\\s*${key}\\s*=\\s*(["'])(.*?)\\1`, 'm').exec(table)?.[2] ?? null
}

function jsonOf(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    return null
  }
}
