// Goal: init finds what teams really have, asks for nothing it knows, and never overwrites.
// Method: small projects of each kind in temporary folders, with real git.

import {readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {isJob} from '../../../../scripts/lib/domain/job-names.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {unknownCommands} from '../../../../scripts/lib/guard/authorised/authorised.ts'
import {parseProject} from '../../../../scripts/lib/policy/project-file.ts'
import type {TerminalQuestions} from '../../../../scripts/lib/run/asking/prompt.ts'
import {openRepository} from '../../../../scripts/lib/store/git/open-repository.ts'
import {type SetUp, setUp} from '../../../../scripts/lib/tools/init/command.ts'
import {lookAtProject} from '../../../../scripts/lib/tools/init/look.ts'
import {gitEnvironment, type TestRepository, testRepository} from '../../../helpers/repository.ts'

const bundle = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '')

const pubspec = 'name: mon_app\ndependencies:\n  flutter:\n    sdk: flutter\n'
const nightly = 'on:\n  schedule: [{cron: "0 2 * * *"}]\njobs:\n  tests: {runs-on: x, steps: []}\n'
const flutterFirebase = {
  'pubspec.yaml': pubspec,
  'lib/main.dart':
    "const a = String.fromEnvironment('SUPABASE_URL');\nconst b = String.fromEnvironment(\n  'SUPABASE_KEY');\nconst c = bool.fromEnvironment('DEBUG', defaultValue: false);\n",
  '.firebaserc': '{"projects": {"staging": "mon-app-staging", "prod": "mon-app-prod"}}',
  'firebase.json': '{}',
  'supabase/migrations/1.sql': 'select 1;',
  '.github/workflows/nightly.yml': nightly,
  '.github/workflows/deploy.yml': 'on: {push: {}}\njobs: {}\n',
  '.github/workflows/archive/old-nightly.yml': nightly,
  '.gitignore': 'env/\n',
}

const bundleInside = Object.fromEntries(
  ['runbooks/staging.md', 'runbooks/production.md', 'templates/release-gate.md'].map((path) => [
    `release/${path}`,
    readFileSync(join(bundle, path), 'utf8'),
  ]),
)

async function inProject(
  files: Readonly<Record<string, string>>,
  use: (repository: TestRepository) => Promise<void>,
): Promise<void> {
  const repository = testRepository(files)
  try {
    await use(repository)
  } finally {
    repository.close()
  }
}

const found = async ({clone}: TestRepository, from = bundle) =>
  lookAtProject(await openRepository(clone, {environment: gitEnvironment}), from)

async function init({clone}: TestRepository, more: Partial<SetUp> = {}) {
  let said = ''
  const code = await setUp({
    ...{folder: clone, bundle, given: {}, lang: 'en', ask: null, dry: false},
    environments: ['staging', 'production'],
    say: (text) => {
      said += text
    },
    ...more,
  })
  return {code, said}
}

const read = ({clone}: TestRepository, path: string) => readFileSync(join(clone, path), 'utf8')
const project = async (repository: TestRepository) =>
  parseProject(read(repository, 'postgate.yaml'))

