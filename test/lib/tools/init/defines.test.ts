// Goal: whatever an application is built with is found, however it is written, and none of it is lost on the
// way into postgate.yaml: above all not the one by which a build takes itself for PRODUCTION.
// Method: small applications as maps of files; whole set-ups in temporary folders with real git.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {parseProject} from '../../../../scripts/lib/policy/project-file.ts'
import {type SetUp, setUp} from '../../../../scripts/lib/tools/init/command.ts'
import {definesIn} from '../../../../scripts/lib/tools/init/defines.ts'
import {testRepository} from '../../../helpers/repository.ts'

const bundle = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '')

const inFiles = (files: Readonly<Record<string, string>>) =>
  definesIn(
    {root: '/', paths: Object.keys(files).sort(), text: async (path) => files[path] ?? null},
    true,
  )

const names = async (files: Readonly<Record<string, string>>) =>
  (await inFiles(files)).defines.map(({name}) => name)

const found = suite('defines found')

found('in every way that Dart writes a name and a default', async () => {
  const {defines, unnamed} = await inFiles({
    'lib/config.dart': `
      // String.fromEnvironment('COMMENTED')
      /* bool.fromEnvironment('BLOCKED') */
      const _url = 'API_URL';
      abstract class Keys { static const String env = 'APP_ENV'; static const fallback = "PROD"; }
      const a = String.fromEnvironment(_url);
      const b = String.fromEnvironment(
        Keys.env,
        defaultValue: Keys.fallback,
      );
      const c = int . fromEnvironment("RETRIES", defaultValue: 3);
      const d = bool.hasEnvironment('VERBOSE');
      const String e = .fromEnvironment('SHORTHAND');
      const f = String.fromEnvironment(r'RAW', defaultValue: kDebugMode ? 'a' : 'b');
      const text = "a comment // is none, and String is no call";
    `,
    'packages/api/lib/src/api.dart': `import 'x.dart';\nconst p = 'SENTRY';\nfinal a = String.fromEnvironment('\${p}_DSN');`,
    'lib/odd.dart': 'String read(String name) =>\n  String.fromEnvironment(name);',
    'lib/own.dart': "final c = Config.fromEnvironment('NOT_ONE');",
    'test/some_test.dart': "const t = String.fromEnvironment('ONLY_IN_TESTS');",
  })
  assert.equal(
    defines.map(({name, hasDefault, fallback}) => [name, hasDefault, fallback]),
    [
      ['API_URL', false, null],
      ['APP_ENV', true, 'PROD'],
      ['RAW', true, null],
      ['RETRIES', true, '3'],
      ['SENTRY_DSN', false, null],
      ['SHORTHAND', false, null],
      ['VERBOSE', true, null],
    ],
  )
  assert.equal(unnamed, ['lib/odd.dart:2'])
})

found(
  'a switch or a number that Dart itself has a value for is not asked of an env file',
  async () => {
    const {defines} = await inFiles({
      'lib/a.dart':
        "const a = bool.fromEnvironment('LOUD');\nconst b = int.fromEnvironment('PORT');\nconst c = String.fromEnvironment('KEY');",
    })
    assert.equal(
      defines.map(({name, hasDefault, fallback}) => [name, hasDefault, fallback]),
      [
        ['KEY', false, null],
        ['LOUD', true, 'false'],
        ['PORT', true, '0'],
      ],
    )
  },
)

