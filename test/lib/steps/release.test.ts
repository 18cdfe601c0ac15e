// Goal: what is built is proven, what is proven is deployed, and what is served is judged by its bytes.
// Method: a stand-in Flutter, a real repository, the folder of releases behind a real server.

import {execFileSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {gzipSync} from 'node:zlib'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {flutter} from '../../../scripts/lib/adapters/builder/flutter.ts'
import {folder} from '../../../scripts/lib/adapters/hosting/folder.ts'
import {anonKeyIdentity} from '../../../scripts/lib/checks/client-key.ts'
import {pass} from '../../../scripts/lib/domain/verdict.ts'
import type {Context} from '../../../scripts/lib/kit/context.ts'
import {
  deployEffects,
  deployed,
  judgePreviousDeployment,
  judgeToolsReady,
  liveBefore,
  restored,
  restoreEffects,
} from '../../../scripts/lib/proofs/deployment.ts'
import {previousServed, servedBytes} from '../../../scripts/lib/proofs/served.ts'
import {artifactProof} from '../../../scripts/lib/steps/artifact.ts'
import {artifactSize} from '../../../scripts/lib/steps/artifact-size.ts'
import {buildEffects, built} from '../../../scripts/lib/steps/build.ts'
import type {RecordedRun} from '../../../scripts/lib/store/records/records.ts'
import {testContext} from '../../helpers/context.ts'
import {temporaryFolder} from '../../helpers/folder.ts'
import {loopbackServer} from '../../helpers/server.ts'
import {staticSite} from '../../helpers/static-site.ts'
import {perform, testProject, testTools, testWorld} from '../../helpers/world.ts'

const release = suite('release')

const ref = 'abcdefghijklmnopqrst'
const prodRef = 'zyxwvutsrqponmlkjihg'
const jwt = (claims: Record<string, unknown>) =>
  [{alg: 'HS256'}, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('c2lnbmF0dXJl')
    .join('.')
const anon = jwt({role: 'anon', ref})
const envFile = (more = '', key = anon) =>
  `STAGING_URL=https://${ref}.supabase.co\nSTAGING_ANON_KEY=${key}\nSTAGING_PROJECT_REF=${ref}\n` +
  `STAGING_DB_PASSWORD=correct-horse-9\nSTAGING_ENV=staging-europe-1\n${more}`

interface Opening {
  readonly pubspec?: string
  readonly env?: string
  readonly records?: RecordedRun[]
  /** Beside the address and the key: constants. */
  readonly constants?: Record<string, {value: string}>
}

async function open(options: Opening = {}) {
  const project = temporaryFolder({
    'pubspec.yaml': options.pubspec ?? 'name: essai\n',
    '.env.staging': options.env ?? envFile(),
    '.env.prod': `PROD_URL=https://${prodRef}.supabase.co\nPROD_REF=${prodRef}\nPROD_PASSWORD=battery-staple-7\n`,
    'www/.keep': '',
  })
  const git = (...args: string[]) =>
    String(
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
        cwd: project.path,
        env: {PATH: process.env.PATH, GIT_COMMITTER_DATE: '2026-01-22T08:00:00Z'},
      }),
    ).trim()
  git('init', '-q')
  git('add', 'pubspec.yaml')
  git('commit', '-q', '-m', 'x')
  const server = await staticSite(join(project.path, 'www/current'))
  const settings = testProject({
    environments: {
      staging: {
        envFile: '.env.staging',
        url: server.url,
        hosting: {adapter: 'folder', root: 'www'},
        database: {ref: 'STAGING_PROJECT_REF'},
        defines: {
          ...{SUPABASE_URL: 'STAGING_URL', SUPABASE_ANON_KEY: 'STAGING_ANON_KEY'},
          ...options.constants,
        },
      },
      production: {
        envFile: '.env.prod',
        url: 'http://127.0.0.1',
        hosting: {adapter: 'folder', root: 'prod'},
        database: {ref: 'PROD_REF'},
      },
    },
  })
  const world = testWorld({
    project: project.path,
    cache: join(project.path, 'cache'),
    environment: {PATH: `${resolve('test/fixtures/builder/bin')}:${process.env.PATH}`},
  })
  const fence =
    'flutter build web --release --dart-define-from-file=<fichier> --build-name=<version> --build-number=<numero>'
  const tools = await testTools({world, project: settings, fence})
  const {context, keep} = testContext({
    world,
    project: settings,
    commit: git('rev-parse', 'HEAD'),
    envFiles: {
      staging: join(project.path, '.env.staging'),
      production: join(project.path, '.env.prod'),
    },
    adapters: {
      builder: async () => flutter(tools),
      hosting: async () => folder(tools, settings.environments.staging),
    },
    records: {runs: options.records ?? [], complete: true},
  })
  const commit = git('rev-parse', 'HEAD')
  keep(pass('', {facts: {worktree: {path: project.path, commit, number: 1}}}))
  return {
    git,
    project,
    context,
    keep,
    build: async () => {
      await perform(await buildEffects(context))
      return keep(await built(context))
    },
    deploy: async () => {
      keep(await liveBefore(context))
      await perform(await deployEffects(context))
      return keep(await deployed(context))
    },
    close: async () => {
      await server.close()
      project.remove()
    },
  }
}
type Stand = Awaited<ReturnType<typeof open>>

