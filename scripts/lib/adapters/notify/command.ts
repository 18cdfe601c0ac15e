// Tells the team through a program of its own: the message goes to its standard input, never into its
// arguments, so that nothing in it can be read as one.

import {constants} from 'node:fs'
import {access} from 'node:fs/promises'
import {resolve} from 'node:path'
import {z} from 'zod'
import {withCause} from '../../base/cause-line.ts'
import {findProgram} from '../../base/program.ts'
import {fail, type Judgement, pass} from '../../domain/verdict.ts'
import {childEnvironment} from '../../guard/environment.ts'
import {runProgram} from '../../guard/process/run-program.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Notifier} from '../../kit/ports/notify.ts'
import {settingsOf} from '../settings.ts'
import {messageText, wantedOccasions} from './message.ts'

const schema = z.strictObject({
  adapter: z.literal('command'),
  /** The program and its arguments, one word each; no shell reads them. */
  run: z.array(z.string().min(1)).min(1),
  on: wantedOccasions,
  timeoutSeconds: z.number().positive().max(120).default(30),
})

/** `notify: [{adapter: command, run: [./tools/tell-team, --channel, releases]}]`. */
export function commandNotifier(
  tools: AdapterTools,
  given: Readonly<Record<string, unknown>>,
): Notifier {
  const {run, on, timeoutSeconds} = settingsOf('notify', schema, given)
  return {
    product: 'command',
    wants: (occasion) => on.includes(occasion),
    ready: async () => {
      const [program = ''] = run
      const path = program.includes('/')
        ? resolve(tools.world.project, program)
        : await findProgram(program, tools.world.environment)
      if (path !== null && (await mayRun(path))) return pass(`${path}, ${on.join(', ')}`)
      return fail(
        {
          fr: `${program} n’existe pas ou ne s’exécute pas`,
          en: `${program} is not there or cannot be run`,
        },
        {next: {fr: 'corriger notify dans postgate.yaml', en: 'correct notify in postgate.yaml'}},
      )
    },
    async send(message) {
      const text = messageText(tools, message)
      return pipe(tools, run, {text, occasion: message.occasion, timeoutMs: timeoutSeconds * 1_000})
    },
  }
}

const mayRun = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

async function pipe(
  {world, signal}: AdapterTools,
  [program = '', ...args]: readonly string[],
  {text, occasion, timeoutMs}: {text: string; occasion: string; timeoutMs: number},
): Promise<Judgement> {
  const {exit, stderr, failure} = await runProgram({
    ...{program, args, signal, timeoutMs, cwd: world.project, input: `${text}\n`, discard: true},
    env: childEnvironment({
      base: world.environment,
      mode: 'READ-ONLY',
      allow: [],
      extra: {POSTGATE_OCCASION: occasion},
    }),
  })
  return exit === 0
    ? pass(`${program}: 0`)
    : fail(withCause(`${program}: ${exit ?? failure ?? '?'}`, stderr))
}