found('of a bundler: defaults, comparisons, and what workflows and hosts set', async () => {
  const files: Readonly<Record<string, string>> = {
    'src/config.ts': `
      export const url = import.meta.env.VITE_API_URL
      export const env = import.meta.env.VITE_ENV ?? 'production'
      export const size = import.meta.env.VITE_PAGE || 20
      export const key = process.env.NEXT_PUBLIC_KEY!
      if (import.meta.env.VITE_SENTRY_DSN) start(import.meta.env.MODE)
      const loud = !!import.meta.env.VITE_LOUD, beta = import.meta.env.VITE_BETA === 'on'
    `,
    'src/other.ts': "if (import.meta.env.VITE_API_URL) say(env === 'staging')",
    'tests/a.ts': 'import.meta.env.VITE_ONLY_IN_TESTS',
    'netlify.toml':
      '[build]\n  publish = "dist"\n[context.production.environment]\n  VITE_API_URL = "https://api.example.org"\n[context.staging.environment]\n  VITE_API_URL = "https://try.example.org"\n',
    '.github/workflows/deploy.yml':
      'jobs:\n  live:\n    environment: production\n    env:\n      NEXT_PUBLIC_KEY: $PUBLIC_KEY\n',
  }
  const {defines, words} = await definesIn(
    {root: '/', paths: Object.keys(files).sort(), text: async (path) => files[path] ?? null},
    false,
  )
  assert.equal(
    defines.map(({name, hasDefault, fallback}) => [name, hasDefault, fallback]),
    [
      ['NEXT_PUBLIC_KEY', false, null],
      ['VITE_API_URL', false, null],
      ['VITE_BETA', true, null],
      ['VITE_ENV', true, 'production'],
      ['VITE_LOUD', true, null],
      ['VITE_PAGE', true, '20'],
      ['VITE_SENTRY_DSN', true, null],
    ],
  )
  assert.ok(words.has('staging'))
  const given = (name: string) => defines.find((each) => each.name === name)?.given
  assert.equal(given('VITE_API_URL'), [
    {environment: 'production', value: {constant: 'https://api.example.org'}},
    {environment: 'staging', value: {constant: 'https://try.example.org'}},
  ])
  assert.equal(given('NEXT_PUBLIC_KEY'), [
    {environment: 'production', value: {variable: 'PUBLIC_KEY'}},
  ])
})

found('a default that one of several calls lacks is none', async () => {
  const {defines} = await inFiles({
    'lib/a.dart': "const a = String.fromEnvironment('X', defaultValue: 'y');",
    'lib/b.dart': "const a = String.fromEnvironment('X');",
  })
  assert.equal(
    defines.map(({hasDefault}) => hasDefault),
    [false],
  )
})

found('in workflows, scripts, editors and files, each with its environment', async () => {
  const {defines} = await inFiles({
    'lib/a.dart': "const a = bool.fromEnvironment('FROM_FILE');",
    '.github/workflows/deploy.yml': `on: push
jobs:
  staging:
    steps:
      - run: flutter build web --dart-define=APP_ENV=STAGING --dart-define=KEY=\${{ secrets.ANON_KEY }}
  production:
    steps:
      - name: Build
        run: |
          flutter build web \\
            --dart-define=KEY="$LIVE_KEY" \\
            --dart-define=APP_ENV=PROD
`,
    'tool/run.sh':
      'if [ "$1" = staging ]; then\n  flutter run --dart-define \'TITLE=Essai un\'\nfi\n',
    '.vscode/launch.json':
      '{"configurations": [\n  {\n    "name": "web (prod)",\n    "args": [\n      "--dart-define=TITLE=Boutique",\n      "--dart-define", "THEME=dark"\n    ]\n  }\n]}',
    Makefile: 'web:\n\tflutter build web --dart-define-from-file=config/staging.json\n',
    'config/staging.json': '{"FROM_FILE": true, "UNREAD": "x"}',
    'docs/build.md': '`--dart-define=ONLY_TOLD=1`',
  })
  const given = (wanted: string) =>
    defines
      .find(({name}) => name === wanted)
      ?.given.map(({environment, value}) => [environment, ...Object.values(value)])
  assert.equal(
    defines.map(({name}) => name),
    ['APP_ENV', 'FROM_FILE', 'KEY', 'THEME', 'TITLE'],
  )
  assert.equal(given('APP_ENV'), [
    ['staging', 'STAGING'],
    ['production', 'PROD'],
  ])
  assert.equal(given('KEY'), [
    ['staging', 'ANON_KEY'],
    ['production', 'LIVE_KEY'],
  ])
  assert.equal(given('TITLE'), [
    ['production', 'Boutique'],
    ['staging', 'Essai un'],
  ])
  assert.equal(given('THEME'), [['production', 'dark']])
  assert.equal(given('FROM_FILE'), [['staging', 'true']])
})

found('nothing that Flutter itself gives', async () => {
  assert.equal(
    await names({
      'lib/a.dart':
        "const a = bool.fromEnvironment('dart.vm.product'); const b = bool.fromEnvironment('FLUTTER_WEB_USE_SKIA');",
    }),
    [],
  )
})

const given = suite('defines given')

