// Goal: the guide's walk "a static site on one's own server", from an empty folder to a freeze, outside the
// sandbox: at most 6 commands to the first "Succeeded", one tag and one gate, and each message that is met on
// the way names what was then typed.
// Method: the bundle beside the project, and the machine's clock moved on where a person would wait. The
// watch is made short where a team would make it short: in its runbook.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {operator, passGate, setUp, succeedA} from './first-release.ts'
import {afterwards} from './second-half.ts'
import {assertFollows, callOf, startWalk} from './walk.ts'

const site = suite('a static site on one’s own server')
const root = join(import.meta.dirname, '../..')
const going = {
  layout: 'beside',
  tag: 'v1.0.0',
  flags: '--builder command --build tools/build.sh --output dist',
} as const

site('from an empty folder to a freeze', async () => {
  const walk = await startWalk(going.layout, {
    'src/index.html': '<!doctype html><title>Vitrine</title><h1>Vitrine</h1>\n',
    'tools/build.sh':
      '#!/bin/sh\nset -eu\nrm -rf dist\nmkdir dist\ncp src/* dist/\ndate +%s%N > dist/version.txt\n',
    '.gitignore': 'dist/\n',
  })
  try {
    const key = await setUp(walk, going)
    await passGate(walk, going)
    const succeeded = await succeedA(walk, going)
    assert.match(succeeded, /== Réussi/)
    assert.ok(walk.commands.length <= 6, walk.commands.join('\n'))
    const served = await fetch(`${walk.urls.staging}/`)
    assert.match(await served.text(), 'Vitrine')
    await afterwards(walk, {call: callOf(going.layout), key, operator})
    assertFollows(readFileSync(join(root, 'docs/walk-static-site.md'), 'utf8'), walk.commands)
  } finally {
    await walk.close()
  }
})

site.run()
