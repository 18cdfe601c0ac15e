// Goal: STAGING and PRODUCTION are known to be one place however that is written: links, hard links, other
// spellings, redirects, keys; and two places are left alone. Method: real folders, env files and servers.

import {linkSync, mkdirSync, symlinkSync} from 'node:fs'
import {hostname} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {addressKey, databaseKey, hostKey} from '../../../scripts/lib/domain/place-names.ts'
import {projectSchema} from '../../../scripts/lib/domain/project.ts'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import {readEnvFile} from '../../../scripts/lib/policy/env-file.ts'
import {
  separationOf,
  sharedByBoth,
  sharedByRedirects,
} from '../../../scripts/lib/proofs/separation.ts'
import {temporaryFolder} from '../../helpers/folder.ts'
import {loopbackServer} from '../../helpers/server.ts'

const apart = suite('environments apart')

const refs = {staging: 'abcdefghijklmnopqrst', production: 'zyxwvutsrqponmlkjihg'}

interface Told {
  readonly staging?: object
  readonly production?: object | null
  readonly envs?: Readonly<Record<string, string>>
  readonly variables?: Readonly<Record<string, string>>
  /** What lies in the project's folder, besides. */
  readonly prepare?: (root: string) => void
}

const database = {url: 'DB_URL', ref: 'REF'}
const own = (name: 'staging' | 'production') => ({
  ...{envFile: `env/.env.${name}`, url: `https://${name}.example.org`},
  hosting: {adapter: 'folder', root: `srv/${name}`},
})
const envOf = (name: 'staging' | 'production') =>
  `DB_URL=postgresql://postgres:geheim@db.${refs[name]}.supabase.co:5432/postgres\nREF=${refs[name]}\n`

const projectOf = ({staging = {}, production = {}}: Told) =>
  projectSchema.parse({
    ...{name: 'essai', builder: {adapter: 'flutter'}},
    environments: {
      staging: {...own('staging'), ...staging},
      ...(production !== null && {production: {...own('production'), ...production}}),
    },
  })

/** The keys that both share, and what is said of them. */
async function shared(told: Told): Promise<readonly [string, string][]> {
  const folder = temporaryFolder({
    'env/.env.staging': envOf('staging'),
    'env/.env.production': envOf('production'),
    ...told.envs,
  })
  for (const name of ['staging', 'production'])
    mkdirSync(join(folder.path, 'srv', name), {recursive: true})
  told.prepare?.(folder.path)
  const project = projectOf(told)
  const {staging, production} = project.environments
  const env = (path = 'nowhere') => readEnvFile(join(folder.path, path), path)
  try {
    const found = await sharedByBoth({
      ...{project, root: folder.path, variables: told.variables ?? {}},
      envs: {staging: await env(staging.envFile), production: await env(production?.envFile)},
    })
    return found.map(({key, what}) => [key, inLang(what, 'en')])
  } finally {
    folder.remove()
  }
}
const keys = async (told: Told) => (await shared(told)).map(([key]) => key)

apart('two places are two, and a project without PRODUCTION has none to meet', async () => {
  const both = {staging: {database}, production: {database}}
  assert.equal(await shared(both), [])
  assert.equal(await shared({production: null}), [])
  assert.is(separationOf([]).verdict, 'pass')
})

const folder = (root: string) => ({hosting: {adapter: 'folder', root}})

apart('one folder, by another spelling, above, below, behind links and by its number', async () => {
  const same: readonly Told[] = [
    {staging: folder('srv/production')},
    {staging: folder('./srv/../srv/production/')},
    {staging: folder('srv')},
    // A link to what is not there yet, by way of another.
    {
      prepare: (root) => {
        symlinkSync('srv/new', join(root, 'link'))
        symlinkSync(join(root, 'link'), join(root, 'further'))
      },
      ...{staging: folder('further/www'), production: folder('srv/new')},
    },
    {staging: folder('srv/production/www')},
    {
      prepare: (root) => symlinkSync(join(root, 'srv/production'), join(root, 'link')),
      staging: folder('link'),
    },
    {
      prepare: (root) => symlinkSync(join(root, 'srv'), join(root, 'link')),
      staging: folder('link/production'),
    },
    {
      prepare: (root) => symlinkSync(join(root, 'srv/production'), join(root, 'link')),
      staging: folder('link/new'),
    },
    {
      prepare: (root) => {
        mkdirSync(join(root, 'srv/production/releases'))
        symlinkSync(join(root, 'srv/production/releases'), join(root, 'srv/staging/releases'))
      },
    },
    {
      prepare: (root) => {
        mkdirSync(join(root, 'srv/staging/releases/1'), {recursive: true})
        symlinkSync(join(root, 'srv/staging/releases/1'), join(root, 'srv/production/current'))
      },
    },
  ]
  for (const [index, told] of same.entries())
    assert.equal(await keys(told), ['hosting'], String(index))
  for (const root of ['srv/production-2', 'srv/prod', 'other'])
    assert.equal(await keys({staging: folder(root)}), [], root)
})