const fact = (
  title: string,
  run: (stand: Stand) => Promise<void>,
  options: Parameters<typeof open>[0] = {},
) =>
  release(title, async () => {
    const stand = await open(options)
    try {
      await run(stand)
    } finally {
      await stand.close()
    }
  })
const said = (value: unknown) => JSON.stringify(value)

fact('from build to rollback: each step is judged by what it left', async (stand) => {
  const {context, keep, project} = stand
  assert.is((await judgeToolsReady(context)).verdict, 'pass')
  const first = await judgePreviousDeployment(context)
  assert.is(first.verdict, 'unknown')
  assert.ok(first.attestable)

  assert.is((await built(context)).verdict, 'fail')
  const build = await stand.build()
  assert.is(build.verdict, 'pass', said(build))
  assert.match(said(build.observed), '2026.1.23+1769068800')
  assert.not(existsSync(join(project.path, 'cache/private/defines-staging.json')))
  const proof = keep(await artifactProof(context))
  assert.is(proof.verdict, 'pass', said(proof))

  const done = await stand.deploy()
  assert.is(done.verdict, 'pass', said(done))
  const old = context.fact('deployment')
  const bytes = keep(await servedBytes(context))
  assert.is(bytes.verdict, 'pass', said(bytes))
  assert.is(context.fact('deployment-verified')?.id, old?.id)

  // The next release: other bytes, then back.
  project.write({'pubspec.yaml': 'name: essai2\n'})
  stand.git('commit', '-q', '-a', '-m', 'next')
  assert.is((await stand.build()).verdict, 'pass')
  keep(await artifactProof(context))
  const next = await stand.deploy()
  assert.is(next.verdict, 'pass', said(next))
  const before = context.fact('deployment-before')
  assert.is(before?.id, old?.id)
  assert.match(context.fact('rollback-command')?.command ?? '', before?.id ?? '—')
  assert.is((await servedBytes(context)).verdict, 'pass')
  assert.is((await previousServed(context)).verdict, 'fail')
  await perform(await restoreEffects(context, before?.id ?? ''))
  assert.is(keep(await restored(context, before?.id ?? '')).verdict, 'pass')
  const back = await previousServed(context)
  assert.is(back.verdict, 'pass', said(back))
  assert.match(said(back.observed), before?.id ?? '—')
})

fact('a deployment that changed nothing is a fail, and may be tried again', async (stand) => {
  await stand.build()
  stand.keep(await artifactProof(stand.context))
  await stand.deploy()
  stand.keep(await liveBefore(stand.context))
  const judgement = await deployed(stand.context)
  assert.is(judgement.verdict, 'fail')
  assert.match(said(judgement.observed), 'still')
})

fact('what a host accepted and has not carried out is unknown, never a fail', async (stand) => {
  await stand.build()
  stand.keep(await artifactProof(stand.context))
  await stand.deploy()
  const {context} = stand
  stand.keep(await liveBefore(context))
  const hosting = await context.adapters.hosting()
  const settling = (settled: () => Promise<boolean>) => ({
    ...context,
    adapters: {...context.adapters, hosting: async () => ({...hosting, settled})},
  })
  const slow = settling(async () => false)
  for (const judge of [deployed, (given: Context) => restored(given, 'another')]) {
    assert.is((await judge(slow)).verdict, 'unknown')
    const silent = settling(() => Promise.reject(new Error('503')))
    assert.is((await judge(silent)).verdict, 'unknown')
    assert.is((await judge(settling(async () => true))).verdict, 'fail')
  }
})

fact('a file lost on the way is found after the deployment', async (stand) => {
  await stand.build()
  stand.keep(await artifactProof(stand.context))
  await stand.deploy()
  const live = join(stand.project.path, 'www/current')
  rmSync(join(live, 'version.json'))
  const judgement = await servedBytes(stand.context)
  assert.is(judgement.verdict, 'fail')
  assert.match(said(judgement.observed), 'version.json (HTTP 404)')
})

