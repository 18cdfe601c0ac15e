// Runs one test file in a process of its own and tells the parent what came of it. uvu's own command
// calls a suite green whose `before` hook threw, that forgot `.run()`, or that ran under `.only`.

import {readFileSync} from 'node:fs'
import {pathToFileURL} from 'node:url'
import {z} from 'zod'
import type {Outcome} from './outcome.ts'
import {neverStarted, textFaults} from './text-faults.ts'

const suiteResult = z.tuple([
  z.union([z.string(), z.literal(true)]),
  z.number(),
  z.number(),
  z.number(),
])
const suiteRun = z.custom<() => Promise<unknown>>((value) => typeof value === 'function')

const [file = ''] = process.argv.slice(2)
const queue: unknown[] = []
Object.assign(globalThis, {UVU_DEFER: 1, UVU_INDEX: 0, UVU_QUEUE: [queue]})

const outcome = await outcomeOf(file)
process.send?.(outcome, () => process.disconnect())

async function outcomeOf(path: string): Promise<Outcome> {
  const source = readFileSync(path, 'utf8')
  const faults = textFaults(source)
  let passed = 0
  let failed = 0
  const errors: string[] = []
  try {
    await import(pathToFileURL(path).href)
    faults.push(...neverStarted(source, queue.length))
    for (const run of z.array(suiteRun).parse(queue)) {
      const [text, done, skipped, total] = suiteResult.parse(await run())
      passed += done
      failed += total - done
      if (typeof text === 'string') errors.push(text)
      else if (done < total) faults.push(`${total - done} of its tests never ran: a hook threw`)
      if (skipped > 0) faults.push(`${skipped} of its tests are skipped`)
    }
  } catch (error) {
    faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  if (passed + failed === 0) faults.push('it ran no test')
  return {passed, failed, errors, faults}
}
