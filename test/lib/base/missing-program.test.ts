import {execFile, spawnSync} from 'node:child_process'
import {promisify} from 'node:util'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {missingProgram} from '../../../scripts/lib/base/missing-program.ts'

const missing = suite('missing program')
const errorOf = (name: string, cwd?: string): Promise<unknown> =>
  promisify(execFile)(name, [], {cwd}).then(
    () => null,
    (error: unknown) => error,
  )

missing('is told by its name, with what installs it', async () => {
  const path = process.env.PATH
  try {
    process.env.PATH = import.meta.dirname
    const told = await missingProgram(await errorOf('git'))
    assert.is(told?.parts.exit, 2)
    assert.match(JSON.stringify(told?.parts), 'apt-get install -y git')
    const other = await missingProgram(spawnSync('no-such-program').error)
    assert.match(JSON.stringify(other?.parts), 'no-such-program')
  } finally {
    process.env.PATH = path
  }
})

missing('is not what a folder that is not there is taken for', async () => {
  assert.is(await missingProgram(await errorOf('git', '/no/such/folder')), null)
  assert.is(await missingProgram(new Error('spawn git ENOENT')), null)
})

missing.run()
