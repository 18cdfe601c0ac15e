// Tells the team through a program of its own: the message goes to its standard input, never into its
// arguments, so that nothing in it can be read as one.

import {z} from 'zod'
import {withCause} from '../../base/cause-line.ts'
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
    async send(message) {
      const text = messageText(tools, message)
      return pipe(tools, run, {text, occasion: message.occasion, timeoutMs: timeoutSeconds * 1_000})
    },
  }
}

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
