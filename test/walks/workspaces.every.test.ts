// Goal: a site in an npm workspace on Netlify, its bundle just put inside and known to nobody, comes to
// "Succeeded" of A with six commands and no failed run: what the build lacks is said before the tag.
// Method: a team's repository as such repositories are; Netlify's API a fake, its CLI a stand-in that checks
// its words, npm real; what is printed is typed.

import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {fakeHost} from '../helpers/fake-host.ts'
import {standIns} from '../helpers/vendor-stand.ts'
import {passGate, succeedA} from './first-release.ts'
import {callOf, startWalk} from './walk.ts'

const workspaces = suite('a site in a workspace on Netlify')
const going = {layout: 'inside', tag: 'v1.5.0', flags: ''} as const
const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`

/** Stands for a bundler: a file of a hash for a name, and the variables that bear its prefix. */
const bundler = `#!/usr/bin/env node
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
mkdirSync('out/assets', {recursive: true})
const said = \`document.querySelector('#root').textContent = \${JSON.stringify(process.env.VITE_ENV ?? 'production')}\`
writeFileSync('out/assets/index-1a2b.js', said)
writeFileSync('out/index.html', readFileSync('index.html', 'utf8').replace('/src/main.ts', '/assets/index-1a2b.js'))
`

const repository = {
  'package.json': json({
    ...{name: 'vitrine', private: true, workspaces: ['apps/*', 'packages/*']},
    scripts: {build: 'npm run build --workspaces --if-present'},
  }),
  'apps/site/package.json': json({
    ...{name: '@vitrine/site', version: '1.4.2', type: 'module'},
    scripts: {build: 'bundle build'},
    dependencies: {bundle: 'file:../../tools/bundle'},
  }),
  'apps/site/index.html':
    '<!doctype html><title>Vitrine</title><div id="root"></div><script type="module" src="/src/main.ts"></script>\n',
  'apps/site/src/main.ts':
    "const env = import.meta.env.VITE_ENV ?? 'production'\nif (env === 'staging') console.log(env)\n",
  'apps/site/.env.example': 'VITE_ENV=development\n',
  'packages/ui/package.json': json({
    name: '@vitrine/ui',
    version: '1.0.0',
    scripts: {test: 'true'},
  }),
  'tools/bundle/package.json': json({
    name: 'bundle',
    version: '1.0.0',
    type: 'module',
    bin: 'bundle.js',
  }),
  'tools/bundle/bundle.js': bundler,
  'netlify.toml':
    '[build]\n  command = "npm run build"\n  publish = "apps/site/out"\n\n[[redirects]]\n  from = "/*"\n  to = "/index.html"\n  status = 200\n',
  '.gitignore': 'node_modules\nout\n',
}

workspaces('from a clone to Succeeded, and a plan that means it', async () => {
  const hosts = {
    staging: await fakeHost('netlify'),
    production: await fakeHost('netlify', '', {called: 'essai-prod'}),
  }
  const walk = await startWalk(going.layout, repository)
  const call = callOf(going.layout)
  try {
    walk.write(
      '../bin/netlify',
      `#!/bin/sh\n[ "$1" = --version ] && exec echo netlify-cli/25.6.2 linux-x64\nexec node ${join(standIns, 'netlify')} "$@"\n`,
    )
    await walk.type('chmod +x ../bin/netlify')
    await walk.type('npm install --silent --ignore-scripts && git rm -rq --cached release')
    await walk.type('git add package-lock.json tools && git commit -qm Paquets && git push -q')
    await walk.type(
      `${call} init --staging-target essai --production-target essai-prod --staging-url ${hosts.staging.site} --production-url ${hosts.production.site}`,
    )
    const yaml = walk.read('postgate.yaml')
    assert.match(yaml, 'output: apps/site/out')
    assert.match(yaml, 'envFile: apps/site/.env.staging')
    for (const [name, {api, token}] of [
      ['staging', hosts.staging],
      ['prod', hosts.production],
    ] as const)
      walk.write(
        `apps/site/.env.${name}`,
        `NETLIFY_API_URL=${api}\nNETLIFY_AUTH_TOKEN=${token}\nVITE_ENV=${name}\n`,
      )
    await walk.type('chmod 600 apps/site/.env.*')
    await walk.enter('Claire Moreau', 'claire@example.org', 'Release Manager')
    await walk.enter('Paul Roy', 'paul@example.org', 'PCA')

    const doctor = await walk.type(`${call} init --check`, 3)
    assert.match(doctor, 'bundle vient de node_modules')
    const install = /npm pkg set [^;\n]*/.exec(doctor)?.[0] ?? ''
    await walk.type(install)
    const commit = /git add [^\n]*/.exec(doctor)?.[0] ?? ''
    assert.match(commit, / release /)
    assert.not.match(commit, 'release/')
    await walk.type(`git add package.json && ${commit.replace(' -- ', ' -- package.json ')}`)
    assert.is(await walk.type('git status --porcelain'), '')
    await walk.type(`git tag -a ${going.tag} -m ${going.tag} && git push -q origin ${going.tag}`)
    await passGate(walk, going)
    assert.match(await succeedA(walk, going), /== Réussi/)
    const served = await fetch(`${hosts.staging.site}/assets/index-1a2b.js`)
    assert.match(await served.text(), '"staging"')
    assert.is(walk.commands.filter((line) => !line.includes('--check')).length, 5)
  } finally {
    await walk.close()
    await hosts.staging.close()
    await hosts.production.close()
  }
})

workspaces.run()
