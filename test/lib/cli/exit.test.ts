// Goal: a command ends with its own code, whoever has stopped reading. Method: a program whose reader
// closes the pipe behind the first line, and one that never comes to a result.

import {spawn} from 'node:child_process'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'

const exit = suite('how a command ends')
const root = join(import.meta.dirname, '../../..')
const program = fileURLToPath(new URL('ending.ts', import.meta.url))
const loader = join(root, 'scripts/lib/loader/index.js')

function ends(how: string, leaves: readonly ('stdout' | 'stderr')[]) {
  const child = spawn(process.execPath, [`--import=${loader}`, program, how], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (leaves.includes('stderr')) child.stderr.destroy()
  })
  child.stdout.on('data', () => {
    if (leaves.includes('stdout')) child.stdout.destroy()
  })
  return new Promise<{code: number | null; said: string}>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({code, said}))
  })
}

for (const leaves of [['stdout'], ['stderr'], ['stdout', 'stderr']] as const) {
  exit(
    `a reader of ${leaves.join(' and ')} that leaves changes neither code nor work`,
    async () => {
      const {code, said} = await ends('all', leaves)
      assert.is(code, 3)
      assert.not.match(said, /EPIPE|Node\.js v/)
    },
  )
}

exit('what ends before its command has is no success', async () => {
  assert.is((await ends('silence', [])).code, 70)
})

exit.run()
