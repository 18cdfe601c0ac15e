// Goal: the mask of a command knows the values of the env files, also of one that is refused, and of every
// variable that holds a token, by its name, by a password in an address, or because postgate.yaml names it.

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {projectSchema} from '../../../scripts/lib/domain/project.ts'
import {createMask} from '../../../scripts/lib/guard/mask.ts'
import {secretsOf} from '../../../scripts/lib/policy/secrets.ts'

const secrets = suite('secrets')
const root = mkdtempSync(join(tmpdir(), 'postgate-secrets-'))
const place = {url: 'https://www.example.org', hosting: {adapter: 'folder'}}
const project = projectSchema.parse({
  name: 'comptoir',
  builder: {adapter: 'flutter'},
  environments: {
    staging: {...place, envFile: 'env.staging'},
    production: {...place, envFile: 'env.production'},
  },
  notify: [{adapter: 'webhook', urlFrom: 'TEAM_CHAT'}],
})

async function maskOf(
  files: {readonly staging?: string; readonly production?: string},
  variables: Readonly<Record<string, string>> = {},
) {
  for (const name of ['staging', 'production'] as const)
    writeFileSync(join(root, `env.${name}`), files[name] ?? '')
  return createMask(await secretsOf(root, project, variables)).mask
}

secrets('a variable that holds a token is masked, however it is named', async () => {
  const variables = {
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG',
    PGPASSWORD: 'abra7',
    SIGNING_PASSPHRASE: 'open the gate',
    GH_PAT: 'ghp_x1y2z3a4b5',
    my_api_key: 'k-5512-aa',
    SUPABASE_SERVICE_ROLE_KEY: 'sb_role_1234',
    HTTPS_PROXY: 'http://mira:pa%24%24age@proxy.example.org:3128',
    REPORTING_DSN: 'postgresql://mira:reporting-pass@db.example.org/x',
    TEAM_CHAT: 'https://chat.example.org/services/T0/B0/x9y8z7',
  }
  const hide = await maskOf({}, variables)
  for (const value of Object.values(variables)) assert.is(hide(`<${value}>`), '<***>')
  for (const part of ['pa%24%24age', 'pa$$age', 'reporting-pass', '/services/T0/B0/x9y8z7'])
    assert.is(hide(`<${part}>`), '<***>')
})

secrets('a number, an address and the place of a key file are none', async () => {
  const variables = {
    MAX_TOKENS: '4096',
    OAUTH_TOKEN_URL: 'https://login.example.org/token',
    GOOGLE_APPLICATION_CREDENTIALS: join(root, 'env.staging'),
    HOME: '/home/m',
    LANG: 'fr_FR.UTF-8',
  }
  const hide = await maskOf({}, variables)
  for (const value of Object.values(variables)) assert.is(hide(value), value)
})

secrets('an env file that is refused hides its values all the same', async () => {
  const hide = await maskOf({
    production:
      'DB_PASSWORD=correcthorse\nnot a line, tr0ub4dor\nTOKEN="a b c d"\nAPP_NAME=boutique\n',
    staging: '{"token": "staple-77",\n "port": 3000,\n',
  })
  for (const value of ['correcthorse', 'a b c d', 'staple-77', 'not a line, tr0ub4dor'])
    assert.is(hide(`<${value}>`), '<***>', value)
  assert.is(hide('boutique 3000'), 'boutique 3000')
})

secrets('what stands deeper in an env file of JSON is masked', async () => {
  const hide = await maskOf({
    production: '{"mail": {"password": "abra7", "from": "comptoir-shop"}}',
  })
  assert.is(hide('<abra7>'), '<***>')
})

secrets('a word under a key that names a secret is masked, whatever it is called', async () => {
  const keys = ['ADMIN', 'WEBHOOK_SECRET', 'JWT', 'OTP', 'DB_PW', 'PEPPER', 'BEARER', 'COOKIE_HMAC']
  const hide = await maskOf({
    staging: keys.map((key) => `${key}=correct${key.length}\nAPP_FLAVOUR=vanilla\n`).join(''),
  })
  const word = await maskOf({staging: 'ADMIN=correcthorse\nDB_PW=battery\n'})
  assert.is(word('correcthorse battery'), '*** ***')
  assert.is(hide('vanilla'), 'vanilla')
})

secrets.after(() => rmSync(root, {recursive: true}))
secrets.run()