const application = {
  'pubspec.yaml': 'name: caisse\ndependencies: {flutter: {sdk: flutter}}\n',
  '.firebaserc': '{"projects": {"staging": "caisse-staging", "prod": "caisse-prod"}}',
  'firebase.json': '{}',
  'supabase/migrations/1.sql': 'select 1;',
  '.gitignore': '.env*\n!*.example\n',
  'env/.env.staging.example':
    'STAGING_SUPABASE_URL=\nSTAGING_SUPABASE_ANON_KEY=\nSTAGING_DB_URL=\n',
  'env/.env.prod.example': 'PROD_SUPABASE_URL=\nPROD_SUPABASE_ANON_KEY=\nPROD_DB_URL=\n',
}
const reads = (...lines: string[]) => ({'lib/main.dart': lines.join('\n')})
const urls =
  "const a = String.fromEnvironment('SUPABASE_URL'); const b = String.fromEnvironment('SUPABASE_ANON_KEY');"

async function setUpIn(files: Readonly<Record<string, string>>, more: Partial<SetUp> = {}) {
  const repository = testRepository(files)
  try {
    let said = ''
    const code = await setUp({
      ...{folder: repository.clone, bundle, given: {}, lang: 'en', ask: null, dry: false},
      environments: ['staging', 'production'],
      say: (text) => {
        said += text
      },
      ...more,
    })
    const yaml = readFileSync(join(repository.clone, 'postgate.yaml'), 'utf8')
    const {environments} = await parseProject(yaml)
    return {code, said, yaml, environments}
  } finally {
    repository.close()
  }
}

given('by the keys of committed samples, the files themselves still in a vault', async () => {
  const {environments, said} = await setUpIn({...application, ...reads(urls)})
  const {staging, production} = environments
  assert.is(staging.envFile, 'env/.env.staging')
  assert.equal(staging.defines, {
    SUPABASE_ANON_KEY: 'STAGING_SUPABASE_ANON_KEY',
    SUPABASE_URL: 'STAGING_SUPABASE_URL',
  })
  assert.is(production?.database?.url, 'PROD_DB_URL')
  assert.match(said, 'env/.env.prod (3 keys, from env/.env.prod.example)')
})

given('the environment, where the code’s own default is the other one’s', async () => {
  const {environments} = await setUpIn({
    ...application,
    ...reads(
      urls,
      "const env = String.fromEnvironment('SUPABASE_ENV', defaultValue: 'PROD');",
      "final isStaging = env == 'STAGING';",
    ),
  })
  assert.equal(environments.staging.defines.SUPABASE_ENV, {value: 'STAGING'})
  assert.equal(environments.production?.defines.SUPABASE_ENV, {value: 'PROD'})
})

given(
  'what nobody can tell is asked for, with all else that is missing, in one round',
  async () => {
    const files = {
      ...application,
      '.firebaserc': '{}',
      ...reads(urls, "const env = String.fromEnvironment('FLAVOR', defaultValue: 'production');"),
    }
    let why = ''
    try {
      await setUpIn(files)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      assert.is(error.parts.exit, 4)
      why = JSON.stringify(error.parts.why)
    }
    for (const flag of [
      '--staging-target',
      '--production-target',
      '--staging-define FLAVOR=staging',
    ])
      assert.match(why, flag)
    assert.not.match(why, '--production-define')
    // What was named is enough.
    const {code, environments} = await setUpIn(files, {
      given: {
        ...{'staging-target': 'a-staging', 'production-target': 'a-prod'},
        'staging-define FLAVOR': 'staging',
      },
    })
    assert.is(code, 0)
    assert.equal(environments.staging.defines.FLAVOR, {value: 'staging'})
  },
)

given('one round, too, where builder and host are still to be named', async () => {
  const wanted = {
    ...{'--builder': 'command', '--build': 'make web', '--output': 'web', '--hosting': 'folder'},
    ...{'--staging-target': '../s', '--production-target': '../p'},
    ...{'--staging-url': 'http://127.0.0.1:1', '--production-url': 'http://127.0.0.1:2'},
  }
  const files = {'index.html': '', '.gitignore': 'env/\n'}
  try {
    await setUpIn(files)
    throw new Error('it was not refused')
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const flags = [...JSON.stringify(error.parts.why).matchAll(/(--[a-z-]+): /g)].map(
      ([, flag]) => flag,
    )
    assert.equal([...new Set(flags)].sort(), Object.keys(wanted).sort())
  }
  const answers = Object.fromEntries(
    Object.entries(wanted).map(([flag, value]) => [flag.slice(2), value]),
  )
  assert.is((await setUpIn(files, {given: answers})).code, 0)
})

