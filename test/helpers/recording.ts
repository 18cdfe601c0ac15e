// Exchanges with the vendors' real CLIs, as `POSTGATE_RECORD=1 npm run test:hosting` wrote them down. The
// ordinary tests replay them; the hosting tests compare them with what the CLI says today.

import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {z} from 'zod'
import type {Product} from './fake-host.ts'

const callSchema = z.object({
  args: z.array(z.string()),
  exit: z.number(),
  stdout: z.string(),
  stderr: z.string(),
})
const recordingSchema = z.object({
  cli: z.string(),
  scenes: z.record(
    z.string(),
    z.object({calls: z.array(callSchema), requests: z.array(z.string())}),
  ),
})
export type Call = z.output<typeof callSchema>
export type Recording = z.output<typeof recordingSchema>

export const recordingPath = (product: Product): string =>
  resolve(`test/fixtures/hosting/recorded/${product}.json`)

export const readRecording = (product: Product): Recording =>
  recordingSchema.parse(JSON.parse(readFileSync(recordingPath(product), 'utf8')))

export const readCalls = (file: string): Call[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => callSchema.parse(JSON.parse(line)))

/** Without what differs from one run to the next: ports, folders, times, terminal codes. */
export const settled = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's own
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    .replace(/127\.0\.0\.1(:|%3A|%253A)\d+/g, '127.0.0.1$11')
    .replace(/\/[^\s'"]*\/cache\/hosting/g, '<cache>/hosting')
    .replace(/\b\d+(\.\d+)?m?s\b/g, '0s')
    .replace(/Node\.js [\d.]+/g, 'Node.js')
    .replace(/"tokens": \{[^}]*\}/g, '"tokens": {}')

/** A `bin` folder whose program answers each call as it was recorded, and any other with exit 99. */
export function replaying(product: Product, calls: readonly Call[], root: string): string {
  const bin = join(root, 'bin')
  mkdirSync(bin, {recursive: true})
  writeFileSync(join(root, 'calls.json'), JSON.stringify(calls))
  writeFileSync(
    join(bin, product),
    `#!${process.execPath}
const calls = require(${JSON.stringify(join(root, 'calls.json'))})
const port = /127\\.0\\.0\\.1(:|%3A|%253A)\\d+/g
const words = process.argv.slice(2).map((word) => word.replace(port, '127.0.0.1$11'))
const call = calls.find(({args}) => JSON.stringify(args) === JSON.stringify(words))
process.stdout.write(call ? call.stdout : '')
process.stderr.write(call ? call.stderr : 'not recorded: ' + words.join(' '))
process.exitCode = call ? call.exit : 99
`,
  )
  chmodSync(join(bin, product), 0o755)
  return bin
}
