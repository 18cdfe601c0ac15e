// Goal: the guide's walk "a project without a database", from an empty folder to a freeze, outside the
// sandbox: at most 6 commands to the first "Succeeded", one tag and one gate, and nothing asked that only a
// database could answer.
// Method: as the walk of a static site, with the bundle in the project's folder `release/`, a build by npm and a critical
// page named in postgate.yaml.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {operator, passGate, setUp, succeedA} from './first-release.ts'
import {afterwards} from './second-half.ts'
import {assertFollows, callOf, documentOf, startWalk} from './walk.ts'

const without = suite('a project without a database')
const root = join(import.meta.dirname, '../..')
const going = {layout: 'inside', tag: 'v1.0.0', flags: ''} as const

without('from an empty folder to a freeze', async () => {
  const walk = await startWalk(going.layout, {
    'package.json':
      '{"name": "horaires", "private": true, "scripts": {"build": "node build.mjs"}}\n',
    'build.mjs': [
      "import {mkdirSync, rmSync, writeFileSync} from 'node:fs'",
      "rmSync('dist', {recursive: true, force: true})",
      "mkdirSync('dist/tarifs', {recursive: true})",
      "writeFileSync('dist/index.html', '<!doctype html><title>Horaires</title><h1>Horaires</h1>')",
      "writeFileSync('dist/tarifs/index.html', '<!doctype html><title>Tarifs</title><h1>Tarifs</h1>')",
      "writeFileSync('dist/version.json', JSON.stringify({at: Date.now()}))\n",
    ].join('\n'),
    '.gitignore': 'dist/\nnode_modules\n',
  })
  try {
    const key = await setUp(walk, going, (yaml) =>
      yaml.replaceAll(
        'modules: []',
        'modules: [{path: /tarifs/, title: Tarifs, contains: Tarifs}]',
      ),
    )
    await passGate(walk, going)
    assert.not.match(walk.read(documentOf(walk, /^RELEASE_GATE_/)), /Migrations|RLS/)
    assert.match(await succeedA(walk, going), /== Réussi/)
    assert.ok(walk.commands.length <= 6, walk.commands.join('\n'))
    const report = walk.read(documentOf(walk, /^DEPLOYMENT_REPORT_/))
    assert.match(report, `\`${callOf(going.layout)} status\``)
    assert.not.match(report, 'npx zx')
    const answers = walk.read('../answers.yaml')
    assert.match(answers, /^ {2}"Sans base de données":$/m)
    assert.not.match(answers, /Variables d'environnement/)
    assert.not.match(answers, /^ {2}"(Modules critiques|Écriture d'audit|Schéma conforme)":$/m)
    await afterwards(walk, {call: callOf(going.layout), key, operator})
    assertFollows(readFileSync(join(root, 'docs/walk-no-database.md'), 'utf8'), walk.commands)
  } finally {
    await walk.close()
  }
})

without.run()
