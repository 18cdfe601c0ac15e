// Flutter for the web. The version is stamped into version.json, or nothing served could say which
// release it is; the public values come through a private file, never through the env file.

import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import {findProgram} from '../../base/program.ts'
import {fail, pass} from '../../domain/verdict.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Builder} from '../../kit/ports/builder.ts'
import {settingsOf} from '../settings.ts'

const schema = z.strictObject({
  adapter: z.literal('flutter'),
  output: z.string(),
  /** The folder of pubspec.yaml, where it is not the repository's own. */
  folder: z.string().default(''),
  entries: z
    .array(z.string())
    .default(['index.html', 'main.dart.js', 'flutter_bootstrap.js', 'version.json']),
})

/** `builder: {adapter: flutter, folder: frontend, output: frontend/build/web}`. */
export function flutter(tools: AdapterTools): Builder {
  const settings = settingsOf('builder', schema, tools.project.builder)
  return {
    product: 'flutter',
    output: settings.output,
    entries: settings.entries,
    ready: async () => {
      const path = await findProgram('flutter', tools.world.environment)
      return path === null
        ? fail(
            {fr: 'flutter est introuvable dans PATH', en: 'flutter was not found on PATH'},
            {
              next: {
                fr: 'installez Flutter (https://docs.flutter.dev/get-started/install) et ajoutez son dossier bin à PATH',
                en: 'install Flutter (https://docs.flutter.dev/get-started/install) and add its bin folder to PATH',
              },
            },
          )
        : pass(path)
    },
    fits: async (files) =>
      (await import('./foresee-flutter.ts')).foreseeFlutter({
        ...settings,
        ...{files, environment: tools.world.environment},
      }),
    build: ({folder, definesFile, version, number}) =>
      tools.$.with({
        cwd: join(folder, settings.folder),
      })`flutter build web --release --dart-define-from-file=${definesFile} --build-name=${version} --build-number=${number}`,
    versionOf: builtVersion,
  }
}

flutter.sample = {}

const versionSchema = z.object({version: z.string(), build_number: z.string().optional()})

/** `2026.1.23+1769155200` of version.json; null where the file is not there or says no version. */
export async function builtVersion(output: string): Promise<string | null> {
  try {
    const found = versionSchema.safeParse(
      JSON.parse(await readFile(join(output, 'version.json'), 'utf8')),
    )
    if (!found.success) return null
    const {version, build_number: number} = found.data
    return number === undefined ? version : `${version}+${number}`
  } catch {
    return null
  }
}
