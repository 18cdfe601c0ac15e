// Goal: no single edit that leaves a visible box or annotation takes a gate away in silence. Method: 2,500 generated ones
// of the shipped runbook; one that is lost is printed with its line.

import {readFileSync} from 'node:fs'
import fc from 'fast-check'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {readRunbook} from '../../../scripts/lib/policy/runbook.ts'
import {edits} from './edits.ts'
import {gatesOf, isSafe, path} from './reading.ts'

const lint = suite('every edit of a runbook')

lint('leaves the gates as they are, or is told', async () => {
  const source = readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
  const gates = gatesOf(await readRunbook(source, path))
  await fc.assert(
    fc.asyncProperty(edits(source), async (edit) => {
      assert.ok(await isSafe(edit.source, gates), edit.what)
    }),
    {numRuns: 2_500, seed: 13},
  )
})

lint.run()