fact('what was proven is what leaves: a changed copy is refused', async (stand) => {
  await stand.build()
  stand.keep(await artifactProof(stand.context))
  const kept = join(stand.project.path, 'cache', stand.context.fact('artifact')?.kept ?? '')
  rmSync(join(kept, 'main.dart.js'))
  stand.project.write({[`${kept.slice(stand.project.path.length + 1)}/main.dart.js`]: 'evil'})
  let message = ''
  try {
    await deployEffects(stand.context)
  } catch (error) {
    message = error instanceof Error ? error.message : ''
  }
  assert.match(message, 'no longer on this machine')
})

fact('a packed file of an earlier build beside a new one does not leave', async (stand) => {
  await stand.build()
  const script = join(stand.context.worktree(), 'build/web/main.dart.js')
  const packed = gzipSync(readFileSync(script))
  writeFileSync(`${script}.gz`, packed)
  assert.is((await artifactProof(stand.context)).verdict, 'pass')
  writeFileSync(script, `${readFileSync(script, 'utf8')}// changed`)
  const judgement = await artifactProof(stand.context)
  assert.is(judgement.verdict, 'fail')
  assert.match(said(judgement.observed), 'main.dart.js.gz does not unpack')
})

const inside: readonly [string, string, RegExp][] = [
  ['a service key', jwt({role: 'service_role', ref}), /service key in main\.dart\.js/],
  ['a database URL', 'postgres://u:p@h/d', /database URL in main\.dart\.js/],
  ['a secret of the env file', 'correct-horse-9', /STAGING_DB_PASSWORD in main\.dart\.js/],
  ['the other environment’s ref', prodRef, /\.env\.production\) in main\.dart\.js/],
  ['the other environment’s secret', 'battery-staple-7', /PROD_PASSWORD/],
]
for (const [title, word, expected] of inside) {
  fact(
    `an artifact with ${title} inside does not leave`,
    async (stand) => {
      await stand.build()
      const judgement = await artifactProof(stand.context)
      assert.is(judgement.verdict, 'fail')
      assert.match(said(judgement.observed), expected)
      assert.not(said(judgement).includes(word) && word !== prodRef)
      assert.not(existsSync(join(stand.project.path, 'cache/artifacts')))
    },
    {pubspec: `name: essai ${word}\n`},
  )
}

fact(
  'a constant of postgate.yaml is compiled in',
  async (stand) => {
    assert.is((await stand.build()).verdict, 'pass')
    const script = readFileSync(join(stand.project.path, 'build/web/main.dart.js'), 'utf8')
    assert.match(script, '"APP_ENV":"STAGING"')
    assert.is((await artifactProof(stand.context)).verdict, 'pass')
  },
  {constants: {APP_ENV: {value: 'STAGING'}, HELP: {value: 'https://help.example.org/'}}},
)

fact(
  'a constant with the other environment’s address does not leave, for all that it is written down',
  async (stand) => {
    await stand.build()
    const judgement = await artifactProof(stand.context)
    assert.is(judgement.verdict, 'fail')
    assert.match(said(judgement.observed), /PROD_URL \(env\/\.env\.production\) in main\.dart\.js/)
  },
  {constants: {API: {value: `https://${prodRef}.supabase.co`}}},
)

fact(
  'an artifact without the expected address, or of another version, does not leave',
  async (stand) => {
    await stand.build()
    const output = join(stand.project.path, 'build/web')
    const script = readFileSync(join(output, 'main.dart.js'), 'utf8')
    stand.project.write({'build/web/main.dart.js': script.replace('https', 'http')})
    assert.match(said((await artifactProof(stand.context)).observed), 'STAGING_URL')
    stand.project.write({
      'build/web/main.dart.js': script,
      'build/web/version.json': '{"version":"1.0.0"}',
    })
    assert.match(said((await artifactProof(stand.context)).observed), '1.0.0 instead of 2026.1.23')
    stand.project.write({'build/web/version.json': '', 'build/web/index.html': ''})
    assert.match(said((await artifactProof(stand.context)).observed), 'index.html is empty')
  },
)

fact(
  'a build that rewrites tracked sources made something else than the checkpoint',
  async (stand) => {
    await perform(await buildEffects(stand.context))
    stand.project.write({'pubspec.yaml': 'name: another\n', 'build/left-over.txt': 'no source'})
    const judged = await built(stand.context)
    assert.is(judged.verdict, 'fail')
    assert.match(said(judged.observed), 'the build changed the sources: pubspec.yaml')
  },
)

fact('a build that fails leaves no private file behind', async (stand) => {
  rmSync(join(stand.project.path, 'pubspec.yaml'))
  let failed = false
  try {
    await perform(await buildEffects(stand.context))
  } catch {
    failed = true
  }
  assert.ok(failed)
  assert.is((await built(stand.context)).verdict, 'fail')
  assert.equal(readdirSync(join(stand.project.path, 'cache/private')), [])
})

