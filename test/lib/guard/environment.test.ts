import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {childEnvironment, deploymentTokens} from '../../../scripts/lib/guard/environment.ts'

const environment = suite('child environment')

const tokens = Object.fromEntries(deploymentTokens.map((name) => [name, 'x']))
const base = {
  PATH: '/bin',
  HOME: '/home/u',
  LANG: 'fr_FR.UTF-8',
  LC_TIME: 'C',
  NODE_OPTIONS: '--import=x',
  npm_config_node_options: '--import=x',
  ZX_PREFIX: 'x',
  PGHOST: 'elsewhere',
  GIT_DIR: '/x',
  BASH_ENV: '/x',
  LD_PRELOAD: '/x',
  RANDOM_THING: 'x',
  MY_HOST_TOKEN: 'x',
  STAGING_DB_URL: 'x',
  ...tokens,
}

environment('starts from a list of names', () => {
  const made = childEnvironment({base, mode: 'EXECUTIVE'})
  assert.equal(Object.keys(made).sort(), ['HOME', 'LANG', 'LC_TIME', 'PATH'])
})

environment('no token passes in READ-ONLY, even where it is asked for', () => {
  const allow = [...deploymentTokens, 'MY_HOST_TOKEN']
  const made = childEnvironment({base, mode: 'READ-ONLY', allow, extra: {FIREBASE_TOKEN: 'y'}})
  assert.equal(Object.keys(made).sort(), ['HOME', 'LANG', 'LC_TIME', 'PATH'])
})

environment('EXECUTIVE gets the tokens it names, and no other', () => {
  const made = childEnvironment({base, mode: 'EXECUTIVE', allow: ['VERCEL_TOKEN']})
  assert.is(made.VERCEL_TOKEN, 'x')
  assert.is(made.FIREBASE_TOKEN, undefined)
})

environment('an SSH agent signs for EXECUTIVE commands alone', () => {
  const given = {...base, SSH_AUTH_SOCK: '/run/agent'}
  const made = (mode: 'READ-ONLY' | 'EXECUTIVE') => childEnvironment({base: given, mode})
  assert.is(made('EXECUTIVE').SSH_AUTH_SOCK, '/run/agent')
  assert.is(made('READ-ONLY').SSH_AUTH_SOCK, undefined)
})

environment('what redirects node, npm, zx, git or the driver never passes', () => {
  const allow = Object.keys(base)
  const made = childEnvironment({base, mode: 'EXECUTIVE', allow})
  for (const name of [
    'NODE_OPTIONS',
    'npm_config_node_options',
    'ZX_PREFIX',
    'PGHOST',
    'GIT_DIR',
    'BASH_ENV',
    'LD_PRELOAD',
  ]) {
    assert.is(made[name], undefined, name)
  }
  assert.is(made.RANDOM_THING, 'x')
})

environment("what the engine sets itself passes: hooks, one command's PG variables", () => {
  const extra = {GIT_CONFIG_COUNT: '1', PGHOST: '127.0.0.1'}
  const made = childEnvironment({base, mode: 'READ-ONLY', extra})
  assert.is(made.GIT_CONFIG_COUNT, '1')
  assert.is(made.PGHOST, '127.0.0.1')
})

environment('READ-ONLY has no home in which a host could be signed in', () => {
  const made = childEnvironment({base, mode: 'READ-ONLY', privateHome: '/empty'})
  assert.is(made.HOME, '/empty')
  assert.is(made.XDG_CONFIG_HOME, '/empty')
  assert.is(made.PUB_CACHE, '/home/u/.pub-cache')
})

environment.run()
