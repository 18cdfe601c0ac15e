// Goal: a line that is printed about a server elsewhere reaches that server, whatever port, key and list of known
// hosts postgate.yaml names, and wherever it is pasted. Method: a project of its own and a real sshd on loopback;
// the doctor's and the plan's way to a first connection, then the ways back that a release prints.

import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parseDocument} from 'yaml'
import {offered} from '../helpers/offered.ts'
import {gitEnvironment} from '../helpers/repository.ts'
import {startSshd} from '../helpers/sshd.ts'
import {keys, sitAt} from '../helpers/terminal.ts'
import {operator, passGate, setUp, succeedA} from './first-release.ts'
import {type Place, places, says, types} from './lines.ts'
import {callOf, filledIn, startWalk} from './walk.ts'

const pasted = suite('lines about a server elsewhere')
const layout = 'inside'

pasted('connect it first, and go back on it', async () => {
  const walk = await startWalk(layout, {
    'src/index.html': '<!doctype html><title>Vitrine</title><h1>Vitrine</h1>\n',
    'tools/build.sh':
      '#!/bin/sh\nset -eu\nrm -rf dist\nmkdir dist\ncp src/* dist/\ndate +%s%N > dist/version.txt\n',
    '.gitignore': 'dist/\nrelease/node_modules\n',
  })
  const server = await startSshd(join(walk.project, '../sshd'))
  const going = {
    layout,
    tag: 'v1.0.0',
    flags: '--builder command --build tools/build.sh --output dist',
    over: {
      hosting: 'ssh',
      target: (folder: string) => `ssh://${server.user}@127.0.0.1:${server.port}${folder}`,
    },
  } as const
  const served = async () => (await fetch(`${walk.urls.staging}/version.txt`)).text()
  try {
    await setUp(walk, going, (text) => {
      const yaml = parseDocument(text)
      for (const environment of ['staging', 'production']) {
        const place = ['environments', environment, 'hosting']
        yaml.setIn([...place, 'identity'], server.identity)
        // In the project's own words, and with a blank in it.
        yaml.setIn([...place, 'knownHosts'], '../known hosts')
      }
      return yaml.toString()
    })
    // The steps' own commands, which are told as well, name their configuration instead.
    const about = (said: string) => [
      ...new Set(offered(said, 'ssh -p ').filter((line) => line.startsWith('ssh -p '))),
    ]
    const connects = new Set<string>()
    for (const [place, words] of [
      ['above', 'init --check'],
      ['within', 'staging --plan'],
      ['root', 'staging --plan'],
    ] as const) {
      const told = await says(walk, place, words)
      assert.is.not(told.code, 0, told.said)
      for (const line of about(told.said)) connects.add(line)
    }
    const [connect = '', ...others] = connects
    assert.equal(others, [], 'one and the same from everywhere')
    const seat = sitAt({
      ...{file: 'bash', args: ['-c', connect], cwd: '/', columns: 200},
      env: {...gitEnvironment, HOME: join(walk.project, '../home')},
    })
    await seat.sees(/continue connecting/)
    seat.types(`yes${keys.enter}`)
    assert.is(await seat.ended(), 0, `${connect}\n${seat.seen()}`)

    await passGate(walk, going)
    await succeedA(walk, going)
    const first = await served()

    // A second one waits for people, with the new version online.
    walk.later(1)
    const template = await walk.type(`${callOf(layout)} staging --answers-template`)
    walk.write(
      '../second.yaml',
      filledIn(template, operator).replace(/^ {2}"Validation métier":\n(?: {4}.*\n)+/m, ''),
    )
    const at = (place: Place) =>
      says(walk, place, 'staging', ` --answers ${place === 'above' ? '' : '../'}second.yaml`)
    const waits = await at('above')
    assert.is(waits.code, 4, waits.said)
    const second = await served()
    assert.is.not(second, first)
    const [byHand = '', ...more] = about(waits.said)
    assert.equal(more, [])
    assert.match(byHand, `-p ${server.port} -i ${server.identity}`)
    await types(walk, 'within', byHand)
    assert.is(await served(), first)

    const [undo = ''] = offered(waits.said).filter((line) => line.includes('--rollback'))
    assert.match(undo, `${places.above.call} staging --project clone --rollback RAISON`)
    const undone = await types(walk, 'above', undo)
    assert.is(undone.code, 1, undone.said)
    assert.match(undone.said, /Revenu à la version précédente/)
    assert.is(await served(), first)
  } finally {
    await walk.close()
    await server.close()
  }
})

pasted.run()