const keys: readonly [string, string, 'pass' | 'fail'][] = [
  ['the project’s own anon key', envFile(), 'pass'],
  ['a service key', envFile('', jwt({role: 'service_role', ref})), 'fail'],
  ['the key of another project', envFile('', jwt({role: 'anon', ref: prodRef})), 'fail'],
  ['no key at all', envFile('', 'eyJub3RoaW5n'), 'fail'],
  [
    'an address of another project',
    envFile(`STAGING_URL=https://${prodRef}.supabase.co\n`),
    'fail',
  ],
]
for (const [title, env, verdict] of keys) {
  fact(
    `identity: ${title} is a ${verdict}`,
    async ({context}) => {
      const judgement = await anonKeyIdentity(context)
      assert.is(judgement.verdict, verdict, said(judgement))
    },
    {env},
  )
}

const opaque = 'sb_publishable_0123456789'

/** What the API's gateway does: 200 for a key of its own, 401 for another. Answers the keys it was given. */
async function gateway(use: (url: string, asked: readonly string[]) => Promise<void>) {
  const asked: string[] = []
  const server = await loopbackServer((request, response) => {
    asked.push(`${request.url} ${request.headers.apikey}`)
    response.writeHead(request.headers.apikey === opaque ? 200 : 401).end('{}')
  })
  await use(server.url, asked).finally(() => server.close())
}

/** The context's fetch, with the project's address led to the gateway on loopback. */
const ledTo = (context: Context, url: string): Context => ({
  ...context,
  world: {
    ...context.world,
    fetch: (input, init) => fetch(String(input).replace(`https://${ref}.supabase.co`, url), init),
  },
})

fact(
  'identity: an opaque key is tried at its project; another project’s is refused there',
  async ({context, project}) => {
    let gone = ''
    await gateway(async (url, asked) => {
      gone = url
      assert.is((await anonKeyIdentity(ledTo(context, url))).verdict, 'pass')
      assert.ok(asked.includes(`/auth/v1/health ${opaque}`), asked.join())
      project.write({'.env.staging': envFile('', 'sb_publishable_of_another')})
      const refused = await anonKeyIdentity(ledTo(context, url))
      assert.is(refused.verdict, 'fail', said(refused))
      assert.match(said(refused), /HTTP 401/)
    })
    const away = await anonKeyIdentity(ledTo(context, gone))
    assert.is(away.verdict, 'unknown', said(away))
    assert.not(said(away).includes('sb_publishable'))
  },
  {env: envFile('', opaque)},
)

fact(
  'identity: an opaque key that works says nothing where the address names no project',
  async ({context, project}) => {
    await gateway(async (url) => {
      project.write({'.env.staging': envFile(`STAGING_URL=${url}\n`, opaque)})
      const judgement = await anonKeyIdentity(context)
      assert.equal([judgement.verdict, judgement.attestable], ['unknown', {}], said(judgement))
    })
  },
)

const recorded = (bytes: number, largest: {path: string; bytes: number}[]): RecordedRun => ({
  run: 'old',
  scenario: 'staging',
  kind: 'scenario',
  result: 'succeeded',
  startedAt: '',
  endedAt: null,
  commit: '',
  tag: '',
  source: '',
  figures: JSON.parse('{}'),
  load: async () => ({
    ...JSON.parse('{}'),
    facts: new Map([
      [
        'artifact',
        {at: '', value: {version: '1', files: 1, bytes, digest: 'd', kept: 'k', largest}},
      ],
    ]),
  }),
})

fact('size: the first build has nothing to compare with', async (stand) => {
  await stand.build()
  stand.keep(await artifactProof(stand.context))
  assert.is((await artifactSize(stand.context, {total: 0.2, file: 0.5})).verdict, 'pass')
})

for (const [title, before, verdict] of [
  ['like the last one passes', recorded(5_700, [{path: 'assets/NOTICES', bytes: 4_900}]), 'pass'],
  ['twice the last one waits for a person', recorded(2_500, []), 'unknown'],
  [
    'with one file that grew waits for a person',
    recorded(5_700, [{path: 'assets/NOTICES', bytes: 900}]),
    'unknown',
  ],
] as const) {
  fact(
    `size: a build ${title}`,
    async (stand) => {
      await stand.build()
      stand.keep(await artifactProof(stand.context))
      const judgement = await artifactSize(stand.context, {total: 0.2, file: 0.5})
      assert.is(judgement.verdict, verdict, said(judgement))
      assert.is(judgement.attestable !== undefined, verdict === 'unknown')
    },
    {records: [before]},
  )
}

release.run()
