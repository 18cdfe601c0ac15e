// How every command ends: only here is everything caught. A `Problem` is told as what / why / next,
// anything else is a defect of ours (70).

import {scriptArguments} from '../base/entry.ts'
import {Problem} from '../domain/problem.ts'
import type {Lang} from '../domain/text.ts'
import {maskedFinally, pastable, writeProblemFile} from '../guard/final-message.ts'

/** Runs any command of the bundle, and turns what it throws into words and an exit code. */
export async function exitWith(command: () => Promise<number>): Promise<void> {
  withoutScreen()
  // A process that ends before its command has: only a result says otherwise.
  process.exitCode = 70
  try {
    process.exitCode = asksVersion() ? await showVersion() : await command()
  } catch (thrown) {
    const error = await expected(thrown)
    if (!(error instanceof Problem)) {
      const {defect} = await import('../words/problems.ts')
      process.stderr.write(maskedFinally(defect(error, requestedLang())))
      process.exitCode = 70
      return
    }
    writeProblemFile(error.parts)
    const {problemWords, problemJson} = await import('../words/problems.ts')
    if (scriptArguments().includes('--json'))
      process.stdout.write(maskedFinally(problemJson(error, requestedLang(), pastable)))
    const {onScreen} = await import('../base/screen.ts')
    const told = maskedFinally(problemWords(error, requestedLang(), pastable))
    process.stderr.write(onScreen(told, process.stderr))
    process.exitCode = error.parts.exit
  } finally {
    // A library's timer, or work that hangs beyond its time limit, must not keep alive a command that
    // has ended. What was printed is handed over first, and a reader that never reads is not waited for.
    process.stdout.write('', () => process.stderr.write('', () => process.exit()))
    setTimeout(() => process.exit(), 10_000).unref()
  }
}

/** A reader that went away (`| head`, a pager that was closed, a terminal that is gone) ends no run. */
function withoutScreen(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

const asksVersion = (): boolean =>
  scriptArguments().some((word) => word === '--version' || word === '-v')

/** Of the bundle, and of the Node that runs it: what a report of a fault needs. */
async function showVersion(): Promise<number> {
  const {bundleVersion} = await import('../base/bundle.ts')
  const {node} = process.versions
  process.stdout.write(`postgate ${bundleVersion()} (node ${node}, ${process.platform})\n`)
  return 0
}

async function expected(error: unknown): Promise<unknown> {
  if (error instanceof Problem) return error
  const {documentProblem} = await import('../base/document-problem.ts')
  const {diskProblem} = await import('../base/disk-problem.ts')
  const {missingProgram} = await import('../base/missing-program.ts')
  return documentProblem(error) ?? diskProblem(error) ?? (await missingProgram(error)) ?? error
}

function requestedLang(): Lang {
  const words = scriptArguments()
  return words.includes('--lang=en') || words[words.indexOf('--lang') + 1] === 'en' ? 'en' : 'fr'
}
