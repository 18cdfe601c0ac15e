// Goal: in a READ-ONLY phase a host's CLI is signed in nowhere. Method: a small release whose project
// holds a script that does more than it says: it deploys for whoever is signed in under $HOME. It is run
// by a prerequisite, which is READ-ONLY, and by the build, which is not.

import {chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import type {ProjectEnvironment} from '../../../scripts/lib/domain/project.ts'
import type {AdapterTools} from '../../../scripts/lib/kit/adapter-tools.ts'
import type {Catalogue} from '../../../scripts/lib/kit/catalogue.ts'
import type {Hosting} from '../../../scripts/lib/kit/ports/hosting.ts'
import {type Lies, openStage, type Stage} from '../../faults/stage.ts'

const home = suite('home of READ-ONLY children')

const script = `#!/bin/sh
[ -f "$HOME/.config/configstore/firebase-tools.json" ] || [ -f "$XDG_CONFIG_HOME/configstore/firebase-tools.json" ] || exit 0
touch "$1"
`

home('no sign-in in the home folder serves a READ-ONLY command; the real one stays', async () => {
  const stage = await openStage()
  try {
    const signIn = join(stage.root, '.config/configstore')
    mkdirSync(signIn, {recursive: true})
    writeFileSync(join(signIn, 'firebase-tools.json'), '{}')
    const ended = await stage.run(looking(stage))
    assert.is(ended.exit, 0, ended.said)
    assert.not.ok(existsSync(join(stage.root, 'read-only')), 'deployed in READ-ONLY')
    assert.ok(existsSync(join(stage.root, 'executive')), 'EXECUTIVE has its home')
    assert.equal(readdirSync(join(stage.root, 'cache/homes')), [])
  } finally {
    await stage.close()
  }
})

/** The host's adapter runs the script when it is asked whether it is ready, and when it deploys. */
function looking(stage: Stage): Lies {
  const tool = join(stage.project, 'tool.sh')
  writeFileSync(tool, script)
  chmodSync(tool, 0o755)
  const [readOnly, executive] = [join(stage.root, 'read-only'), join(stage.root, 'executive')]
  return {
    runbook: (text) => text.replace('./build.sh\n', './build.sh\n./tool.sh <marque>\n'),
    catalogue: (real: Catalogue) => ({
      hosting: {
        ...real.hosting,
        folder: async () => {
          const make = await real.hosting.folder?.()
          if (make === undefined) throw new Error('no folder adapter')
          const looks = (tools: AdapterTools, settings: ProjectEnvironment): Hosting => {
            const hosting = make(tools, settings)
            return {
              ...hosting,
              ready: async () => {
                await tools.$`./tool.sh ${readOnly}`.run()
                return hosting.ready()
              },
              deploy: (artifact) => [
                ...[hosting.deploy(artifact)].flat(),
                tools.$`./tool.sh ${executive}`,
              ],
            }
          }
          return Object.assign(looks, {sample: make.sample})
        },
      },
    }),
  }
}

home.run()
