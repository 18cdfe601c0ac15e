// Goal: each break does what its name says, to the new release only, and is gone afterwards. Method:
// one sandbox, the raw effect looked at from outside, then a healthy start.

import {execFileSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {cp, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {z} from 'zod'
import {releaseFolder} from '../../../scripts/lib/adapters/hosting/folder.ts'
import {manifestOf} from '../../../scripts/lib/artifact/manifest.ts'
import {readEnvFile} from '../../../scripts/lib/policy/env-file.ts'
import {readGate} from '../../../scripts/lib/policy/gate-file.ts'
import {loadProject} from '../../../scripts/lib/policy/project-file.ts'
import {breaks as known} from '../../../scripts/lib/sandbox/breaks.ts'
import {withClient} from '../../../scripts/lib/sandbox/database.ts'
import type {SandboxPaths} from '../../../scripts/lib/sandbox/paths.ts'
import {people} from '../../../scripts/lib/sandbox/people.ts'
import {inSandbox, makeBundle, type OpenedSandbox, removeBundle} from '../../helpers/sandbox.ts'

const breaks = suite('sandbox breaks')
let made: Promise<string> | undefined
const bundle = () => {
  made ??= makeBundle()
  return made
}
const tried = new Set<string>()

const git = (folder: string, ...words: string[]) =>
  execFileSync('git', words, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()

/** `broken` while the break is in force, `healthy` at the next start. */
async function tryBreak(
  name: string,
  broken: Parameters<typeof inSandbox>[2],
  healthy: Parameters<typeof inSandbox>[2] = async () => {},
  scenario = 'staging',
) {
  tried.add(name)
  await inSandbox(await bundle(), {break: name, scenario}, broken)
  await inSandbox(await bundle(), {}, async (sandbox, paths) => {
    assert.not(existsSync(paths.broken))
    assert.is(git(sandbox.project, 'status', '--porcelain'), '')
    await healthy(sandbox, paths)
  })
}

const openEntries = async (project: string) =>
  (await readGate(project)).entries.filter(({mark}) => mark !== 'validated').length

breaks('gate: an item of section 4 is not ticked, and is again', () =>
  tryBreak(
    'gate',
    async ({project}) => {
      assert.is(await openEntries(project), 1)
      assert.is(git(project, 'status', '--porcelain'), '')
    },
    async ({project}) => assert.is(await openEntries(project), 0),
  ),
)

breaks('tag: the remote holds it elsewhere, and holds it as before', async () => {
  const commitOf = (paths: SandboxPaths, tag: string) =>
    git(paths.remote, 'rev-parse', `refs/tags/${tag}^{commit}`)
  await tryBreak(
    'tag',
    async ({project}, paths) => {
      const {tag, commit} = await readGate(project)
      assert.is.not(commitOf(paths, tag), commit)
    },
    async ({project}, paths) => {
      const {tag, commit} = await readGate(project)
      assert.is(commitOf(paths, tag), commit)
      assert.is(git(paths.remote, 'cat-file', '-t', `refs/tags/${tag}`), 'tag')
    },
  )
})

breaks('nightly: the last run is red', () =>
  tryBreak('nightly', async ({project}) => {
    const {api} = z.object({api: z.string()}).parse((await loadProject(project)).ci)
    const path = '/repos/depot/depot-central/actions/workflows/nightly.yml/runs?per_page=2'
    const answer: unknown = await (await fetch(api + path)).json()
    const {workflow_runs: runs} = z
      .object({workflow_runs: z.array(z.object({conclusion: z.string()}))})
      .parse(answer)
    assert.equal(
      runs.map(({conclusion}) => conclusion),
      ['failure', 'success'],
    )
  }),
)

const envValue = async (project: string, file: string, key: string) =>
  (await readEnvFile(join(project, 'env', file))).get(key)

breaks('env: the ref is empty in the file of the scenario', async () => {
  await tryBreak(
    'env',
    async ({project}) => {
      assert.is(await envValue(project, '.env.staging', 'STAGING_PROJECT_REF'), undefined)
      assert.ok(await envValue(project, '.env.prod', 'PROD_PROJECT_REF'))
    },
    async ({project}) => assert.ok(await envValue(project, '.env.staging', 'STAGING_PROJECT_REF')),
  )
  await tryBreak(
    'env',
    async ({project}) =>
      assert.is(await envValue(project, '.env.prod', 'PROD_PROJECT_REF'), undefined),
    async ({project}) => assert.ok(await envValue(project, '.env.prod', 'PROD_PROJECT_REF')),
    'production',
  )
})

breaks('staging-key-in-prod: PROD’s file carries STAGING’s key', () =>
  tryBreak(
    'staging-key-in-prod',
    async ({project}) =>
      assert.is(
        await envValue(project, '.env.prod', 'PROD_ANON_KEY'),
        await envValue(project, '.env.staging', 'STAGING_ANON_KEY'),
      ),
    async ({project}) =>
      assert.is.not(
        await envValue(project, '.env.prod', 'PROD_ANON_KEY'),
        await envValue(project, '.env.staging', 'STAGING_ANON_KEY'),
      ),
  ),
)

breaks('env-committed: PROD’s file stands in the history of a ref, and in none', () => {
  const found = (folder: string) =>
    git(folder, 'log', '--all', '--format=%H', '--', 'env/.env.prod')
  return tryBreak(
    'env-committed',
    async ({project}, paths) => {
      assert.ok(found(project))
      assert.ok(found(paths.remote))
    },
    async ({project}, paths) => {
      assert.is(found(project), '')
      assert.is(found(paths.remote), '')
    },
  )
})

breaks('approval: main knows other keys than the approvers sign with', async () => {
  const lines = async (project: string, email: string) =>
    (await readFile(join(project, 'runbooks/allowed_signers'), 'utf8'))
      .split('\n')
      .find((line) => line.startsWith(email)) ?? ''
  const keyOf = async (key: string) => (await readFile(`${key}.pub`, 'utf8')).split(' ')[1] ?? ''
  const agree = async (sandbox: OpenedSandbox) =>
    Promise.all(
      people.map(async ({email, role}) =>
        (await lines(sandbox.project, email)).includes(await keyOf(sandbox.keyOf(role) ?? '')),
      ),
    )
  await tryBreak(
    'approval',
    async (sandbox) => assert.equal(await agree(sandbox), [true, true, false, false]),
    async (sandbox) => assert.equal(await agree(sandbox), [true, true, true, true]),
  )
})

breaks('drift: code came to main after the tag; and none is left', () => {
  const changed = (project: string, tag: string) =>
    git(project, 'diff', '--name-only', tag, 'origin/main', '--', 'lib', 'web')
  return tryBreak(
    'drift',
    async ({project}) =>
      assert.is(changed(project, (await readGate(project)).tag), 'lib/main.dart'),
    async ({project}) => {
      const {tag} = await readGate(project)
      assert.is(changed(project, tag), '')
      assert.is(git(project, 'log', '--format=%s', `${tag}..origin/main`, '--', 'lib'), '')
    },
  )
})

breaks('drift: what was committed on top of it stays, and so does the past', async () => {
  await inSandbox(await bundle(), {break: 'drift'}, async ({project}) => {
    git(project, 'commit', '--allow-empty', '-qm', 'documents')
    git(project, 'push', '-q')
  })
  await inSandbox(await bundle(), {}, async ({project}) => {
    const {tag} = await readGate(project)
    assert.is(git(project, 'diff', '--name-only', tag, 'origin/main', '--', 'lib'), '')
    assert.match(git(project, 'log', '--format=%s', 'origin/main'), 'documents')
  })
})

breaks('notify: the team’s webhook fails', () =>
  tryBreak('notify', async ({project}) => {
    const [hook] = (await loadProject(project)).notify
    assert.is((await fetch(String(hook?.url), {method: 'POST', body: '{}'})).status, 500)
  }),
)

/** Publishes a copy of what is live: a new release, as the host's own code makes it. */
async function publish(paths: SandboxPaths, environment: 'staging' | 'production', at: Date) {
  const root = paths.hosting[environment]
  const folder = await mkdtemp(join(tmpdir(), 'postgate-release-'))
  try {
    await cp(join(root, 'current/'), folder, {recursive: true, dereference: true})
    await writeFile(join(folder, '.last_build_id'), String(at.getTime()))
    const manifest = await manifestOf(folder)
    return await releaseFolder(root).publish({folder, manifest, version: '9.9.9', message: 'm', at})
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

const urlOf = async (project: string) => (await loadProject(project)).environments.staging.url
const status = (url: string) =>
  fetch(url, {headers: {connection: 'close'}}).then(
    (answer) => answer.status,
    () => 0,
  )

breaks('deploy: the host’s folder refuses a release, and what is live stays', () =>
  tryBreak(
    'deploy',
    async ({project, clock}, paths) => {
      const before = await releaseFolder(paths.hosting.staging).current()
      const failure = await publish(paths, 'staging', clock.now()).catch(() => 'refused')
      assert.is(failure, 'refused')
      assert.equal(await releaseFolder(paths.hosting.staging).current(), before)
      assert.is(await status(await urlOf(project)), 200)
    },
    async ({clock}, paths) => {
      assert.is.not(await publish(paths, 'staging', clock.now()), '')
    },
  ),
)

breaks('partial-deploy: one file of the new release is not served', () =>
  tryBreak('partial-deploy', async ({project, clock}, paths) => {
    const url = `${await urlOf(project)}/assets/FontManifest.json`
    const releases = releaseFolder(paths.hosting.staging)
    const before = await releases.current()
    assert.is(await status(url), 200)
    await publish(paths, 'staging', clock.now())
    assert.is(await status(url), 404)
    await releases.switchTo(before?.id ?? '')
    assert.is(await status(url), 200)
  }),
)

breaks('smoke: sign-in fails while the new release is live', () =>
  tryBreak('smoke', async ({project, clock}, paths) => {
    const env = await readEnvFile(join(project, 'env/.env.staging'))
    const signIn = async () =>
      (
        await fetch(`${env.get('STAGING_URL')}/auth/v1/token?grant_type=password`, {
          method: 'POST',
          headers: {apikey: env.get('STAGING_ANON_KEY') ?? ''},
          body: JSON.stringify({
            email: env.get('STAGING_SMOKE_USER'),
            password: env.get('STAGING_SMOKE_PASSWORD'),
          }),
        })
      ).status
    assert.is(await signIn(), 200)
    await publish(paths, 'staging', clock.now())
    assert.is(await signIn(), 500)
  }),
)

breaks('errors: a fifth of the answers, once the watch has begun', () =>
  tryBreak('errors', async ({project, clock}, paths) => {
    const url = await urlOf(project)
    const releases = releaseFolder(paths.hosting.staging)
    const before = await releases.current()
    const failures = async () => {
      const seen = await Promise.all(Array.from({length: 20}, () => status(url)))
      return seen.filter((code) => code === 503).length
    }
    await clock.wait(60_000)
    await publish(paths, 'staging', clock.now())
    assert.is(await failures(), 0)
    await clock.wait(10_000)
    assert.is(await failures(), 4)
    await releases.switchTo(before?.id ?? '')
    assert.is(await failures(), 0)
  }),
)

breaks('outage: no answer at all from the new release', () =>
  tryBreak('outage', async ({project, clock}, paths) => {
    const url = await urlOf(project)
    const releases = releaseFolder(paths.hosting.staging)
    const before = await releases.current()
    await publish(paths, 'staging', clock.now())
    assert.is(await status(url), 200)
    await clock.wait(10_000)
    assert.is(await status(url), 0)
    await releases.switchTo(before?.id ?? '')
    assert.is(await status(url), 200)
  }),
)

breaks('rollback: going back is done, and the new release is served all the same', () =>
  tryBreak('rollback', async ({project, clock}, paths) => {
    const url = `${await urlOf(project)}/.last_build_id`
    const releases = releaseFolder(paths.hosting.staging)
    const before = await releases.current()
    await publish(paths, 'staging', clock.now())
    const served = await (await fetch(url)).text()
    await releases.switchTo(before?.id ?? '')
    assert.is(await (await fetch(url)).text(), served)
  }),
)

breaks('no-data: the machine sleeps through the watch', () =>
  tryBreak('no-data', async ({clock}, paths) => {
    const waited = async () => {
      const from = clock.now().getTime()
      await clock.wait(10_000)
      return clock.now().getTime() - from
    }
    assert.ok((await waited()) < 60_000)
    await publish(paths, 'production', clock.now())
    assert.ok((await waited()) >= 20 * 60_000)
  }),
)

breaks('database: whoever rewrites STAGING finds a row in it after the commit', () => {
  const rows = async (project: string) => {
    const env = await readEnvFile(join(project, 'env/.env.staging'))
    return withClient(env.get('STAGING_DB_URL') ?? '', async (client) => {
      const count = async () => {
        const {rows: found} = await client.query<{n: number}>(
          'select count(*)::int as n from notifications',
        )
        return found[0]?.n
      }
      await client.query('begin; truncate notifications')
      await client.query("delete from supabase_migrations.schema_migrations where version = '1'")
      await client.query("insert into supabase_migrations.schema_migrations values ('1')")
      const inside = await count()
      await client.query('commit')
      return [inside, await count()]
    })
  }
  return tryBreak(
    'database',
    async ({project}) => assert.equal(await rows(project), [0, 1]),
    async ({project}) => assert.equal(await rows(project), [0, 0]),
  )
})

breaks('a break whose command was killed is undone by the next start', async () => {
  let left = ''
  await inSandbox(await bundle(), {break: 'gate'}, async (_, paths) => {
    left = await readFile(paths.broken, 'utf8')
  })
  await inSandbox(await bundle(), {}, async ({project}, paths) => {
    const gate = join(project, (await readGate(project)).path)
    const text = await readFile(gate, 'utf8')
    await writeFile(gate, text.replace('- [x] **CI nightly verte**', '- [ ] **CI nightly verte**'))
    git(project, 'commit', '-qam', 'as the killed command left it')
    git(project, 'push', '-q')
    await writeFile(paths.broken, left)
  })
  await inSandbox(await bundle(), {}, async ({project}) => {
    assert.is(await openEntries(project), 0)
  })
})

breaks('every break that is not the stand-in’s was tried here', async () => {
  const standIn = ['build', 'size', 'secret-in-build']
  assert.equal([...tried, ...standIn].sort(), Object.keys(known).sort())
  await removeBundle(await bundle())
})

breaks.run()
