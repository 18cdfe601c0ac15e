// Goal: the guide's walk to a server elsewhere, from an empty folder to a freeze, outside the sandbox: at most
// 6 commands to the first "Succeeded", one tag and one gate.
// Method: as the walk to a folder of this machine, over a real sshd on loopback on a port of its own, with a
// key that the person made for it and a list of known hosts in the project.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parseDocument} from 'yaml'
import {startSshd} from '../helpers/sshd.ts'
import {operator, passGate, setUp, succeedA} from './first-release.ts'
import {afterwards} from './second-half.ts'
import {assertFollows, callOf, startWalk} from './walk.ts'

const site = suite('a static site on one’s own server, over SSH')
const root = join(import.meta.dirname, '../..')

site('from an empty folder to a freeze', async () => {
  const walk = await startWalk('beside', {
    'src/index.html': '<!doctype html><title>Vitrine</title><h1>Vitrine</h1>\n',
    'tools/build.sh':
      '#!/bin/sh\nset -eu\nrm -rf dist\nmkdir dist\ncp src/* dist/\ndate +%s%N > dist/version.txt\n',
    '.gitignore': 'dist/\n',
  })
  const server = await startSshd(join(walk.project, '../sshd'))
  const going = {
    layout: 'beside',
    tag: 'v1.0.0',
    flags: '--builder command --build tools/build.sh --output dist',
    over: {
      hosting: 'ssh',
      target: (folder: string) => `ssh://${server.user}@127.0.0.1:${server.port}${folder}`,
    },
  } as const
  try {
    const key = await setUp(walk, going, (text) => {
      const yaml = parseDocument(text)
      for (const environment of ['staging', 'production']) {
        const place = ['environments', environment, 'hosting']
        assert.is(yaml.getIn([...place, 'port']), server.port)
        yaml.setIn([...place, 'identity'], server.identity)
        yaml.setIn([...place, 'knownHosts'], server.knownHosts)
      }
      return yaml.toString()
    })
    await passGate(walk, going)
    assert.match(await succeedA(walk, going), /== Réussi/)
    assert.ok(walk.commands.length <= 6, walk.commands.join('\n'))
    const served = await fetch(`${walk.urls.staging}/`)
    assert.match(await served.text(), 'Vitrine')
    await afterwards(walk, {call: callOf(going.layout), key, operator})
    assertFollows(readFileSync(join(root, 'docs/walk-ssh.md'), 'utf8'), walk.commands)
  } finally {
    await walk.close()
    await server.close()
  }
})

site.run()