given('what keeps its default, is a secret or is the other environment’s is told', async () => {
  const {yaml, said, environments} = await setUpIn({
    ...application,
    ...reads(
      urls,
      "const a = int.fromEnvironment('RETRIES', defaultValue: 3);",
      "const b = String.fromEnvironment('SERVICE_ROLE_KEY');",
      "const c = String.fromEnvironment('PROD_ONLY');",
    ),
  })
  const staging = yaml.slice(yaml.indexOf('staging:'), yaml.indexOf('production:'))
  assert.match(staging, '# RETRIES: not given, the code’s own value holds (3)')
  assert.match(staging, '# SERVICE_ROLE_KEY: not given, a client must not hold it')
  assert.match(staging, '# PROD_ONLY: not given, it is the other environment’s')
  assert.match(said, 'SERVICE_ROLE_KEY: not given')
  assert.is(environments.production?.defines.PROD_ONLY, 'PROD_ONLY')
})

given('a define that no code reads, and a value that a workflow gives', async () => {
  const {environments} = await setUpIn(
    {
      ...application,
      ...reads(urls, "const c = String.fromEnvironment('TITLE', defaultValue: 'x');"),
      'build-staging.sh': 'flutter build web --dart-define=TITLE=Recette\n',
    },
    {given: {'staging-define OTHER': 'y'}},
  )
  assert.equal(environments.staging.defines.TITLE, {value: 'Recette'})
  assert.equal(environments.staging.defines.OTHER, {value: 'y'})
  assert.is(environments.production?.defines.TITLE, undefined)
})

given(
  'an audit row of the columns that the migrations make, and none without the table',
  async () => {
    const audit = async (sql: string) =>
      (await setUpIn({...application, 'supabase/migrations/1.sql': sql, ...reads(urls)}))
        .environments.staging.smoke.audit
    assert.is(await audit('create table orders (id int);'), undefined)
    assert.equal(
      (
        await audit(
          'create table if not exists public.log_actions (\n  id bigint primary key,\n  action text not null, user_id uuid\n);',
        )
      )?.insert,
      {user_id: '{user}', action: 'SMOKE'},
    )
    const later =
      'create table log_actions (id int); alter table log_actions add column module text;'
    assert.equal((await audit(later))?.insert, {module: 'postgate'})
  },
)

given('an env file that is committed or an asset is flagged, with what mends it', async () => {
  const {said} = await setUpIn({
    ...application,
    ...reads(urls),
    '.gitignore': '',
    '.env': 'SUPABASE_URL=x\n',
    'env/.env.prod': 'PROD_DB_URL=x\n',
    'pubspec.yaml':
      'name: caisse\ndependencies: {flutter: {sdk: flutter}}\nflutter:\n  assets: [images/, env/]\n',
  })
  assert.match(said, '.env is committed')
  assert.match(said, /git -C \S+ rm --cached \.env/)
  assert.match(said, 'env/.env.prod is an asset of pubspec.yaml')
  assert.match(said, 'take env/.env.prod out of the assets')
  assert.not.match(said, 'example is')
})

given('French questions have French answers, and a flag takes either', async () => {
  const files = {'index.html': '', '.gitignore': 'env/\n'}
  const labels: string[] = []
  try {
    await setUpIn(files, {
      lang: 'fr',
      ask: {
        text: async () => 'x',
        choose: async (_, choices) => {
          labels.push(...choices.map(({label}) => (typeof label === 'string' ? label : label.fr)))
          return choices.at(-1)?.value ?? null
        },
        confirm: async () => false,
      },
    })
  } catch {
    // refused: what was asked is what counts
  }
  assert.equal(labels.slice(0, 2), ['flutter', 'commande'])
  assert.ok(labels.includes('aucune') && labels.includes('dossier'))
  const {environments} = await setUpIn(files, {
    given: {
      ...{
        builder: 'commande',
        build: 'make web',
        output: 'web',
        hosting: 'dossier',
        database: 'aucune',
      },
      ...{'staging-target': '../s', 'production-target': '../p'},
      ...{'staging-url': 'http://127.0.0.1:1', 'production-url': 'http://127.0.0.1:2'},
    },
  })
  assert.is(environments.staging.hosting.adapter, 'folder')
  assert.is(environments.staging.database, undefined)
})

found.run()
given.run()
