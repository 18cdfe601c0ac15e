// Env files that are no secret any more: committed, or an asset of a Flutter application, which every
// visitor downloads. Names only: nothing is read from them.

import {basename, dirname, join, normalize} from 'node:path'
import {z} from 'zod'

export interface ExposedEnv {
  readonly path: string
  readonly how: 'committed' | 'asset'
}

interface Given {
  /** Files of the project, as git knows or would add them. */
  readonly paths: readonly string[]
  /** Env files that git ignores. */
  readonly ignored: readonly string[]
  readonly text: (path: string) => Promise<string | null>
  readonly isTracked: (path: string) => Promise<boolean>
}

const assetsSchema = z.object({
  flutter: z.object({
    assets: z.array(z.union([z.string(), z.looseObject({path: z.string()})])),
  }),
})

export async function exposedEnvFiles({
  paths,
  ignored,
  text,
  isTracked,
}: Given): Promise<ExposedEnv[]> {
  const envs = [...new Set([...paths, ...ignored])].filter(isEnvFile).sort()
  const exposed: ExposedEnv[] = []
  const assets = await assetsOf(paths, text)
  for (const path of envs) {
    const listed = assets.some((asset) =>
      asset.endsWith('/') ? normalize(`${dirname(path)}/`) === asset : path === asset,
    )
    if (listed) exposed.push({path, how: 'asset'})
    else if (await isTracked(path)) exposed.push({path, how: 'committed'})
  }
  return exposed
}

/** `.env`, `.env.staging`, `prod.env`, `env/prod.json`; neither a sample nor what a test needs. */
function isEnvFile(path: string): boolean {
  const name = basename(path)
  if (/(^|[._-])(example|sample|template|dist|exemple|modele|test|ci|vault|d)([._-]|$)/i.test(name))
    return false
  return (
    /^\.env(\.[\w-]+)*$/.test(name) ||
    /\.env$/.test(name) ||
    (/(^|\/)env$/.test(dirname(path)) && /\.json$/.test(name))
  )
}

async function assetsOf(paths: Given['paths'], text: Given['text']): Promise<string[]> {
  const found: string[] = []
  for (const path of paths.filter((each) => /^([^/]+\/){0,2}pubspec\.yaml$/.test(each))) {
    const {parse} = await import('yaml')
    try {
      const {flutter} = assetsSchema.parse(parse((await text(path)) ?? ''))
      for (const asset of flutter.assets)
        found.push(join(dirname(path), typeof asset === 'string' ? asset : asset.path))
    } catch {
      // no assets
    }
  }
  return found
}
