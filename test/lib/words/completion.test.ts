// Goal: what a shell offers is what `--help` tells, and every flag that is read is told. Method: the script is
// sourced by a real bash, and asked as bash asks it.

import {spawnSync} from 'node:child_process'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {completed, completionScript} from '../../../scripts/lib/words/completion.ts'

const completion = suite('completion')

function offered(...words: readonly string[]): string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ')
  const line = `COMP_WORDS=(postgate ${quoted}); COMP_CWORD=${words.length}; _postgate; printf '%s\\n' "\${COMPREPLY[@]}"`
  const ran = spawnSync('bash', ['--norc', '-c', `${completionScript('bash')}\n${line}`], {
    encoding: 'utf8',
  })
  assert.is(ran.status, 0, ran.stderr)
  assert.is(ran.stderr, '')
  return ran.stdout.split('\n').filter((word) => word !== '')
}

completion('in bash offers commands, then the verbs and flags of the command', () => {
  assert.equal(offered('sta'), ['staging', 'status'])
  assert.equal(offered('gate', 'o'), ['open'])
  assert.equal(offered('staging', '--pl'), ['--plan'])
  assert.equal(offered('staging', '--plan', '--re'), ['--rehearse'])
  assert.equal(offered('production', '--re'), [], 'a flag of another scenario')
  assert.equal(offered('freeze', '--ex'), ['--exit'])
  assert.equal(offered('completion', 'f'), ['fish'])
  assert.equal(offered('nonsense', '--p'), [])
})

completion('in bash offers files behind a flag that wants one', () => {
  assert.ok(offered('staging', '--answers', 'pack').includes('package.json'))
})

completion('knows what each command’s help tells', () => {
  const flags = (name: string) => completed().get(name) ?? []
  for (const flag of ['--plan', '--answers', '--take-over', '--sandbox', '--break'])
    assert.ok(flags('staging').includes(flag), flag)
  for (const flag of ['--check', '--hosting', '--only-staging', '--project'])
    assert.ok(flags('init').includes(flag), flag)
  assert.not.ok(flags('audit').includes('--plan'))
})

completion.run()
