// Goal: what a phase would refuse is known beforehand, from the checkpoint's objects and this machine, and
// nothing is written for it. Method: a real repository whose working tree says otherwise than its commit.

import {chmodSync, mkdirSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {problem} from '../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import {fail, pass} from '../../../scripts/lib/domain/verdict.ts'
import {readEnvFile} from '../../../scripts/lib/policy/env-file.ts'
import {foreseen} from '../../../scripts/lib/proofs/foreseen.ts'
import {judgeChannels} from '../../../scripts/lib/proofs/notifications.ts'
import {openRepository} from '../../../scripts/lib/store/git/open-repository.ts'
import {gitEnvironment, testRepository} from '../../helpers/repository.ts'
import {testProject, testWorld} from '../../helpers/world.ts'

const known = suite('foreseen')

interface Told {
  readonly files?: Readonly<Record<string, string>>
  readonly programs?: readonly string[]
  readonly env?: string
  readonly staging?: object
  readonly database?: object
  readonly cache?: (folder: string) => string
  readonly commit?: string
}

/** What does not pass, by its title; null where nothing could be looked at. */
async function refused(told: Told): Promise<Record<string, string> | null> {
  const repository = testRepository({
    'index.html': '',
    '.gitignore': '.env\ncache/\n',
    ...told.files,
  })
  try {
    if (told.programs !== undefined) {
      for (const path of told.programs) chmodSync(join(repository.clone, path), 0o755)
      repository.git(['add', '--', ...told.programs])
      repository.git(['commit', '--quiet', '--message', 'Programs'])
    }
    const commit = told.commit ?? repository.git(['rev-parse', 'HEAD'])
    repository.write({'.env': told.env ?? ''})
    const project = testProject({
      builder: {adapter: 'flutter', output: 'dist'},
      ...(told.database !== undefined && {database: told.database}),
      environments: {
        staging: {
          ...{envFile: '.env', url: 'http://127.0.0.1', hosting: {adapter: 'folder'}},
          ...told.staging,
        },
      },
    })
    const cache = told.cache?.(repository.folder) ?? join(repository.folder, 'cache/deep')
    const world = {
      ...testWorld({project: repository.clone, cache}),
      repository: await openRepository(repository.clone, {environment: gitEnvironment}),
    }
    const nothing = async () => JSON.parse('{}')
    const before = readdirSync(repository.folder)
    const lines = await foreseen({
      ...{world, project, commit, environment: 'staging'},
      env: () => readEnvFile(join(repository.clone, '.env'), '.env'),
      builder: async () => ({...(await nothing()), output: 'dist', fits: async () => pass('fits')}),
      hosting: async () => ({...(await nothing()), reads: ['firebase.json']}),
      database: async () => ({...(await nothing()), resettable: async () => pass('resets')}),
    })
    if (lines.length === 0) return null
    const found: Record<string, string> = {}
    for (const {title, judge} of lines) {
      const {verdict, observed, next} = await judge()
      if (verdict !== 'pass')
        found[inLang(title, 'en')] =
          `${verdict}: ${inLang(observed, 'en')} / ${inLang(next ?? '', 'en')}`
    }
    assert.equal(readdirSync(repository.folder), before)
    return found
  } finally {
    repository.close()
  }
}

known('nothing where all is there, and no look at a commit that is not', async () => {
  assert.equal(await refused({}), {})
  assert.is(await refused({commit: 'a'.repeat(40)}), null)
})

known('what the build is given, and where its result goes', async () => {
  const found = await refused({
    files: {'dist/index.html': '<p>', 'firebase.json': '{"hosting": {'},
    staging: {
      defines: {URL: 'STAGING_URL', KEY: 'STAGING_KEY', ENV: {value: 'STAGING'}},
      smoke: {auth: {url: 'STAGING_URL', key: 'K', user: 'U', password: 'P'}},
    },
    env: 'STAGING_KEY=sb_secret_abcdef\nSTAGING_URL=https://x.example\nU=a\nP=b\n',
  })
  assert.match(found?.defines ?? '', /^fail: .*STAGING_KEY is a secret key/)
  assert.match(
    found?.['folder of the result'] ?? '',
    /^fail: dist is committed \(1 files\).*git rm -r --cached dist/,
  )
  assert.match(found?.['the host’s configuration'] ?? '', /^fail: firebase\.json is no JSON object/)
  assert.match(found?.['account of the smoke tests'] ?? '', /^fail: without a value in \.env: K /)
  assert.not.match(JSON.stringify(found), 'abcdef')
  const missing = await refused({staging: {defines: {URL: 'NOT_THERE'}}})
  assert.match(missing?.defines ?? '', /NOT_THERE is missing/)
})

known('a project’s own reset script, as it stands in the checkpoint', async () => {
  const reset = async (script: string | null, programs?: readonly string[]) =>
    (
      await refused({
        files: script === null ? {} : {'tools/reset.sh': script},
        ...(programs && {programs}),
        database: {reset: 'tools/reset.sh'},
      })
    )?.['reset script'] ?? 'pass'
  assert.match(await reset(null), /^fail: tools\/reset\.sh is not in the checkpoint/)
  assert.match(await reset('psql'), /^fail: .*not executable.*--chmod=\+x/)
  assert.match(
    await reset('. ./.env', ['tools/reset.sh']),
    /^fail: tools\/reset\.sh reads \.env.*POSTGATE_ENV_FILE/,
  )
  assert.is(await reset('. "$POSTGATE_ENV_FILE"', ['tools/reset.sh']), 'pass')
})

known('folders that cannot be written, and a backup that git could take', async () => {
  const cache = await refused({
    cache: (folder) => {
      mkdirSync(join(folder, 'locked'))
      return join(folder, 'clone/index.html/cache')
    },
  })
  assert.match(cache?.['folders to work in'] ?? '', /^fail: .*cannot be written.*XDG_CACHE_HOME/)
  const inside = await refused({database: {backups: 'backups'}})
  assert.match(inside?.['folders to work in'] ?? '', /^fail: .*inside the repository/)
})

known(
  'a channel without an address is told, and so is one whose last message did not arrive',
  async () => {
    const without = {
      product: 'webhook',
      ready: async () => {
        throw problem({what: 'no address', next: 'set TEAM_WEBHOOK', exit: 3})
      },
    }
    const fine = {product: 'command', ready: async () => pass('./tell')}
    const last = Object.assign(JSON.parse('{}'), {
      events: [
        {type: 'notified', what: 'start', channel: 'command', verdict: 'fail', observed: '1'},
        {type: 'notified', what: 'end', channel: 'command', verdict: 'pass', observed: '0'},
      ],
    })
    const [none, ok] = await judgeChannels([without, fine], last)
    assert.equal(none?.judgement, fail('no address', {next: 'set TEAM_WEBHOOK'}))
    assert.is(ok?.judgement.verdict, 'pass')
    last.events.reverse()
    const [, lost] = await judgeChannels([without, fine], last)
    assert.is(lost?.judgement.verdict, 'fail')
    assert.match(inLang(lost?.judgement.observed ?? '', 'en'), /"start" did not arrive: 1/)
  },
)

known.run()
