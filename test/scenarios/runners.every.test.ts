// Goal: a run moves from runner to runner and to a laptop and back, phase by phase, as the workflows do
// it: what one machine proved counts on the next, and what lay on it alone is made again.
// Method: a fresh clone of the bare remote, an empty cache and another operator for each phase.

import {execFileSync} from 'node:child_process'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {elsewhere} from '../crash/elsewhere.ts'
import {type Bundle, bundleWithSandbox, type Ran} from '../helpers/bundle-runs.ts'

const runners = suite('runners')

const said = ({stdout, stderr}: Ran): string => stdout + stderr
const remote = ({paths}: Bundle, ...words: string[]): string =>
  execFileSync('git', ['-C', paths.remote, ...words], {encoding: 'utf8'}).trim()

/** Another machine: nothing of the one before is left but what is on the remote. */
function machine(bundle: Bundle, operator: string): void {
  elsewhere(bundle)
  bundle.git('config', 'user.name', operator)
  bundle.git('config', 'user.email', 'operator@example.org')
}

const phase = (bundle: Bundle, script: string, ...args: string[]) =>
  bundle.run([`scripts/${script}`, '--sandbox', '--lang', 'en', ...args])

runners('each phase of scenario A on a machine of its own, and a laptop between them', async () => {
  const bundle = await bundleWithSandbox()
  try {
    machine(bundle, 'runner-1')
    const first = await phase(bundle, 'staging/1-preparation.ts')
    assert.is(first.code, 0, said(first))
    assert.not.match(said(first), 'Phase 2')

    // The second job's clone holds nothing: without a reason it is refused, and told by whom.
    machine(bundle, 'runner-2')
    const refused = await phase(bundle, 'staging/2-reset.ts')
    assert.is(refused.code, 3, said(refused))
    assert.match(said(refused), 'runner-1')
    assert.match(said(refused), '--take-over')
    const second = await phase(bundle, 'staging/2-reset.ts', '--take-over', 'job release, run 7')
    assert.is(second.code, 0, said(second))
    assert.match(said(second), 'back STAGING up outside git', 'the backup lay on the first runner')
    assert.match(said(second), 'Phase 2')
    assert.not.match(said(second), 'Phase 3')

    machine(bundle, 'laptop')
    const third = await phase(
      bundle,
      'staging/3-deployment.ts',
      '--take-over',
      'the runner is gone',
    )
    assert.is(third.code, 0, said(third))
    assert.not.match(said(third), 'reset_staging.sh', 'a reset is never done twice')

    machine(bundle, 'runner-4')
    const fourth = await phase(
      bundle,
      'staging/4-validation.ts',
      '--take-over',
      'job validation, run 8',
    )
    assert.is(fourth.code, 0, said(fourth))
    assert.not.match(said(fourth), 'flutter build', 'what is served is not built again')

    machine(bundle, 'laptop')
    const end = await phase(bundle, 'staging.ts', '--take-over', 'the documents, from here')
    assert.is(end.code, 0, said(end))
    assert.match(said(end), 'Succeeded')

    // One run all along: one journal, who had it when, one deployment, one outcome tag.
    const [record, ...others] = remote(
      bundle,
      'for-each-ref',
      '--format=%(refname)',
      'refs/postgate/runs/',
    ).split('\n')
    assert.equal(others, [])
    const journal = remote(bundle, 'grep', '-h', 'run-taken-over', record ?? '')
    assert.equal(
      [...journal.matchAll(/"operator":"([^"]+)"/g)].map(([, name]) => name),
      // A person of the roster, whatever a machine's git calls itself.
      Array.from({length: 4}, () => 'Claire Moreau'),
    )
    assert.is(remote(bundle, 'tag', '--list', 'staging-*').split('\n').length, 1)
    assert.is(remote(bundle, 'for-each-ref', 'refs/postgate/lease'), '')
    const audit = await bundle.run(['scripts/audit.ts', '--sandbox', '--lang', 'en'])
    assert.is(audit.code, 0, said(audit))
  } finally {
    bundle.remove()
  }
})

runners('a machine that lost the run stops at once, and says who has it', async () => {
  const bundle = await bundleWithSandbox()
  try {
    const first = await phase(bundle, 'staging/1-preparation.ts')
    assert.is(first.code, 0, said(first))
    const held = remote(bundle, 'rev-parse', 'refs/postgate/lease')
    machine(bundle, 'laptop')
    const taken = await phase(bundle, 'staging/2-reset.ts', '--take-over', 'the runner is gone')
    assert.is(taken.code, 0, said(taken))
    assert.is.not(remote(bundle, 'rev-parse', 'refs/postgate/lease'), held)

    // The first runner comes back, with its own clone and its own idea of the run.
    execFileSync('rm', ['-rf', bundle.paths.project])
    execFileSync('mv', [`${bundle.paths.root}/project-dead`, bundle.paths.project])
    const back = await phase(bundle, 'staging/2-reset.ts')
    assert.is(back.code, 3, said(back))
    assert.match(said(back), 'Claire Moreau')
  } finally {
    bundle.remove()
  }
})

runners.run()
