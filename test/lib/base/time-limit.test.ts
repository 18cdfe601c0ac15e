// Goal: a server that never answers ends a question, also behind a collection of garbage. Method: a
// process of its own that collects all the time.

import {spawnSync} from 'node:child_process'
import {resolve} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {timeLimit} from '../../../scripts/lib/base/time-limit.ts'

const limits = suite('time limit')

limits('comes, however often garbage is collected', () => {
  const module = resolve('scripts/lib/base/time-limit.ts')
  const program = `
    const {timeLimit} = await import(${JSON.stringify(module)})
    const http = await import('node:http')
    const server = http.createServer(() => {}).listen(0, '127.0.0.1', async () => {
      const timer = setInterval(() => globalThis.gc(), 20)
      const {port} = server.address()
      const signal = timeLimit(300, new AbortController().signal)
      await fetch('http://127.0.0.1:' + port, {signal}).catch((error) => console.log(error.name))
      clearInterval(timer)
      server.closeAllConnections()
      server.close()
    })`
  const words = ['--expose-gc', '--import=typescript-when-needed', '--input-type=module']
  const ran = spawnSync(process.execPath, [...words, '-e', program], {timeout: 120_000})
  assert.is(String(ran.stdout).trim(), 'TimeoutError', String(ran.stderr))
})

limits('ends with the signal that it was given, at once where that has ended', () => {
  const stop = new AbortController()
  const limited = timeLimit(60_000, stop.signal)
  assert.not(limited.aborted)
  stop.abort(new Error('interrupted'))
  assert.is(limited.reason.message, 'interrupted')
  assert.ok(timeLimit(60_000, stop.signal).aborted)
})

limits.run()
