'use strict'
// Runs a CLI and writes down what it was asked, printed and ended with: RECORDER_FILE, a line a call.

const {spawnSync} = require('node:child_process')
const {appendFileSync} = require('node:fs')

const [script, ...args] = process.argv.slice(2)
const {status, stdout, stderr} = spawnSync(process.execPath, [script, ...args], {
  stdio: ['ignore', 'pipe', 'pipe'],
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
})
appendFileSync(
  process.env.RECORDER_FILE,
  `${JSON.stringify({args, exit: status ?? 1, stdout, stderr})}\n`,
)
process.stdout.write(stdout)
process.stderr.write(stderr)
process.exitCode = status ?? 1
