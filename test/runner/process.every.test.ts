// Goal: no test file can look green without having proved something. Method: each way of doing so is a
// fixture; the runner must see through every one.

import {existsSync, readFileSync} from 'node:fs'
import {setTimeout as pause} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type FileRun, runFile} from './process.ts'
import {neverStarted, textFaults} from './text-faults.ts'

const runner = suite('runner')

const fixture = (name: string, timeoutMs = 60_000): Promise<FileRun> =>
  runFile(fileURLToPath(new URL(`../fixtures/runner/${name}.ts`, import.meta.url)), timeoutMs)

runner('counts what passed and what failed', async () => {
  const [fine, wrong] = await Promise.all([fixture('passes'), fixture('fails')])
  assert.equal([fine.passed, fine.failed, fine.faults], [2, 0, []])
  assert.equal([wrong.passed, wrong.failed, wrong.faults], [1, 1, []])
  assert.match(wrong.errors.join(), 'one is two')
  assert.match(wrong.errors.join(), 'fails.ts:7')
})

const hidden: readonly [string, RegExp][] = [
  ['never-run', /never calls \.run\(\)/],
  ['never-run', /ran no test/],
  ['one-of-two-run', /suite second never calls/],
  ['before-throws', /a hook threw/],
  ['only', /\.only\(/],
  ['skips', /\.skip\(/],
  ['dies', /ended before its tests did \(exit 0\)/],
  ['waits-for-nothing', /ended before its tests did/],
  ['throws-on-load', /thrown while loading/],
]

const runs = new Map<string, Promise<FileRun>>()

for (const [name, fault] of hidden) {
  runner(`sees through ${name}: ${fault.source}`, async () => {
    const run = runs.get(name) ?? fixture(name)
    runs.set(name, run)
    assert.match((await run).faults.join('\n'), fault)
  })
}

runner('ends a file that takes too long, and the processes it started', async () => {
  const run = await fixture('too-long', 6000)
  assert.match(run.faults.join(), 'ran longer than 6 s')
  const child = Number(/child (\d+)/.exec(run.output)?.[1])
  assert.ok(child > 0, run.output)
  for (let looks = 0; isAlive(child) && looks < 50; looks += 1) await pause(100)
  assert.not.ok(isAlive(child))
})

// An ended process stays visible until somebody reaps it, which in a bare container is nobody.
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const stat = `/proc/${pid}/stat`
  return !existsSync(stat) || !/\) [ZX] /.test(readFileSync(stat, 'utf8'))
}

runner('finds no fault in the text of an ordinary file', () => {
  const text = "const a = suite('a')\nconst b = suite('b')\nfor (const each of [a, b]) each.run()\n"
  assert.equal(textFaults(text), [])
  assert.equal(neverStarted(text, 2), [])
  assert.equal(neverStarted(text, 1), ['its suite a or b never calls .run()'])
})

runner.run()
