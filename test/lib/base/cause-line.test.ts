// Goal: why a program failed, out of what it printed. Method: what programs really print: rsync 3.5 on a
// full disk, OpenSSH behind rsync and git, psql, curl, a CLI in colours.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {causeLine, withCause} from '../../../scripts/lib/base/cause-line.ts'

const cause = suite('the line that tells why')

const outputs: readonly (readonly [string, string, string])[] = [
  [
    'rsync on a full disk',
    'rsync: [receiver] write failed on "/srv/a": No space left on device (28)\nrsync error: error in file IO (code 11) at receiver.c(657) [receiver=3.5.0]\nrsync: [sender] write error: Broken pipe (32)\n',
    'No space left on device',
  ],
  [
    'rsync whose ssh was refused',
    'deploy@www.example.org: Permission denied (publickey).\nrsync: connection unexpectedly closed (0 bytes received so far) [sender]\nrsync error: unexplained error (code 255) at io.c(232) [sender=3.5.0]\n',
    'deploy@www.example.org: Permission denied (publickey).',
  ],
  [
    'git whose ssh was refused',
    'git@forge.example.org: Permission denied (publickey).\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.\n',
    'git@forge.example.org: Permission denied (publickey).',
  ],
  ['git by itself', 'hint: x\nfatal: bad object HEAD\nmore\n', 'fatal: bad object HEAD'],
  [
    'a warning is no cause',
    'warning: ~/.config: Permission denied\nerror: lib/main.dart:3: Expected an identifier\nBuild failed.\n',
    'Expected an identifier',
  ],
  [
    'colours',
    '\u001B[1m\u001B[31mError:\u001B[39m\u001B[22m no such site\nHaving trouble? Try --help\n',
    'Error: no such site',
  ],
  [
    'psql',
    'psql:a.sql:3: ERROR:  relation "x" does not exist\nCONTEXT: y\n',
    'ERROR:  relation "x"',
  ],
  ['nothing that is known', 'step one\nstep two\n', 'step two'],
  ['nothing at all', ' \n', ''],
]

for (const [title, output, expected] of outputs) {
  cause(title, () => {
    const found = causeLine(output)
    assert.ok(expected === '' ? found === '' : found.includes(expected), found)
  })
}

cause('stands behind how the program ended', () => {
  assert.is(
    withCause('exit 11', outputs[0]?.[1] ?? ''),
    `exit 11: ${causeLine(outputs[0]?.[1] ?? '')}`,
  )
  assert.is(withCause('exit 1', ''), 'exit 1')
})

cause.run()
