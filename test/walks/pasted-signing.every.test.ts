// Goal: once the gate holds, each line that waits for people was pasted where it was printed, and worked.
// Method: the plan of PRODUCTION with its drill and its approval, which two people could sign; STAGING, which
// waits; a runbook that cannot be followed. From the project's root, a folder in it and the folder above it.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {offered} from '../helpers/offered.ts'
import {passGate, setUp} from './first-release.ts'
import {everywhere, follows, places, says, types} from './lines.ts'
import {startWalk} from './walk.ts'

const pasted = suite('lines that wait for people')

const going = {
  layout: 'inside',
  tag: 'v1.0.0',
  flags: '--builder command --build tools/build.sh --output dist',
} as const

/** The one line of a kind that is offered. */
function theOne(said: string, kind: RegExp): string {
  const [line, ...more] = offered(said).filter((each) => kind.test(each))
  assert.ok(line !== undefined && more.length === 0, `${kind} is not offered once in\n${said}`)
  return line
}

pasted('a drill, an approval, a run that waits, a broken runbook', async () => {
  const walk = await startWalk('inside', {
    'src/index.html': '<!doctype html><title>Vitrine</title>\n',
    'tools/build.sh': '#!/bin/sh\nset -eu\nrm -rf dist\nmkdir dist\ncp src/* dist/\n',
    '.gitignore': 'dist/\nrelease/node_modules\n',
  })
  try {
    await setUp(walk, going)
    await passGate(walk, going)

    // A second PCA, not committed yet: git's line commits what names them, and nothing else is left.
    await walk.enter('Luc Petit', 'luc@example.org', 'PCA')
    const unsaved = await says(walk, 'above', 'production --plan')
    await follows(walk, 'above', unsaved.said, /postgate\.js/)
    assert.is(await walk.type('git status --porcelain'), '')
    assert.is(await walk.type('git log --oneline origin/main..main'), '')

    const approvals = new Map<string, string>()
    for (const place of everywhere) {
      const plan = await says(walk, place, 'production --plan')
      assert.is(plan.code, 3, plan.said)
      approvals.set(place, theOne(plan.said, / approve .*production /))
      const drill = await types(walk, place, theOne(plan.said, / --rollback drill/))
      assert.is(drill.code, 3, 'nothing was released yet')
      theOne(drill.said, / staging/)
    }
    const at = {root: '../', within: '../../', above: ''}
    for (const place of everywhere) {
      const which = await types(walk, place, approvals.get(place) ?? '')
      assert.is(which.code, 3, which.said)
      const his = theOne(which.said, / --name paul@example\.org/)
      theOne(which.said, / --name luc@example\.org/)
      const early = await types(
        walk,
        place,
        `${his} --key ${at[place]}paul@example.org --confirm v1.0.0`,
      )
      assert.match(early.said, 'Approbateur : Paul Roy, PCA')
      assert.match(early.said, 'avant la fin de la validation de STAGING')
    }

    for (const place of everywhere) {
      const waits = await says(walk, place, 'staging')
      assert.is(waits.code, 4, waits.said)
      const again = await types(walk, place, theOne(waits.said, /postgate\.js staging/))
      assert.is(again.code, 4, again.said)
      assert.match(again.said, 'reprise de')
      // Once signed, it is asked for no more.
      const asked = offered(waits.said).filter((line) => / approve .*staging /.test(line))
      assert.is(asked.length, place === 'root' ? 1 : 0, waits.said)
      if (asked[0] === undefined) continue
      const key = `${at[place]}claire@example.org`
      const signed = await types(walk, place, `${asked[0]} --key ${key} --confirm v1.0.0`)
      assert.is(signed.code, 0, signed.said)
    }

    walk.write(
      'runbooks/staging.md',
      walk.read('runbooks/staging.md').replace('check: tag', 'check: tagg'),
    )
    for (const place of everywhere) {
      const told = await says(walk, place, 'staging --plan')
      assert.is(told.code, 2, told.said)
      const lint = theOne(told.said, /postgate\.js lint/)
      const found = await walk.try(`${places[place].to}${lint}`)
      assert.is(found.code, 2, found.said)
      assert.match(found.said, /runbooks\/staging\.md:\d+:\d+: contrôle inconnu « tagg »/)
    }
  } finally {
    await walk.close()
  }
})

pasted.run()
