// Goal: a project of which Postgate knows nothing comes to a plan that could start, in both layouts, without
// a failed line. Method: the first half of the walks.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {passGate, setUp} from './first-release.ts'
import {callOf, documentOf, startWalk, type Walk} from './walk.ts'

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
    const written = walk.read('runbooks/production.md') + walk.read('templates/freeze.md')
    assert.not.match(written, 'npx zx')
    assert.match(written, `\n${callOf(going.layout)} incident <constat> --critical\n`)
    const check = await passGate(walk, going)
    assert.match(await walk.type(check), 'Complet')
    const plan = await walk.type(`${callOf(going.layout)} staging --plan`)
    assert.match(plan, /== Peut commencer\n/)
    await theDoctorSays(walk, check)
  } finally {
    await walk.close()
  }
})

/** What `gate check` refuses, the doctor refuses with the same words. */
async function theDoctorSays(walk: Walk, check: string): Promise<void> {
  const gate = documentOf(walk, /^RELEASE_GATE_/)
  walk.write(gate, walk.read(gate).replace('- [x]', '- [ ]'))
  const told = await walk.type(check, 3)
  const [, open = ''] = /^- \[ \] \*\*(.+?)\*\*/m.exec(walk.read(gate)) ?? []
  assert.is(told.split(open).length, 2, `${open} stands once in\n${told}`)
  const doctor = await walk.type(`${callOf(going.layout)} init --check`, 3)
  for (const words of ['1 sur 7 non validées', `modifiés et non committés : ${gate}`]) {
    assert.match(told, words)
    assert.match(doctor, words)
  }
}

first.run()