const ssh = (host: string, root: string, more: object = {}) => ({
  hosting: {adapter: 'ssh', host, root, ...more},
})

apart('hosts elsewhere: machine and root, site, project and target', async () => {
  const pairs: readonly (readonly [object, object, boolean])[] = [
    [ssh('deploy@www.example.org', '/srv/app'), ssh('root@WWW.example.org', '/srv/app'), true],
    [
      ssh('www.example.org', '/srv/app'),
      ssh('www.example.org', '/srv/app/staging', {port: 22}),
      true,
    ],
    [ssh('www.example.org', '/srv/app'), ssh('www.example.org', '/srv/app2'), false],
    [ssh('a.example.org', '/srv/app'), ssh('b.example.org', '/srv/app'), false],
    [ssh('www.example.org', '/srv/app'), ssh('www.example.org', '/srv/app', {port: 2222}), false],
    ...(
      [
        [{project: 'app'}, {project: 'app'}, true],
        [{project: 'app'}, {project: 'other', site: 'app'}, true],
        [{project: 'app', site: 'app-staging'}, {project: 'app'}, false],
      ] as const
    ).map(
      ([a, b, is]) =>
        [
          {hosting: {adapter: 'firebase', ...a}},
          {hosting: {adapter: 'firebase', ...b}},
          is,
        ] as const,
    ),
    [
      {hosting: {adapter: 'netlify', site: 'app'}},
      {hosting: {adapter: 'netlify', site: 'app'}},
      true,
    ],
    [
      {hosting: {adapter: 'netlify', site: 'a', id: 'x'}},
      {hosting: {adapter: 'netlify', site: 'b', id: 'x'}},
      true,
    ],
    [{hosting: {adapter: 'netlify', site: 'a'}}, {hosting: {adapter: 'netlify', site: 'b'}}, false],
    [{hosting: {adapter: 'own', x: 1}}, {hosting: {adapter: 'own', x: 1}}, true],
    [{hosting: {adapter: 'own', x: 1}}, {hosting: {adapter: 'own', x: 2}}, false],
  ]
  for (const [staging, production, is] of pairs)
    assert.equal(
      await keys({staging, production}),
      is ? ['hosting'] : [],
      JSON.stringify([staging, production]),
    )
})

apart('a folder of this machine that is named over SSH by the machine’s own name', async () => {
  const prepare = (root: string) => symlinkSync(join(root, 'srv/production'), join(root, 'link'))
  const over = (host: string, more: object = {}) => ({
    prepare,
    staging: folder('link'),
    production: ssh(`deploy@${host}`, '/', more),
  })
  // As `root` the whole machine: it holds every folder.
  for (const host of ['localhost', '127.0.0.1', hostname()])
    assert.equal(await keys(over(host)), ['hosting'], host)
  const {staging, production} = over('localhost')
  assert.equal(await keys({prepare, staging: production, production: staging}), ['hosting'])
  const elsewhere = ssh('localhost', '/srv/a-folder-of-nobody')
  assert.equal(await keys({prepare, staging: folder('link'), production: elsewhere}), [])
  // Another machine, and what may be a tunnel to one: the host itself is asked later.
  assert.equal(await keys(over('www.example.org')), [])
  assert.equal(await keys(over('localhost', {port: 2222})), [])
})

apart('a host that is named by variables: those of the process are both’s', async () => {
  const vercel = {hosting: {adapter: 'vercel'}}
  const told = {staging: vercel, production: vercel}
  const envs = (a: string, b: string) => ({
    'env/.env.staging': `VERCEL_PROJECT_ID=${a}\n`,
    'env/.env.production': `VERCEL_PROJECT_ID=${b}\n`,
  })
  assert.equal(await keys({...told, envs: envs('a', 'b')}), [])
  assert.equal(await keys({...told, envs: envs('a', 'a')}), ['hosting'])
  const variables = {VERCEL_PROJECT_ID: 'prj_1'}
  assert.equal(await keys({...told, envs: envs('a', 'b'), variables}), ['hosting'])
  const netlify = (site: string) => ({hosting: {adapter: 'netlify', site}})
  const two = {staging: netlify('a'), production: netlify('b')}
  assert.equal(await keys({...two, variables: {NETLIFY_SITE_ID: 'x'}}), ['hosting'])
})

apart('one address, however it is written', async () => {
  for (const url of [
    'https://production.example.org/',
    'HTTPS://Production.Example.org:443',
    'http://production.example.org/#/x',
    'https://production.example.org./?a',
  ])
    assert.equal(await keys({staging: {url}}), ['url'], url)
  for (const url of [
    'https://production.example.org:8443',
    'https://production.example.org/staging',
  ])
    assert.equal(await keys({staging: {url}}), [], url)
  assert.is(addressKey('http://127.0.0.1:80/a/'), addressKey('https://localhost/a'))
  assert.is(hostKey('u@[::1]'), 'localhost')
})

