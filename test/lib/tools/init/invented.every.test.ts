// Goal: three teams that set Postgate up get a project file that says what their project is, and
// runbooks that name its own files and need no database where there is none.
// Method: invented projects as teams have them, set up without a terminal; lint as a person runs it.

import {spawnSync} from 'node:child_process'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parseProject} from '../../../../scripts/lib/policy/project-file.ts'
import {setUp} from '../../../../scripts/lib/tools/init/command.ts'
import type {InitAnswers} from '../../../../scripts/lib/tools/init/questions.ts'
import {testRepository} from '../../../helpers/repository.ts'

const invented = suite('invented projects')
const bundle = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '')

/** Committed files, files that git ignores, and the flags given: what was written and said. */
async function setUpIn(
  files: Readonly<Record<string, string>>,
  given: InitAnswers = {},
  ignored: Readonly<Record<string, string>> = {},
  wanted: {readonly lint?: boolean} = {},
) {
  const repository = testRepository(files)
  try {
    for (const [path, text] of Object.entries(ignored)) {
      mkdirSync(dirname(join(repository.clone, path)), {recursive: true})
      writeFileSync(join(repository.clone, path), text)
    }
    let said = ''
    const code = await setUp({
      ...{folder: repository.clone, bundle, given, lang: 'en', ask: null, dry: false},
      environments: ['staging', 'production'],
      say: (text) => {
        said += text
      },
    })
    assert.is(code, 0, said)
    const read = (path: string) => readFileSync(join(repository.clone, path), 'utf8')
    if (wanted.lint) lints(repository.clone)
    return {
      said,
      project: await parseProject(read('postgate.yaml')),
      staging: read('runbooks/staging.md'),
      production: read('runbooks/production.md'),
    }
  } finally {
    repository.close()
  }
}

function lints(project: string): void {
  const zx = join(bundle, 'node_modules/zx/build/cli.js')
  const words = [zx, join(bundle, 'scripts/lint.ts'), '--project', project]
  const ran = spawnSync(process.execPath, ['--import=typescript-when-needed', ...words], {
    cwd: bundle,
    encoding: 'utf8',
  })
  assert.is(ran.status, 0, ran.stdout + ran.stderr)
}

invented('Flutter in a subfolder, on Firebase, its pubspec written in one line', async () => {
  const env = 'SUPA_HOST=https://x.example\nSUPABASE_KEY=k\nDATABASE_URL=u\nPROJECT_REF=r\n'
  const {project, staging, production, said} = await setUpIn(
    {
      'mobile/pubspec.yaml': 'name: atelier\ndependencies: {flutter: {sdk: flutter}}\n',
      'mobile/lib/main.dart':
        "const a = String.fromEnvironment('SUPA_HOST');\nconst b = String.fromEnvironment('SUPABASE_KEY');\n",
      'mobile/firebase.json': '{}',
      'mobile/.firebaserc':
        '{"projects": {"default": "atelier-prod", "staging": "atelier-staging"}}',
      'supabase/migrations/20250101000000_a.sql': 'select 1;',
      '.gitignore': '.env.*\n',
    },
    {},
    {'mobile/env/.env.staging': env, 'mobile/env/.env.prod': env},
  )
  assert.equal([project.name, project.builder.folder], ['atelier', 'mobile'])
  const {envFile, hosting, defines} = project.environments.staging
  assert.equal(
    [envFile, hosting.project, hosting.config],
    ['mobile/env/.env.staging', 'atelier-staging', 'mobile/firebase.json'],
  )
  assert.equal(defines, {SUPA_HOST: 'SUPA_HOST', SUPABASE_KEY: 'SUPABASE_KEY'})
  assert.match(staging, '(`mobile/env/.env.staging`)')
  assert.match(production, '(`mobile/env/.env.prod`)')
  assert.match(staging, 'env-keys all="DATABASE_URL,PROJECT_REF"')
  assert.match(said, 'without GitHub Actions')
})

invented('Node on Netlify, its env files JSON, its database a plain PostgreSQL', async () => {
  const env = (name: string) =>
    JSON.stringify({VITE_API_URL: `https://${name}.example`, DB_URL: 'u', DB_NAME: name})
  const {project, staging, said} = await setUpIn(
    {
      'package.json': '{"name": "boutique", "scripts": {"build": "vite build"}}',
      'netlify.toml': '[build]\n  publish = "dist"\n',
      'src/main.js':
        'fetch(import.meta.env.VITE_API_URL); if (import.meta.env.DEV) hello(import.meta.env.OWN)\n',
      '.gitignore': 'config/env.*.json\n',
    },
    {
      ...{'staging-target': 'boutique-staging', 'production-target': 'boutique'},
      ...{'staging-url': 'https://boutique-staging.netlify.app'},
      ...{'production-url': 'https://boutique.example.com', database: 'postgres'},
    },
    {'config/env.staging.json': env('staging'), 'config/env.production.json': env('production')},
  )
  const {envFile, hosting, defines, database} = project.environments.staging
  assert.equal([envFile, hosting.site], ['config/env.staging.json', 'boutique-staging'])
  assert.equal([database?.url, database?.ref], ['DB_URL', 'DB_NAME'])
  assert.equal(defines, {OWN: 'OWN', VITE_API_URL: 'VITE_API_URL'})
  assert.match(staging, /^npm run build$/m)
  assert.match(said, 'let the build read OWN from the JSON file that POSTGATE_DEFINES_FILE')
})

invented('neither host nor database nor remote of a forge: nothing is presumed', async () => {
  const {project, staging, production, said} = await setUpIn(
    {'site/index.html': '<h1>x</h1>', Makefile: 'build:\n'},
    {
      ...{builder: 'command', build: 'make build', output: 'site', hosting: 'folder'},
      ...{'staging-target': '../www/staging', 'production-target': '../www/prod'},
      ...{'staging-url': 'http://127.0.0.1:8080', 'production-url': 'https://example.com'},
    },
    {},
    {lint: true},
  )
  assert.is(project.database, undefined)
  assert.is(project.ci, undefined)
  assert.match(staging, '<!-- step: reset-database optional -->')
  assert.match(staging, '<!-- step: backup-staging keep=30d optional -->')
  assert.match(staging, '<!-- check: database-identity optional -->')
  assert.match(staging, '<!-- check: env-keys -->')
  assert.match(staging, 'steps="smoke-routes,smoke-modules" -->')
  assert.match(production, '<!-- check: backup-verified age=24h optional -->')
  assert.not.match(staging, 'step: deploy optional')
  assert.match(said, 'not-applicable')
})

invented(
  'another machine over SSH: its account, its folder, and commands that lint accepts',
  async () => {
    const {project} = await setUpIn(
      {'site/index.html': '<h1>x</h1>', Makefile: 'build:\n'},
      {
        ...{builder: 'command', build: 'make build', output: 'site', hosting: 'ssh'},
        ...{'staging-target': 'deploy@www.example.org:/srv/www/staging'},
        ...{'production-target': 'deploy@www.example.org:/srv/www/prod'},
        ...{'staging-url': 'https://staging.example.org', 'production-url': 'https://example.org'},
      },
      {},
      {lint: true},
    )
    const {adapter, host, root} = project.environments.staging.hosting
    assert.equal([adapter, host, root], ['ssh', 'deploy@www.example.org', '/srv/www/staging'])
  },
)

invented.run()
