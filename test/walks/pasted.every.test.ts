// Goal: each line that is printed on the way to a first release was pasted where it was printed, and worked.
// Method: what init, the doctor, the plan, the gate, lint and approve meet in a new project, one after the
// other, from its root, a folder in it and the folder above it, which lies outside its repository. Every line
// of ours, of git's and of the shell's that is offered is typed there; what is a person's is done by hand.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {offered} from '../helpers/offered.ts'
import {everywhere, follows, only, says, types} from './lines.ts'
import {documentOf, startWalk} from './walk.ts'

const pasted = suite('lines that are printed')

pasted('from nothing to a gate that holds', async () => {
  const walk = await startWalk('inside', {
    'src/index.html': '<!doctype html><title>Vitrine</title>\n',
    'tools/build.sh': '#!/bin/sh\nset -eu\nrm -rf dist\nmkdir dist\ncp src/* dist/\n',
    '.gitignore': 'dist/\nrelease/node_modules\n',
  })
  try {
    // Without a project file: init, which names what it wants to know.
    for (const place of everywhere) {
      const none = await says(walk, place, 'staging --plan')
      assert.is(none.code, 2)
      assert.is(only(await follows(walk, place, none.said)).code, 4, place)
    }
    const made = await says(
      walk,
      'above',
      'init',
      [
        ' --builder command --build tools/build.sh --output dist --hosting folder --database none',
        `--staging-target ${walk.roots.staging}/deeper --staging-url ${walk.urls.staging}`,
        `--production-target ${walk.roots.production} --production-url ${walk.urls.production}`,
      ].join(' '),
    )
    assert.is(made.code, 0, made.said)
    for (const place of everywhere) {
      const again = await says(walk, place, 'init')
      const check = only(await follows(walk, place, again.said))
      assert.is(check.code, 3, 'it says what is missing')
    }

    // Without a tag, where the doctor, the plan, the gate and the approval name one to be made.
    const before = await says(walk, 'within', 'gate check')
    assert.is(before.code, 2)
    assert.equal(offered(before.said), [
      'git -C .. tag -a v1.0.0 -m v1.0.0 && git -C .. push origin v1.0.0',
      'node ../release/scripts/postgate.js gate open --tag v1.0.0',
    ])
    for (const words of ['staging --plan', 'approve production --role PCA', 'decide']) {
      const told = await says(walk, 'above', words)
      assert.match(told.said, 'git -C clone tag -a v1.0.0', words)
    }

    // The doctor's lines, one after the other, until only people are missing.
    const doctor = await says(walk, 'above', 'init --check')
    const done = await follows(walk, 'above', doctor.said, /tag -a|gate open/)
    assert.match([...done.keys()].join('\n'), /git -C clone add .*postgate\.yaml[\s\S]*mkdir -p /)
    assert.is(await walk.type('git status --porcelain'), '')
    assert.is(await walk.type('git log --oneline origin/main..main'), '')

    // A tag that nobody else has, a gate that is not committed, one that is not filled in.
    await walk.type('git tag -a v1.0.0 -m v1.0.0')
    const unpublished = only(
      await follows(walk, 'above', (await says(walk, 'above', 'staging --plan')).said),
    )
    assert.match(unpublished.said, 'git -C clone push origin refs/tags/v1.0.0')
    await follows(walk, 'above', unpublished.said)
    const none = await says(walk, 'within', 'staging --plan')
    const opened = only(await follows(walk, 'within', none.said))
    assert.is(opened.code, 0, opened.said)
    const gate = documentOf(walk, /^RELEASE_GATE_/)
    const committed = [...(await follows(walk, 'within', opened.said))]
    assert.is(committed.at(-1)?.[1].code, 3, 'nothing is validated yet')
    walk.write(gate, walk.read(gate).replaceAll('- [ ]', '- [x]'))
    for (const [place, words] of [
      ['above', 'gate check'],
      ['within', 'init --check'],
      ['root', 'staging --plan'],
    ] as const) {
      const told = await says(walk, place, words)
      assert.is(told.code, 3, told.said)
      const commit = offered(told.said).filter((line) => line.includes(gate))
      assert.is(commit.length, 1, told.said)
      await types(walk, place, commit[0] ?? '')
      assert.is(await walk.type('git status --porcelain'), '')
      walk.append(gate, `\nRelu, ${place}.\n`)
    }
    await follows(walk, 'above', (await says(walk, 'above', 'gate check')).said)
    assert.is((await says(walk, 'root', 'gate check')).code, 0)
    for (const place of everywhere)
      assert.match((await says(walk, place, 'staging --plan')).said, '== Peut commencer')

    const nobody = await says(walk, 'above', 'approve production --role PCA')
    assert.match(nobody.said, /ne connaît personne/)
  } finally {
    await walk.close()
  }
})

pasted.run()