apart('one env file: the same path, a link, a hard link', async () => {
  assert.ok((await keys({staging: {envFile: 'env/.env.production'}})).includes('envFile'))
  assert.ok((await keys({staging: {envFile: './env//.env.production'}})).includes('envFile'))
  for (const link of [symlinkSync, linkSync])
    assert.ok(
      (
        await keys({
          staging: {envFile: 'env/other'},
          prepare: (root) => link(join(root, 'env/.env.production'), join(root, 'env/other')),
        })
      ).includes('envFile'),
    )
})

apart(
  'one database: its ref, its address, its project behind a pooler; a value is never said',
  async () => {
    const staging = (lines: string) => ({
      ...{staging: {database}, production: {database}},
      envs: {'env/.env.staging': lines},
    })
    const {production: ref} = refs
    const cases: readonly (readonly [string, number])[] = [
      [`DB_URL=postgresql://u:p@db.${refs.staging}.supabase.co/postgres\nREF=${ref}`, 1],
      [`DB_URL=postgresql://other:p2@db.${ref}.supabase.co:6543/postgres\nREF=${refs.staging}`, 1],
      [
        `DB_URL=postgresql://postgres.${ref}:p@aws-0-eu.pooler.supabase.com:6543/postgres\nREF=${refs.staging}`,
        1,
      ],
      [
        `DB_URL=postgresql://postgres.${refs.staging}:p@aws-0-eu.pooler.supabase.com:6543/postgres\nREF=${refs.staging}`,
        0,
      ],
      [`DB_URL=postgresql://u:p@db.${ref}.supabase.co/postgres\nREF=${ref}`, 2],
    ]
    for (const [lines, count] of cases) {
      const found = await shared(staging(lines))
      assert.is(found.length, count, lines)
      for (const [key, said] of found) {
        assert.is(key, 'database')
        assert.match(said, '(env/.env.staging) and')
        assert.not.match(said, ref)
      }
    }
    assert.is(
      databaseKey('postgres://a@HOST/app'),
      databaseKey('postgresql://b:c@host:5432/app?sslmode=require'),
    )
    assert.is.not(databaseKey('postgres://a@host/app'), databaseKey('postgres://a@host/app2'))
    assert.is.not(databaseKey('postgres://a@host:5433/app'), databaseKey('postgres://a@host/app'))
    assert.is(databaseKey('not an address'), null)
  },
)

/** Whether two addresses are said to lead to one place; a server answers by its path. */
async function led(answer: (path: string, url: string) => string | null): Promise<number> {
  const server = await loopbackServer((request, response) => {
    const to = answer(request.url ?? '', server.url)
    if (to === null) response.end('page')
    else response.writeHead(302, {location: to}).end()
  })
  try {
    const project = projectOf({
      staging: {url: `${server.url}/staging`},
      production: {url: `${server.url}/production/`},
    })
    return (await sharedByRedirects({fetch}, project)).length
  } finally {
    await server.close()
  }
}

apart('redirects are followed: to each other, and to a third place that is both’s', async () => {
  assert.is(await led(() => null), 0)
  assert.is(await led((path) => (path === '/staging' ? '/production' : null)), 1)
  assert.is(await led((path, url) => (path === '/production/' ? `${url}/staging/` : null)), 1)
  assert.is(
    await led((path) => (path === '/staging' ? '/a' : path === '/a' ? '/production' : null)),
    1,
  )
  assert.is(await led((path) => (path === '/app' ? null : '/app')), 1)
  assert.is(await led((path) => (path.endsWith('/fr') ? null : `${path}/fr`)), 0)
  // In a circle, nowhere, and to what is no address: led no further, and at an end.
  assert.is(
    await led((path) => (path === '/staging' ? '/b' : path === '/b' ? '/staging' : null)),
    0,
  )
  assert.is(await led((path) => (path === '/staging' ? 'http://[' : null)), 0)
})

apart('an address that nobody answers at leads nowhere', async () => {
  const project = projectOf({
    ...{staging: {url: 'http://127.0.0.1:9'}, production: {url: 'http://nobody.invalid'}},
  })
  assert.equal(await sharedByRedirects({fetch}, project), [])
})

apart('what is shared is a fail that names all of it and its mend', async () => {
  const found = await sharedByRedirects({fetch: async () => new Response()}, projectOf({}))
  assert.equal(found, [])
  const judgement = separationOf([
    {key: 'hosting', what: 'one folder'},
    {key: 'url', what: 'one address'},
  ])
  assert.is(judgement.verdict, 'fail')
  assert.match(inLang(judgement.observed, 'en'), /one folder, one address/)
  assert.match(inLang(judgement.next ?? '', 'fr'), 'postgate.yaml')
})

apart.run()
