// Goal: an incident that is declared while STAGING waits for a person is heard, and a critical one takes the
// version back before anybody's late yes. Method: scenario A on the sandbox, without the last answer.

import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {bundleWithSandbox} from '../helpers/bundle-runs.ts'

const waiting = suite('an incident while a run waits')

waiting('takes the version back, whatever is answered behind it', async () => {
  const bundle = await bundleWithSandbox()
  const run = async (script: string, words: readonly string[]) => {
    const {code, stdout, stderr} = await bundle.run([`scripts/${script}.ts`, ...words, '--sandbox'])
    return {code, said: stdout + stderr}
  }
  try {
    const own = readFileSync(bundle.paths.answers, 'utf8')
    const without = own.replace(/^ {2}"?Validation métier"?:\n(?: {4}.*\n)+/m, '')
    assert.not.equal(without, own)
    const answers = join(bundle.path, 'answers.yaml')
    writeFileSync(answers, without)
    const paused = await run('staging', ['--answers', answers])
    assert.is(paused.code, 4, paused.said)
    const declared = await run('incident', ['commandes perdues', '--critical', '--on', 'staging'])
    assert.is(declared.code, 0, declared.said)
    const status = await run('status', [])
    assert.match(status.said, /incident CRITIQUE STAGING déclaré par .* : commandes perdues/)
    // The answer is there now, and comes too late.
    const ended = await run('staging', [])
    assert.is(ended.code, 1, ended.said)
    assert.match(ended.said, /Incident critique déclaré/)
    const report = bundle.read(/docs\/DEPLOYMENT_REPORT_\S+\.md/.exec(ended.said)?.[0] ?? '')
    assert.match(report, /Rollback vérifié/)
    assert.match(report, /commandes perdues/)
  } finally {
    bundle.remove()
  }
})

waiting.run()