async function refused(action: Promise<unknown>): Promise<Problem> {
  try {
    await action
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('it was not refused')
}

const finds = suite('init finds')

finds(
  'Flutter, Firebase, Supabase, the nightly by its schedule and the defines by their calls',
  () =>
    inProject(flutterFirebase, async (repository) => {
      const {flutter, hosts, supabase, nightlies, defines, name} = await found(repository)
      assert.equal([name, flutter], ['mon_app', ['']])
      assert.equal(hosts, [
        {
          ...{adapter: 'firebase', from: 'firebase.json'},
          targets: {staging: 'mon-app-staging', production: 'mon-app-prod'},
        },
      ])
      assert.equal(supabase, {
        ...{migrations: 'supabase/migrations', partial: null, seed: null, seeded: []},
        auditColumns: null,
      })
      assert.equal(nightlies, [{file: 'nightly.yml', jobs: ['tests']}])
      assert.equal(defines, [
        {name: 'DEBUG', hasDefault: true, fallback: 'false', given: []},
        {name: 'SUPABASE_KEY', hasDefault: false, fallback: null, given: []},
        {name: 'SUPABASE_URL', hasDefault: false, fallback: null, given: []},
      ])
    }),
)

finds(
  'the web application beside one for telephones, and a seed of rows, which no reset takes',
  () =>
    inProject(
      {
        'pubspec.yaml': 'name: workspace\n',
        'apps/till/pubspec.yaml': 'name: till\ndependencies: {flutter: {sdk: flutter}}\n',
        'apps/till/web/index.html': '',
        'apps/kiosk/pubspec.yaml': 'name: kiosk\ndependencies: {flutter: {sdk: flutter}}\n',
        'supabase/seed.sql': "insert into public.products (name) values ('a');\n",
      },
      async (repository) => {
        const {flutter, name, supabase} = await found(repository)
        assert.equal([flutter, name], [['apps/till'], 'till'])
        assert.equal([supabase?.seed, supabase?.seeded], ['supabase/seed.sql', ['products']])
      },
    ),
)

finds(
  'the jobs of a nightly by the names that GitHub shows, called workflows and matrices too',
  () =>
    inProject(
      {
        '.github/workflows/nightly.yml': `on: {schedule: [{cron: "0 2 * * *"}]}
jobs:
  tests: {uses: ./.github/workflows/tests.yml}
  whole: {name: Tout, uses: ./.github/workflows/outer.yml}
  audit: {uses: o/shared/.github/workflows/audit.yml@v1}
  lint: {runs-on: x, strategy: {matrix: {node: [20, 24]}}, steps: []}
  node: {name: "Node \${{ matrix.node }}", strategy: {matrix: {node: [20]}}, steps: []}
  deploy: {if: github.ref == 'x', uses: ./.github/workflows/tests.yml}
`,
        '.github/workflows/tests.yml': `on: workflow_call
jobs:
  unit: {runs-on: x, strategy: {matrix: {node: [20]}}, steps: []}
  base: {name: Base de données, runs-on: x, steps: []}
  tell: {if: failure(), runs-on: x, steps: []}
`,
        '.github/workflows/outer.yml': `on: workflow_call
jobs:
  inner: {uses: ./.github/workflows/tests.yml}
  again: {uses: ./.github/workflows/outer.yml}
`,
      },
      async (repository) => {
        const {nightlies} = await found(repository)
        const jobs = [
          ...['tests / unit', 'tests / Base de données', 'Tout / inner / unit'],
          ...['Tout / inner / Base de données', 'Tout / again', 'audit', 'lint'],
        ]
        assert.equal(nightlies, [{file: 'nightly.yml', jobs}])
        // What GitHub then shows of such a run is found by these names.
        const shown = [
          ...[
            'tests / unit (20)',
            'tests / Base de données',
            'Tout / inner / unit (20)',
            'audit / scan',
          ],
          ...[
            'Tout / inner / Base de données',
            'Tout / again / inner / unit (20)',
            'lint (20)',
            'lint (24)',
          ],
        ]
        for (const job of jobs)
          assert.ok(
            shown.some((each) => isJob(each, job)),
            job,
          )
      },
    ),
)

finds('a pubspec in a subfolder, and a host that only a workflow names', () =>
  inProject(
    {
      'mobile/pubspec.yaml': pubspec,
      'packages/ui/pubspec.yaml': pubspec,
      '.github/workflows/deploy.yml':
        'on: push\njobs:\n  web:\n    steps:\n      - run: netlify deploy --prod --site mon-app-staging\n',
    },
    async (repository) => {
      const {flutter, hosts} = await found(repository)
      assert.equal(flutter, ['mobile'])
      assert.equal(hosts, [
        {adapter: 'netlify', from: 'deploy.yml', targets: {staging: 'mon-app-staging'}},
      ])
    },
  ),
)

finds('env files as KEY=value or JSON, in several places, and keeps names only', () =>
  inProject({...flutterFirebase, 'readme.md': ''}, async (repository) => {
    repository.write({
      'env/.env.staging': 'STAGING_DB_URL=postgresql://u:geheim@h/d\n',
      'env/.env.staging.example': 'STAGING_DB_URL=\n',
      'env/prod.json': '{"DATABASE_URL": "geheim"}',
    })
    const {envFiles} = await found(repository)
    assert.equal(envFiles, {
      staging: [{path: 'env/.env.staging', keys: ['STAGING_DB_URL']}],
      production: [{path: 'env/prod.json', keys: ['DATABASE_URL']}],
    })
  }),
)

finds('GitHub behind any form of its address, and no more than an address elsewhere', () =>
  inProject({'readme.md': ''}, async (repository) => {
    const urls = {
      'git@github.com:acme/app.git': 'acme/app',
      'https://token@github.com/acme/app': 'acme/app',
      'ssh://git@github.com:22/acme/app.git': 'acme/app',
      'https://git.example.org/acme/app.git': null,
    }
    for (const [url, github] of Object.entries(urls)) {
      repository.git(['remote', 'set-url', 'origin', url])
      const seen = await found(repository)
      assert.is(seen.github, github, url)
      assert.not.match(seen.web ?? '', /token/)
    }
  }),
)

finds('nothing of Postgate itself where the bundle lies in the project', () =>
  inProject(
    {'release/scripts/lib/sandbox/template/pubspec.yaml': pubspec, 'web/package.json': '{}'},
    async (repository) => {
      assert.equal((await found(repository, join(repository.clone, 'release'))).flutter, [])
    },
  ),
)

const writes = suite('init writes')

writes('a whole set-up without a question where everything is there', () =>
  inProject(flutterFirebase, async (repository) => {
    repository.write({
      'env/.env.staging': 'STAGING_URL=a\nSUPABASE_KEY_STAGING=b\nSTAGING_DATABASE_URL=c\n',
    })
    const {code, said} = await init(repository)
    assert.is(code, 0)
    const {builder, environments, database} = await project(repository)
    assert.is(builder.adapter, 'flutter')
    assert.is(database?.migrations, 'supabase/migrations')
    const {staging, production} = environments
    assert.is(staging.url, 'https://mon-app-staging.web.app')
    assert.equal(staging.defines, {
      SUPABASE_KEY: 'SUPABASE_KEY_STAGING',
      SUPABASE_URL: 'STAGING_URL',
    })
    assert.is(staging.database?.url, 'STAGING_DATABASE_URL')
    assert.is(production?.envFile, 'env/.env.prod')
    assert.match(read(repository, 'postgate.yaml'), /^# yaml-language-server: \$schema=\S+\n/)
    assert.match(read(repository, 'runbooks/staging.md'), 'all="STAGING_DATABASE_URL,')
    assert.match(said, 'runbooks/allowed_signers')
    assert.not.match(read(repository, 'postgate.yaml'), /TODO|undefined|null/)
  }),
)

writes('nothing over what a person wrote, and nothing at all the second time', () =>
  inProject(
    {...flutterFirebase, '.gitignore': 'build/', 'runbooks/staging.md': 'À nous.\n'},
    async (repository) => {
      await init(repository)
      assert.is(read(repository, 'runbooks/staging.md'), 'À nous.\n')
      assert.is(
        read(repository, '.gitignore'),
        'build/\n\n# Secrets: never committed.\n/env/.env.staging\n/env/.env.prod\n',
      )
      const before = repository.git(['status', '--porcelain', '-uall'])
      const {code, said} = await init(repository)
      assert.is(code, 0)
      assert.match(said, 'already there')
      assert.is(repository.git(['status', '--porcelain', '-uall']), before)
    },
  ),
)

writes('nothing with --plan', () =>
  inProject(flutterFirebase, async (repository) => {
    const {code, said} = await init(repository, {dry: true})
    assert.is(code, 0)
    assert.match(said, 'adapter: firebase')
    assert.is(repository.git(['status', '--porcelain', '-uall']), '')
  }),
)

writes('its runbooks into a project that the bundle lies in, as into one beside it', () =>
  inProject({...flutterFirebase, ...bundleInside}, async (repository) => {
    repository.write({'env/.env.staging': 'DATABASE_URL=c\n'})
    const {said} = await init(repository, {bundle: join(repository.clone, 'release')})
    assert.match(read(repository, 'runbooks/staging.md'), 'all="DATABASE_URL,')
    assert.not.match(said, 'replace STAGING_DB_URL')
    assert.is(repository.git(['status', '--porcelain', '-uall', '--', 'release']), '')
    assert.match(read(repository, 'postgate.yaml'), '$schema=release/docs/postgate.schema.json')
  }),
)

writes('what asks for a database as optional, wherever the bundle lies', async () => {
  const given = {
    ...{builder: 'command', build: 'tools/build.sh', output: 'dist', hosting: 'folder'},
    ...{'staging-target': '/srv/a', 'staging-url': 'https://a.example.org'},
    ...{'production-target': '/srv/b', 'production-url': 'https://b.example.org'},
  }
  const written: string[] = []
  for (const inside of [true, false]) {
    await inProject(inside ? bundleInside : {'a.txt': ''}, async (repository) => {
      await init(repository, {given, ...(inside && {bundle: join(repository.clone, 'release')})})
      written.push(read(repository, 'runbooks/staging.md'))
      const mode = statSync(join(repository.clone, 'env/.env.staging')).mode
      assert.is(mode & 0o077, 0, 'an env file without keys is there, and private')
      assert.is(repository.git(['status', '--porcelain', '-uall', '--', 'env']), '')
    })
  }
  assert.match(written[0] ?? '', '<!-- step: reset-database optional -->')
  // Commands of ours alone differ, by where the bundle lies.
  assert.match(written[0] ?? '', '\nnode release/scripts/postgate.js incident <constat>')
  const [inside, beside] = written.map((text) =>
    text.replace(/node \S*postgate\.js ([\w/-]+)|npx zx scripts\/([\w/-]+)\.ts/g, 'postgate $1$2'),
  )
  assert.is(inside, beside)
})

writes('any other stack by its build command, authorised in the copied runbooks', () =>
  inProject(
    {
      'package.json': '{"name": "boutique", "scripts": {"build": "vite build"}}',
      'vercel.json': '{}',
    },
    async (repository) => {
      const given = {
        'staging-url': 'https://s.example.org',
        'production-url': 'https://example.org',
      }
      await init(repository, {given})
      const {builder, environments, name} = await project(repository)
      assert.equal(builder, {adapter: 'command', run: 'npm run build', output: 'dist'})
      assert.is(environments.staging.hosting.adapter, 'vercel')
      assert.is(name, 'boutique')
      assert.match(read(repository, 'runbooks/production.md'), /^npm run build$/m)
      assert.not.match(read(repository, 'runbooks/production.md'), /^flutter build/m)
    },
  ),
)

writes('a build command that nobody knows with the line that declares it', () =>
  inProject({'vercel.json': '{}'}, async (repository) => {
    const given = {
      'staging-url': 'https://s.example.org',
      'production-url': 'https://example.org',
      ...{builder: 'command', build: 'frobnicate web', output: 'dist'},
    }
    await init(repository, {given})
    const text = fencesIn(read(repository, 'runbooks/production.md'))
    assert.match(text, /^# program frobnicate: .+\nfrobnicate web$/m)
    assert.equal(await unknownCommands({path: 'r', line: 1, text}), [])
  }),
)

const fencesIn = (source: string) =>
  [...source.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text).join('\n')

const asks = suite('init asks')

asks('without a terminal refuses and names every flag that is missing', () =>
  inProject({...flutterFirebase, 'netlify.toml': ''}, async (repository) => {
    const {parts} = await refused(init(repository))
    assert.is(parts.exit, 4)
    assert.match(JSON.stringify(parts.why), '--hosting: Host (firebase | netlify)')
    assert.match(JSON.stringify(parts.why), '--staging-url')
    assert.is(repository.git(['status', '--porcelain', '-uall']), '')
  }),
)

asks('only for what is ambiguous or missing on a terminal, and writes after a yes', () =>
  inProject({...flutterFirebase, '.firebaserc': '{}'}, async (repository) => {
    const asked: string[] = []
    const ask = (yes: boolean): TerminalQuestions => ({
      text: async (message, {initial}) => {
        const words = typeof message === 'string' ? message : message.en
        asked.push(words)
        return initial ?? (/Firebase project of (\w+)/.exec(words)?.[1] ?? '').toLowerCase()
      },
      choose: async (_, [first]) => first?.value ?? null,
      confirm: async () => yes,
    })
    const no = await init(repository, {ask: ask(false)})
    assert.is(no.code, 4)
    assert.match(no.said, /Nothing was written\.\n {2}next {2}.*postgate(\.js)? init .*--plan/)
    assert.is(repository.git(['status', '--porcelain', '-uall']), '')
    asked.length = 0
    assert.is((await init(repository, {ask: ask(true)})).code, 0)
    assert.equal(asked, [
      ...['Firebase project of STAGING', 'Address of STAGING', 'Env file of STAGING'],
      ...['Firebase project of PRODUCTION', 'Address of PRODUCTION', 'Env file of PRODUCTION'],
    ])
    assert.is((await project(repository)).environments.staging.url, 'https://staging.web.app')
  }),
)

asks('nothing illegal: a flag is refused with what is legal', () =>
  inProject(flutterFirebase, async (repository) => {
    for (const given of [
      {hosting: 'ftp'},
      {'staging-url': 'example.org'},
      {'staging-env': '/etc/env'},
      {'staging-target': 'Mon App'},
    ]) {
      assert.is((await refused(init(repository, {given}))).parts.exit, 2, JSON.stringify(given))
    }
  }),
)

asks('for a project where it stands in Postgate’s own clone', () =>
  inProject({'package.json': '{"name": "postgate"}'}, async (repository) => {
    const {parts} = await refused(init(repository, {bundle: repository.clone}))
    assert.is(parts.exit, 2)
    assert.match(JSON.stringify(parts.next), '--project')
  }),
)

finds.run()
writes.run()
asks.run()
