// Two sandboxes that start at one moment never want the same port.

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {holdPorts} from '../../../scripts/lib/sandbox/ports.ts'

const ports = suite('ports of the sandbox')

ports('are held from their choice on: whoever kept the same ones gets others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'postgate-ports-'))
  try {
    const file = join(folder, 'ports.json')
    const first = await holdPorts(file)
    writeFileSync(file, JSON.stringify({...first.ports, postgres: 1, settled: true}))
    const second = await holdPorts(file)
    const all = [...Object.values(first.ports), ...Object.values(second.ports)]
    assert.is(new Set(all).size, 6)
    // Those of outgoing connections begin at 32768 on Linux, and above that elsewhere.
    assert.ok(
      all.every((port) => port >= 20_000 && port < 32_768),
      all.join(' '),
    )
    await Promise.all([first.release(), second.release()])
    const again = await holdPorts(file)
    assert.equal(again.ports, first.ports)
    await again.release()
    await again.release()
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
})

ports.run()
