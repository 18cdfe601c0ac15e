// Goal: what a formatter made of the shipped runbooks runs as they do. Method: each formatter's result in the bundle, then
// the sandbox, from its birth to a deployment that was validated, and the audit of what was written.

import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {copyOfBundle} from '../helpers/bundle.ts'
import {editors} from '../helpers/editors.ts'

const scenario = suite('runbooks behind an editor')

for (const [editor, pass] of Object.entries(editors)) {
  scenario(`${editor}: the sandbox runs, and its documents are as recorded`, async () => {
    const bundle = await copyOfBundle()
    try {
      const folder = join(bundle.path, 'runbooks')
      const names = readdirSync(folder).filter((name) => name.endsWith('.md'))
      const before = names.map((name) => [name, readFileSync(join(folder, name), 'utf8')])
      for (const [name, text] of Object.entries(await pass(Object.fromEntries(before))))
        writeFileSync(join(folder, name), text)
      const linted = await bundle.run('lint.ts', ['--sandbox'])
      assert.is(linted.exit, 0, linted.said)
      const ran = await bundle.run('staging.ts', ['--sandbox'])
      assert.is(ran.exit, 0, ran.said)
      const audited = await bundle.run('audit.ts', ['--sandbox'])
      assert.is(audited.exit, 0, audited.said)
    } finally {
      bundle.remove()
    }
  })
}

scenario.run()
