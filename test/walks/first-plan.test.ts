// Goal: a project of which Postgate knows nothing comes to a plan that could start, in both layouts, without
// a failed line. Method: the first half of the walks.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {passGate, setUp} from './first-release.ts'
import {callOf, startWalk} from './walk.ts'

const first = suite('from a clone to a plan')

const files = {
  'src/index.html': '<!doctype html><title>Vitrine</title><h1>Vitrine</h1>\n',
  'tools/build.sh': '#!/bin/sh\nset -eu\nrm -rf dist\nmkdir dist\ncp src/* dist/\n',
  '.gitignore': 'dist/\nrelease/node_modules\n',
}

const going = {
  layout: 'inside',
  tag: 'v1.0.0',
  flags: '--builder command --build tools/build.sh --output dist',
} as const

first('with the bundle inside the project', async () => {
  const walk = await startWalk(going.layout, files)
  try {
    await setUp(walk, going)
    const check = await passGate(walk, going)
    assert.match(await walk.type(check), 'Complet')
    const plan = await walk.type(`${callOf(going.layout)} staging --plan`)
    assert.match(plan, /== Peut commencer\n/)
  } finally {
    await walk.close()
  }
})

first.run()
