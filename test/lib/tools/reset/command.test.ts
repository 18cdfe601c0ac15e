// Goal: nothing is dropped without both guards, given on the command line itself, and a sound project.
// Method: the command on a real STAGING, twice through its door as a runbook calls it.

import {spawnSync} from 'node:child_process'
import {cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {shapeText} from '../../../../scripts/lib/adapters/database/shape-file.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import {resetStaging} from '../../../../scripts/lib/tools/reset/command.ts'
import {fixtures, productionRef, stagingRef, testServer} from '../../../helpers/postgres.ts'

const command = suite('reset command')
const server = await testServer()
const shape = await server.shape()
await server.staging('staging')
const bundle = join(import.meta.dirname, '../../../..')
const folder = mkdtempSync(join(tmpdir(), 'postgate-command-'))

// Where PROD's database would answer: whoever knocks there is counted.
let opened = 0
const prod = createServer((socket) => {
  opened++
  socket.destroy()
})
await new Promise<void>((resolve) => prod.listen(0, '127.0.0.1', resolve))
const address = prod.address()
const port = typeof address === 'object' ? address?.port : undefined

const project = `name: essai
builder: {adapter: flutter}
database: {shape: shape.sql, migrations: migrations, reference: [units, categories], mayChange: [log_actions]}
environments:
  staging:
    envFile: env/.env.staging
    url: http://127.0.0.1
    hosting: {adapter: folder}
    database: {url: STAGING_DB_URL, ref: STAGING_PROJECT_REF}
  production:
    envFile: env/.env.prod
    url: http://127.0.0.1
    hosting: {adapter: folder}
    database: {url: PROD_DB_URL, ref: PROD_PROJECT_REF}
`
// The env file tries to give the guards: that must count for nothing.
const guardLines = `CONFIRM_STAGING_RESET=I_UNDERSTAND_THIS_WILL_DROP_PUBLIC\nALLOW_STAGING_RESET=true\n`
const sound = () => {
  mkdirSync(join(folder, 'env'), {recursive: true})
  mkdirSync(join(folder, 'deep/inside'), {recursive: true})
  cpSync(join(fixtures, 'migrations'), join(folder, 'migrations'), {recursive: true})
  const files = {
    'postgate.yaml': project,
    'shape.sql': shapeText(shape),
    'env/.env.staging': `${guardLines}STAGING_DB_URL=${server.url('staging')}\nSTAGING_PROJECT_REF=${stagingRef}\n`,
    'env/.env.prod': `PROD_DB_URL=postgresql://postgres.${productionRef}:secret@127.0.0.1:${port}/postgres\nPROD_PROJECT_REF=${productionRef}\n`,
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
}

const guards = {
  CONFIRM_STAGING_RESET: 'I_UNDERSTAND_THIS_WILL_DROP_PUBLIC',
  ALLOW_STAGING_RESET: 'true',
}
const rows = async () =>
  (await server.query('staging', 'select count(*)::int as n from public.orders'))[0]?.n

async function refuses(environment: Record<string, string>, exit: number, words: RegExp) {
  try {
    await resetStaging(['--project', folder], environment)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const {what, why = '', next = '', at} = error.parts
    const told = [what, why, next].map((text) => inLang(text, 'en')).join(' ')
    assert.match(`${told} ${at?.path ?? ''}`, words)
    assert.not.match(told, 'secret')
    assert.is(error.parts.exit, exit)
    assert.is(await rows(), 5)
    return
  }
  assert.unreachable('it went through')
}

const wrong: Readonly<Record<string, readonly [Record<string, string>, RegExp]>> = {
  'no guard at all, whatever the env file says': [{}, /CONFIRM_STAGING_RESET is missing/],
  'the first guard alone': [
    {CONFIRM_STAGING_RESET: guards.CONFIRM_STAGING_RESET},
    /ALLOW_STAGING_RESET is missing/,
  ],
  'the second guard alone': [{ALLOW_STAGING_RESET: 'true'}, /CONFIRM_STAGING_RESET is missing/],
  'a misspelt first guard': [
    {...guards, CONFIRM_STAGING_RESET: 'I_UNDERSTAND'},
    /CONFIRM_STAGING_RESET is/,
  ],
  'a misspelt second guard': [{...guards, ALLOW_STAGING_RESET: 'TRUE'}, /ALLOW_STAGING_RESET is/],
  'an empty guard': [{...guards, ALLOW_STAGING_RESET: ''}, /ALLOW_STAGING_RESET is/],
  'another URL in the environment than in the env file': [
    {...guards, STAGING_DB_URL: 'postgresql://u:secret@10.0.0.1/postgres'},
    /STAGING_DB_URL of the environment is not the one/,
  ],
}

for (const [name, [environment, words]] of Object.entries(wrong)) {
  command(`refuses ${name}`, async () => {
    sound()
    await refuses(environment, 3, words)
  })
}

const broken: Readonly<Record<string, readonly [string, string, number, RegExp]>> = {
  'a shape that is no shape': ['shape.sql', '{"format": 1}', 2, /no readable shape/],
  'a migration that never ends': [
    'migrations/2.sql',
    "select 'x",
    2,
    /migrations\/2\.sql:1 cannot be run/,
  ],
  'a malformed project file': ['postgate.yaml', 'name: [', 2, /postgate\.yaml:1/],
  'a malformed env file': ['env/.env.staging', 'nonsense', 2, /env\/\.env\.staging:1/],
  'an env file without URL': [
    'env/.env.staging',
    `STAGING_PROJECT_REF=${stagingRef}\n`,
    3,
    /STAGING_DB_URL is missing/,
  ],
  'equal refs in both env files': [
    'env/.env.prod',
    `PROD_PROJECT_REF=${stagingRef}\n`,
    3,
    /the ref is the one of PROD/,
  ],
  'a reference table that does not exist': [
    'postgate.yaml',
    project.replace('units,', 'unites,'),
    ...([3, /not found: unites/] as const),
  ],
}

for (const [name, [path, text, exit, words]] of Object.entries(broken)) {
  command(`drops nothing before it finds ${name}`, async () => {
    sound()
    writeFileSync(join(folder, path), text)
    await refuses(guards, exit, words)
    rmSync(join(folder, 'migrations/2.sql'), {force: true})
  })
}

/** As a person or a runbook calls it: from anywhere, with no loader in the environment. */
function door(environment: Readonly<Record<string, string>>) {
  const {NODE_OPTIONS: _, ...rest} = process.env
  const result = spawnSync(join(bundle, 'scripts/reset_staging.sh'), {
    cwd: join(folder, 'deep/inside'),
    env: {...rest, ...environment},
    encoding: 'utf8',
  })
  return {status: result.status, told: result.stdout + result.stderr}
}

command(
  'its door refuses with 3, and then resets the project around the caller’s folder',
  async () => {
    sound()
    const refused = door({})
    assert.is(refused.status, 3)
    assert.match(refused.told, 'CONFIRM_STAGING_RESET')
    assert.is(await rows(), 5)
    const done = door(guards)
    assert.match(done.told, /STAGING remise à vide : 6 tables, 3 migrations, 2 référentiels/)
    assert.is(done.status, 0)
    assert.not.match(done.told, 'secret')
    assert.is(await rows(), 0)
  },
)

command('PROD’s database was never opened, refused or not', () => assert.is(opened, 0))

command.after(async () => {
  await server.stop()
  prod.close()
  rmSync(folder, {recursive: true, force: true})
})
command.run()
