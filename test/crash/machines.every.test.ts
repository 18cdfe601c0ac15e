// Goal: one run at a time, across machines. Method: the real command, started at one moment on four and on
// eight machines that share nothing but the remote; whoever gets beyond the lease is held there until
// all others have ended, so that nobody can run after another. Then a run that is taken over while its
// process still lives.

import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Bundle, bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {elsewhere} from './elsewhere.ts'
import {heldAt, machines, refsOf} from './machines.ts'
import {killedAtEach, measure} from './matrix.ts'
import {noteResets, resetsOf} from './observed.ts'
import {stories} from './stories.ts'

const exclusive = suite('machines')
const command = ['scripts/staging.ts', '--sandbox']

for (const many of [4, 8]) {
  exclusive(`of ${many} starts at one moment from as many clones exactly one runs`, async () => {
    const base = await bundleWithSandbox()
    const names = Array.from({length: many}, (_, index) => `Opérateur ${index + 1}`)
    const all = await machines(base, names)
    try {
      const runs = all.map((machine) => heldAt(machine, command, /== Pré-requis/))
      const first = await Promise.all(
        runs.map(({stopped, ended}) => Promise.race([stopped.then(() => null), ended])),
      )
      const inside = runs.filter((_, index) => first[index] === null)
      for (const {goOn} of inside) goOn()
      const ended = await Promise.all(runs.map((run) => run.ended))
      assert.is(inside.length, 1, ended.map(({stderr}) => stderr).join('\n'))
      const winner = names[first.indexOf(null)] ?? ''
      for (const [index, {code, stdout, stderr}] of ended.entries()) {
        if (first[index] === null) {
          assert.is(code, 0, stdout + stderr)
          continue
        }
        assert.is(code, 3, stdout + stderr)
        assert.ok(stderr.includes(winner), `who: ${stderr}`)
        assert.match(stderr, /\d{8}-\d{6}-staging-[0-9a-f]{4}/, 'what')
        assert.match(stderr, /depuis le \d{4}-\d\d-\d\d|depuis \d/, 'since when')
      }
    } finally {
      for (const bundle of [...all, base]) bundle.remove()
    }
  })
}

exclusive(
  'a run that another machine takes over: the loser does and writes nothing more',
  async () => {
    const base = await bundleWithSandbox()
    await noteResets(base)
    const [loser, other] = await machines(base, ['Perdante', 'Reprenante'])
    if (loser === undefined || other === undefined) throw new Error('unreachable')
    try {
      const lost = heldAt(loser, command, /== Phase 1/)
      await lost.stopped
      const releases = releasesOn(loser)
      // Refused before it says that it wants the run, and why.
      const refused = await other.run(command)
      assert.is(refused.code, 3, refused.stdout + refused.stderr)
      assert.match(refused.stderr, /Perdante/)
      const taken = heldAt(
        other,
        [...command, '--take-over', 'Perdante ne répond plus'],
        /== Phase 4/,
      )
      await taken.stopped
      const refs = refsOf(base.paths.remote)
      lost.goOn()
      const ended = await lost.ended
      assert.is(ended.code, 3, ended.stdout + ended.stderr)
      assert.match(ended.stderr, /Reprenante/)
      const again = await loser.run(command)
      assert.is(again.code, 3, again.stdout + again.stderr)
      assert.is(refsOf(base.paths.remote), refs, 'the loser wrote to the remote')
      taken.goOn()
      const whole = await taken.ended
      assert.is(whole.code, 0, whole.stdout + whole.stderr)
      assert.is(await resetsOf(loser), 0)
      assert.is(await resetsOf(other), 1)
      assert.equal(releasesOn(loser), releases)
      const after = refsOf(base.paths.remote)
      const late = await loser.run([...command, '--rollback', 'je ne savais pas'])
      assert.is(late.code, 3, late.stdout + late.stderr)
      assert.match(late.stderr, /terminé sur un autre poste/)
      assert.is(refsOf(base.paths.remote), after)
      assert.equal(releasesOn(loser), releases)
    } finally {
      for (const bundle of [loser, other, base]) bundle.remove()
    }
  },
)

const releasesOn = ({paths}: Bundle) => readdirSync(join(paths.hosting.staging, 'releases')).sort()

exclusive('a watch that has ended is known elsewhere, to its last measurement', async () => {
  const opened = await stories(['production'])
  try {
    for (const story of opened.stories) {
      const measured = await measure(story)
      const {trial, left} = await killedAtEach(measured, ['after run-decided#1'], {
        other: elsewhere,
      })
      assert.equal(left, [])
      assert.equal(trial.differences, [])
    }
  } finally {
    opened.close()
  }
})

exclusive.run()
