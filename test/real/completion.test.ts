// Goal: completion in the shells that are not on every machine. Method: real ones, which source the script;
// fish is asked what it would offer, zsh what its function adds, once its own system knows it.

import {spawnSync} from 'node:child_process'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {completionScript} from '../../scripts/lib/words/completion.ts'
import {temporaryFolder} from '../helpers/folder.ts'

const completion = suite('completion in real shells')

function answered(program: string, words: readonly string[], script: string): string[] {
  const home = temporaryFolder({script})
  try {
    const ran = spawnSync(program, [...words], {
      ...{cwd: home.path, encoding: 'utf8', timeout: 60_000},
      env: {PATH: process.env.PATH, HOME: home.path, XDG_CONFIG_HOME: home.path, TERM: 'dumb'},
    })
    assert.is(ran.status, 0, `${ran.error ?? ''}${ran.stderr}`)
    return ran.stdout.split('\n').filter((word) => word !== '')
  } finally {
    home.remove()
  }
}

const fish = (line: string) =>
  answered(
    'fish',
    ['--no-config', '-c', `source script; complete -C '${line}'`],
    completionScript('fish'),
  )

completion('fish offers commands, and the verbs and flags of the command', () => {
  assert.equal(fish('postgate sta'), ['staging', 'status'])
  assert.equal(fish('postgate gate o'), ['open'])
  assert.equal(fish('postgate staging --pl'), ['--plan'])
  assert.equal(fish('postgate audit --pl'), [])
})

const zsh = (words: readonly string[]) =>
  answered(
    'zsh',
    [
      ...['-f', '-c'],
      `source ./script; print -- $_comps[postgate]; compadd() { shift; print -l -- "$@" }
words=(${words.join(' ')} ''); CURRENT=${words.length + 1}; _postgate`,
    ],
    completionScript('zsh'),
  )

completion('zsh knows the function, which adds commands, verbs and flags', () => {
  const [known, ...commands] = zsh(['postgate'])
  assert.is(known, '_postgate')
  for (const name of ['staging', 'gate', 'completion']) assert.ok(commands.includes(name), name)
  const gate = zsh(['postgate', 'gate'])
  assert.equal(gate.slice(1, 4), ['open', 'check', 'nightly-post-mortem'])
  assert.ok(zsh(['postgate', 'staging']).includes('--plan'))
  assert.not.ok(zsh(['postgate', 'audit']).includes('--plan'))
})

completion.run()
