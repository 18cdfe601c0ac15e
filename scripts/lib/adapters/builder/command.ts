// Any other stack: one command from the project file, in the checkpoint's worktree. The runbook has
// to authorise the same words, so a project file alone can make nothing run.

import {join} from 'node:path'
import {z} from 'zod'
import {findProgram} from '../../base/program.ts'
import {isTakenByBundlers} from '../../domain/defines.ts'
import {plainWords} from '../../domain/project.ts'
import {fail, pass} from '../../domain/verdict.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Builder} from '../../kit/ports/builder.ts'
import {settingsOf} from '../settings.ts'
import {builtVersion} from './flutter.ts'

const schema = z.strictObject({
  adapter: z.literal('command'),
  run: plainWords,
  output: z.string(),
  folder: z.string().default(''),
  entries: z.array(z.string()).default(['index.html']),
})

/**
 * `builder: {adapter: command, run: "npm run build", output: dist}`. The build finds its public values in the
 * JSON file that POSTGATE_DEFINES_FILE names, and those that a bundler takes from there (VITE_API_URL) as
 * variables too, beside POSTGATE_VERSION and POSTGATE_BUILD_NUMBER; one that writes a `version.json` like
 * Flutter's has its version read back.
 */
export function commandBuilder(tools: AdapterTools): Builder {
  const settings = settingsOf('builder', schema, tools.project.builder)
  const words = settings.run.split(' ')
  return {
    product: 'command',
    output: settings.output,
    entries: settings.entries,
    ready: async () => {
      const [program = ''] = words
      if (program.includes('/')) return pass(settings.run)
      const path = await findProgram(program, tools.world.environment)
      return path === null
        ? fail({
            fr: `${program} est introuvable dans PATH`,
            en: `${program} was not found on PATH`,
          })
        : pass(path)
    },
    fits: async (files) =>
      (await import('./foresee-command.ts')).foreseeCommand({
        ...{words, folder: settings.folder, files},
        environment: tools.world.environment,
        envFiles: Object.values(tools.project.environments).map((each) => each?.envFile ?? ''),
      }),
    build: ({folder, definesFile, defines, version, number}) =>
      tools.$.with({
        cwd: join(folder, settings.folder),
        env: {
          ...Object.fromEntries(
            Object.entries(defines).filter(([name]) => isTakenByBundlers(name)),
          ),
          POSTGATE_DEFINES_FILE: definesFile,
          POSTGATE_VERSION: version,
          POSTGATE_BUILD_NUMBER: number,
        },
      })`${words}`,
    versionOf: builtVersion,
  }
}

// Lint cannot make one without a project: only that knows the command.
commandBuilder.sample = null
