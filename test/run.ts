#!/usr/bin/env -S npx zx
// `npm test`: every test file in its own process, a few at a time, and at the end one line with what
// passed and failed. Nothing that ran no test, skipped one or died counts as green.
//
//   npx zx test/run.ts [--kind real] [--timeout SECONDS] [PART OF A PATH ...]
//
// A file may take 15 minutes unless told: a loaded machine is slow, and only what hangs is to be ended.

import {mkdtempSync, rmSync} from 'node:fs'
import {availableParallelism, tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {scriptArguments} from '../scripts/lib/base/entry.ts'
import {kinds, longestFirst, recordDurations, testFiles} from './runner/files.ts'
import {endAll, type FileRun, runFile} from './runner/process.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const {values, positionals} = parseArgs({
  args: [...scriptArguments()],
  allowPositionals: true,
  options: {kind: {type: 'string'}, timeout: {type: 'string'}},
})
const kind = kinds.find((each) => each === values.kind) ?? null
if (kind === null && values.kind !== undefined) {
  console.error(`--kind ${values.kind}: known are ${kinds.join(', ')}`)
  process.exit(2)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    endAll()
    process.exit(130)
  })
}
// What test files share (a sandbox as it is born), made by the first that needs it.
const shared = mkdtempSync(join(tmpdir(), 'postgate-shared-'))
process.env.POSTGATE_TEST_SHARED = shared
process.on('exit', () => rmSync(shared, {recursive: true, force: true, maxRetries: 5}))
process.exitCode = await runAll(testFiles(root, kind, positionals))

async function runAll(files: readonly string[]): Promise<number> {
  const runs = await inTurn(longestFirst(root, files))
  recordDurations(root, Object.fromEntries(runs.map(({file, seconds}) => [file, seconds])))
  const bad = runs.filter(isBad).sort((a, b) => a.file.localeCompare(b.file))
  if (bad.length > 0) console.log(`\n${bad.map(words).join('\n')}`)
  if (runs.length === 0) console.log(`no test file matches ${positionals.join(' ') || '*.test.ts'}`)
  const passed = runs.reduce((sum, run) => sum + run.passed, 0)
  const failed = runs.reduce((sum, run) => sum + failures(run), 0)
  console.log(`\n${passed} passed, ${failed} failed`)
  return failed > 0 || passed === 0 ? 1 : 0
}

async function inTurn(files: readonly string[]): Promise<FileRun[]> {
  const waiting = [...files]
  const runs: FileRun[] = []
  const timeoutMs = Number(values.timeout ?? 900) * 1000
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const run = {...(await runFile(join(root, file), timeoutMs)), file}
      runs.push(run)
      console.log(line(run))
    }
  }
  await Promise.all(Array.from({length: Math.min(4, availableParallelism() + 1)}, worker))
  return runs
}

function failures({failed, faults}: FileRun): number {
  return failed + faults.length
}

function isBad(run: FileRun): boolean {
  return failures(run) > 0
}

function line(run: FileRun): string {
  const count = isBad(run) ? `${failures(run)} failed` : `${run.passed}`
  const time = `${run.seconds.toFixed(1)} s`.padStart(8)
  return `${isBad(run) ? '✘' : '✔'} ${time}  ${run.file} (${count})`
}

function words(run: FileRun): string {
  const printed = run.output.replace(/^.*[•✘].*\(\d+ \/ \d+\)\s*$/gm, '').trim()
  return [
    `── ${run.file}`,
    ...run.faults.map((fault) => `  FAIL  ${fault}`),
    ...run.errors.map((error) => error.trimEnd()),
    ...(printed === '' ? [] : ['  printed:', ...printed.split('\n').map((text) => `    ${text}`)]),
    '',
  ].join('\n')
}
