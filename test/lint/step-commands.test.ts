// Every command that a host may need is told to lint, also where only the world decides whether it runs.

import {resolve} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {catalogue} from '../../scripts/lib/catalogue.ts'
import {stepCommands} from '../../scripts/lib/tools/lint/step-commands.ts'
import {testProject} from '../helpers/world.ts'

const commands = suite('commands of steps')

const environment = (hosting: object, more: object = {}) =>
  testProject({
    environments: {
      staging: {envFile: 'env', url: 'https://app.example.org', hosting, ...more},
    },
  })

async function told(project: ReturnType<typeof environment>) {
  const found = await stepCommands(catalogue, project, resolve('.'))
  return (step: string, text: RegExp) =>
    found.filter((each) => each.step === step && text.test(each.text)).map(({owed}) => owed)
}

commands(
  'vercel: a promotion is owed wherever something is deployed, and on the way forward',
  async () => {
    const found = await told(environment({adapter: 'vercel'}))
    assert.equal(found('deploy', /^vercel promote /), [true])
    assert.equal(found('return-to-checkpoint', /^vercel promote /), [true])
    assert.equal(found('restore-previous', /^vercel rollback /), [true])
    assert.equal(found('restore-previous', /^vercel promote /), [])
  },
)

commands('a purge is owed after each switch, in the words of postgate.yaml', async () => {
  const folder = {adapter: 'folder', root: '/srv/app'}
  const found = await told(environment(folder, {purge: 'scripts/purge.sh --all'}))
  for (const step of ['deploy', 'restore-previous', 'return-to-checkpoint']) {
    assert.equal(found(step, /^scripts\/purge\.sh --all$/), [true], step)
  }
  const none = await told(environment(folder))
  assert.equal(none('deploy', /purge/), [])
})

commands.run()
