// What of a Flutter build can be known before it runs: that the checkpoint holds a web application whose
// assets are all there, that the result lies where postgate.yaml says, and that this Flutter knows the flags.

import {readFile, realpath} from 'node:fs/promises'
import {dirname, join, normalize} from 'node:path'
import {z} from 'zod'
import {findProgram} from '../../base/program.ts'
import {fail, type Judgement, pass} from '../../domain/verdict.ts'
import type {CommittedFiles} from '../../kit/ports/committed-files.ts'

interface Given {
  /** Of pubspec.yaml, below the worktree. */
  readonly folder: string
  readonly output: string
  readonly entries: readonly string[]
  readonly files: CommittedFiles
  readonly environment: Readonly<Record<string, string | undefined>>
}

export async function foreseeFlutter(given: Given): Promise<Judgement> {
  const {folder, output, files, entries, environment} = given
  const at = (path: string) => normalize(join(folder, path))
  const pubspec = await files.text(at('pubspec.yaml'))
  if (pubspec === null) {
    return fail(
      {
        fr: `${at('pubspec.yaml')} n’est pas dans le checkpoint`,
        en: `${at('pubspec.yaml')} is not in the checkpoint`,
      },
      {
        next: {
          fr: 'corriger builder.folder dans postgate.yaml',
          en: 'correct builder.folder in postgate.yaml',
        },
      },
    )
  }
  for (const path of ['lib/main.dart', 'web/index.html']) {
    if ((await files.executable(at(path))) !== null) continue
    return fail(
      {fr: `${at(path)} n’est pas dans le checkpoint`, en: `${at(path)} is not in the checkpoint`},
      {
        next: path.startsWith('web')
          ? {
              fr: 'flutter create --platforms web . ; puis commiter web/ avant le tag',
              en: 'flutter create --platforms web . ; then commit web/ before the tag',
            }
          : {fr: 'le commiter avant le tag', en: 'commit it before the tag'},
      },
    )
  }
  if (normalize(output) !== at('build/web')) {
    return fail(
      {
        fr: `Flutter construit dans ${at('build/web')}, builder.output dit ${output}`,
        en: `Flutter builds into ${at('build/web')}, builder.output says ${output}`,
      },
      {
        next: `builder: {adapter: flutter${folder === '' ? '' : `, folder: ${folder}`}, output: ${at('build/web')}}`,
      },
    )
  }
  const missing = await missingAssets(pubspec, given)
  if (missing.length > 0) {
    return fail(
      {
        fr: `des assets de pubspec.yaml ne sont pas dans le checkpoint : ${missing.join(', ')}`,
        en: `assets of pubspec.yaml are not in the checkpoint: ${missing.join(', ')}`,
      },
      {
        next: missing.some((path) => /(^|[/.])env(\.|$)/.test(path))
          ? {
              fr: 'retirer ce fichier des assets, et donner ses valeurs publiques par defines dans postgate.yaml',
              en: 'take that file out of the assets, and give its public values by defines in postgate.yaml',
            }
          : {fr: 'les commiter avant le tag', en: 'commit them before the tag'},
      },
    )
  }
  return tooOld(await versionNear(environment), entries) ?? pass(at('pubspec.yaml'))
}

const assetsSchema = z.object({
  flutter: z.object({assets: z.array(z.union([z.string(), z.looseObject({path: z.string()})]))}),
})

/** Flutter ends at the first asset that is not there; one in a folder for a density stands for it. */
async function missingAssets(pubspec: string, {folder, files}: Given): Promise<string[]> {
  const {parse} = await import('yaml')
  let assets: readonly (string | {path: string})[] = []
  try {
    const read = assetsSchema.safeParse(parse(pubspec))
    if (read.success) assets = read.data.flutter.assets
  } catch {
    return []
  }
  const missing: string[] = []
  for (const each of assets) {
    const asset = typeof each === 'string' ? each : each.path
    if (asset.startsWith('packages/')) continue
    const path = normalize(join(folder, asset))
    const beside = await files.list(asset.endsWith('/') ? path : dirname(path))
    const name = path.split('/').at(-1) ?? ''
    const found = asset.endsWith('/')
      ? beside.length > 0
      : beside.includes(path) || beside.some((one) => one.endsWith(`x/${name}`))
    if (!found) missing.push(asset)
  }
  return missing
}

/** `[3, 22]` of the Flutter on PATH, from the files that it keeps beside it; null where they do not say. */
async function versionNear(
  environment: Given['environment'],
): Promise<readonly [number, number] | null> {
  const program = await findProgram('flutter', environment)
  if (program === null) return null
  const root = dirname(dirname(await realpath(program)))
  for (const path of ['bin/cache/flutter.version.json', 'version']) {
    const text = await readFile(join(root, path), 'utf8').catch(() => '')
    const [, major, minor] =
      /(?:^|"flutterVersion":\s*"|"frameworkVersion":\s*")(\d+)\.(\d+)\./.exec(text) ?? []
    if (major !== undefined && minor !== undefined) return [Number(major), Number(minor)]
  }
  return null
}

const before = ([major, minor]: readonly [number, number], than: readonly [number, number]) =>
  major < than[0] || (major === than[0] && minor < than[1])

function tooOld(
  version: readonly [number, number] | null,
  entries: readonly string[],
): Judgement | null {
  if (version === null) return null
  const said = `Flutter ${version.join('.')}`
  if (before(version, [3, 7]))
    return fail(
      {
        fr: `${said} ne connaît pas --dart-define-from-file`,
        en: `${said} does not know --dart-define-from-file`,
      },
      {next: 'flutter upgrade'},
    )
  return before(version, [3, 22]) && entries.includes('flutter_bootstrap.js')
    ? fail(
        {
          fr: `${said} ne construit pas flutter_bootstrap.js`,
          en: `${said} builds no flutter_bootstrap.js`,
        },
        {
          next: 'flutter upgrade ; builder: {adapter: flutter, entries: [index.html, main.dart.js, version.json]}',
        },
      )
    : null
}
