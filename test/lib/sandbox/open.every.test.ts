// Goal: a sandbox is whole or not there, is changed by nothing that only looks, and is used by one
// command at a time. Method: real sandboxes; a command is really killed while it makes one.

import {execFileSync, spawn} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {filesOf} from '../../../scripts/lib/artifact/manifest.ts'
import {Problem} from '../../../scripts/lib/domain/problem.ts'
import {readEnvFile} from '../../../scripts/lib/policy/env-file.ts'
import {readGate} from '../../../scripts/lib/policy/gate-file.ts'
import {loadProject} from '../../../scripts/lib/policy/project-file.ts'
import {answers} from '../../../scripts/lib/sandbox/answers.ts'
import {pathsOf} from '../../../scripts/lib/sandbox/paths.ts'
import {people} from '../../../scripts/lib/sandbox/people.ts'
import {liveId} from '../../../scripts/lib/sandbox/services/faults.ts'
import {inSandbox, makeBundle, open, removeBundle} from '../../helpers/sandbox.ts'

const sandbox = suite('sandbox')

const inBundle = async (use: (bundle: string) => Promise<void>) => {
  const bundle = await makeBundle()
  try {
    await use(bundle)
  } finally {
    await removeBundle(bundle)
  }
}

// One sandbox for the tests that leave it healthy: each start is a test of its own.
let made: Promise<string> | undefined
const inShared = async (use: (bundle: string) => Promise<void>) => {
  made ??= makeBundle()
  await use(await made)
}

const git = (folder: string, ...words: string[]) =>
  execFileSync('git', words, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()

/** The exit code and text of the problem that `doing` ends in. */
async function problemOf(doing: Promise<unknown>): Promise<{exit: number; text: string}> {
  try {
    await doing
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return {exit: error.parts.exit, text: JSON.stringify(error.parts)}
  }
  throw new Error('nothing was refused')
}

sandbox('is born as a project with a tag, a gate, env files and a release in both places', () =>
  inShared((bundle) =>
    inSandbox(bundle, {}, async ({project, clock, environment, answersFile, keyOf}, paths) => {
      assert.match(clock.now().toISOString(), /T09:0\d:/)
      const settings = await loadProject(project)
      assert.match(settings.name, 'SANDBOX')
      const gate = await readGate(project)
      assert.ok(gate.entries.length >= 9)
      assert.ok(gate.entries.every(({mark}) => mark === 'validated'))
      const remoteTag = git(paths.remote, 'rev-parse', `refs/tags/${gate.tag}^{commit}`)
      assert.is(git(project, 'rev-parse', `refs/tags/${gate.tag}^{commit}`), remoteTag)
      assert.is(gate.commit, remoteTag)
      assert.is(git(project, 'cat-file', '-t', `refs/tags/${gate.tag}`), 'tag')
      assert.is(git(project, 'status', '--porcelain'), '')
      assert.is(
        git(project, 'ls-remote', 'origin', 'main').split('\t')[0],
        git(project, 'rev-parse', 'HEAD'),
      )
      // Written after the code: the gate is on main and not in the tag.
      assert.throws(() => git(project, 'cat-file', '-e', `${gate.tag}:${gate.path}`))
      assert.is(git(project, 'log', '--all', '--oneline', '--', 'env'), '')
      const env = await readEnvFile(join(project, settings.environments.staging.envFile))
      for (const key of [
        'STAGING_DB_URL',
        'STAGING_PROJECT_REF',
        'STAGING_URL',
        'STAGING_ANON_KEY',
      ]) {
        assert.ok(env.get(key), key)
      }
      assert.match(env.get('STAGING_PROJECT_REF') ?? '', /^[a-z]{20}$/)
      for (const root of Object.values(paths.hosting)) assert.ok(liveId(root))
      assert.ok((environment.PATH ?? '').startsWith(paths.bin))
      const given = await readFile(answersFile, 'utf8')
      assert.match(given, `tag: "${gate.tag}"`)
      const signers = await readFile(join(project, 'runbooks/allowed_signers'), 'utf8')
      const decision = await readFile(join(project, 'runbooks/decision.md'), 'utf8')
      for (const {email, role} of people) {
        const key = keyOf(role) ?? ''
        assert.match(signers, `${email} namespaces="postgate" ssh-ed25519 `)
        assert.match(decision, new RegExp(`\\| ${email.replaceAll('.', '\\.')} \\| ${role} \\|`))
        assert.ok(existsSync(key))
      }
    }),
  ),
)

sandbox('answers every attested item of the runbooks, and no other', async () => {
  const attested = new Set<string>()
  const root = join(import.meta.dirname, '../../../runbooks')
  for (const name of ['staging.md', 'production.md', 'freeze.md']) {
    for (const line of (await readFile(join(root, name), 'utf8')).split('\n')) {
      const title = /^- \[ \] \*\*(.+?)\*\*/.exec(line)?.[1]
      const byPerson = !/<!-- (check|step|trigger):/.test(line)
      // Where no source is configured, as in the sandbox, a person answers for these as well.
      const asked =
        /step: (data-decision|exit-criteria|exit-decided)|check: (authorised signature=optional|error-logs|user-alerts)/.test(
          line,
        )
      if (title !== undefined && (byPerson || asked)) attested.add(title)
    }
  }
  assert.equal(Object.keys(answers).sort(), [...attested].sort())
})

const digest = async (root: string) => {
  const lines: string[] = []
  for (const path of await filesOfTree(root)) {
    if (/(^|\/)postgres\//.test(path) || /\.(log|pid)$/.test(path)) continue
    const bytes = await readFile(join(root, path)).catch(() => '')
    lines.push(`${path} ${createHash('sha256').update(bytes).digest('hex')}`)
  }
  return lines.join('\n')
}

const filesOfTree = async (root: string) =>
  (await readdir(root, {recursive: true, withFileTypes: true}))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()

sandbox('stays as it is: for a second start, and to the last byte for one that only reads', () =>
  inShared(async (bundle) => {
    await inSandbox(bundle, {}, async () => {})
    const root = join(bundle, '.sandbox')
    const state = await readFile(join(root, 'state.json'), 'utf8')
    const commit = git(join(root, 'project'), 'rev-parse', 'HEAD')
    await inSandbox(bundle, {advanceMs: 3_600_000}, async ({clock}) => {
      assert.match(clock.now().toISOString(), /T10:0\d:/)
      await clock.wait(3_600_000)
    })
    assert.is(await readFile(join(root, 'state.json'), 'utf8'), state)
    assert.is(git(join(root, 'project'), 'rev-parse', 'HEAD'), commit)
    const before = await digest(root)
    const later = {readOnly: true, advanceMs: 3_600_000}
    await inSandbox(bundle, later, async ({clock, answersFile}, paths) => {
      assert.match(await readFile(answersFile, 'utf8'), clock.now().toISOString().slice(0, 13))
      // The waits of before are kept; this one's own are not.
      assert.match(clock.now().toISOString(), /T12:0\d:/)
      await clock.wait(60_000)
      assert.ok(liveId(paths.hosting.staging))
    })
    await inSandbox(bundle, {services: false, readOnly: true}, async () => {})
    assert.is(await digest(root), before)
  }),
)

sandbox('takes up what changed in the bundle, and keeps what was written since', () =>
  inShared(async (bundle) => {
    await inSandbox(bundle, {}, async () => {})
    const project = join(bundle, '.sandbox/project')
    const runbook = join(project, 'runbooks/staging.md')
    await appendFile(runbook, '| 2026-01-23 | a-run | t | c | Succès | C | r |\n')
    git(project, 'commit', '-qam', 'a row of history')
    git(project, 'push', '-q')
    await writeFile(join(project, 'lib/mine.dart'), '// work in progress\n')
    const source = join(bundle, 'runbooks/staging.md')
    const text = await readFile(source, 'utf8')
    await writeFile(
      source,
      text.replace('## Phase 1', '- [ ] **Accord du DBA** : donné\n\n## Phase 1'),
    )
    await inSandbox(bundle, {}, async () => {})
    const merged = await readFile(runbook, 'utf8')
    assert.match(merged, 'Accord du DBA')
    assert.match(merged, 'a-run')
    assert.is(git(project, 'status', '--porcelain'), '?? lib/mine.dart')
    assert.is(git(project, 'rev-parse', 'main'), git(project, 'rev-parse', 'origin/main'))
    // Nothing left to do: a person's own edit of the copy stays for the engine to refuse.
    await appendFile(runbook, '<!-- mine -->\n')
    await inSandbox(bundle, {}, async () => {})
    assert.match(await readFile(runbook, 'utf8'), 'mine')
  }),
)

sandbox('is used by one command at a time; commands without services need not wait', () =>
  inShared((bundle) =>
    inSandbox(bundle, {}, async () => {
      const {exit, text} = await problemOf(open(bundle))
      assert.is(exit, 3)
      assert.match(text, String(process.pid))
      await inSandbox(bundle, {services: false}, async () => {})
    }),
  ),
)

sandbox('takes other ports where its own are taken, and says so in the project', () =>
  inShared(async (bundle) => {
    let before = ''
    await inSandbox(bundle, {}, async ({project}) => {
      before = (await loadProject(project)).environments.staging.url
    })
    const other = createServer()
    await new Promise<void>((done) => {
      other.listen(Number(new URL(before).port), '127.0.0.1', done)
    })
    try {
      assert.is((await problemOf(open(bundle, {readOnly: true}))).exit, 3)
      await inSandbox(bundle, {}, async ({project}) => {
        const {url} = (await loadProject(project)).environments.staging
        assert.is.not(url, before)
        assert.is((await fetch(`${url}/version.json`)).status, 200)
        assert.is(git(project, 'status', '--porcelain', 'postgate.yaml'), '')
      })
    } finally {
      other.close()
    }
  }),
)

sandbox('gets ports where it has none, as one that was copied, even where only --plan looks', () =>
  inShared(async (bundle) => {
    await rm(join(bundle, '.sandbox/ports.json'))
    await inSandbox(bundle, {readOnly: true}, async ({project}) => {
      const {url} = (await loadProject(project)).environments.staging
      assert.is((await fetch(`${url}/version.json`)).status, 200)
    })
  }),
)

sandbox('is whole after a command was killed while making it', () =>
  inBundle(async (bundle) => {
    const helper = JSON.stringify(join(import.meta.dirname, '../../helpers/sandbox.ts'))
    const script = `const {open} = await import(${helper}); await open(${JSON.stringify(bundle)})`
    const command = spawn(
      process.execPath,
      ['--import=typescript-when-needed', '--input-type=module', '-e', script],
      {stdio: 'inherit'},
    )
    const exit = new Promise((done) => command.once('exit', done))
    const building = async () =>
      (await readdir(bundle)).find((name) => name.startsWith('.sandbox-building-'))
    // Far enough for a server to run in it.
    for (let waited = 0; waited < 20_000; waited += 20) {
      const name = await building()
      if (name && existsSync(join(bundle, name, 'postgres/data/postmaster.pid'))) break
      await sleep(20)
    }
    command.kill('SIGKILL')
    await exit
    assert.not(existsSync(join(bundle, '.sandbox')))
    assert.ok(await building())
    await inSandbox(bundle, {}, async ({project}) => {
      assert.is(await building(), undefined)
      assert.is(git(project, 'status', '--porcelain'), '')
      assert.ok((await filesOf(join(project, 'web'))).length > 3)
    })
  }),
)

sandbox(
  'is made where its folder leads to: an empty one, and what a kill left there on its way',
  () =>
    inBundle(async (bundle) => {
      const elsewhere = await mkdtemp(join(tmpdir(), 'postgate-elsewhere-'))
      try {
        const building = join(elsewhere, `${basename(elsewhere)}-building-dead`)
        await mkdir(building)
        await symlink(elsewhere, join(bundle, '.sandbox'))
        await inSandbox(bundle, {services: false}, async ({project}, paths) => {
          assert.is(project, await realpath(join(elsewhere, 'project')))
          assert.is(git(project, 'config', 'remote.origin.url'), pathsOf(elsewhere).remote)
          assert.not(existsSync(building))
          // As a command leaves it that is killed before the last of its parts stands there.
          await rm(paths.state)
        })
        await inSandbox(bundle, {services: false}, async ({project}, paths) => {
          assert.ok(existsSync(paths.state))
          assert.is(git(project, 'status', '--porcelain'), '')
        })
      } finally {
        await removeBundle(elsewhere)
      }
    }),
)

sandbox('leaves alone a folder with something else in it', () =>
  inBundle(async (bundle) => {
    await mkdir(join(bundle, '.sandbox'))
    await writeFile(join(bundle, '.sandbox/notes.txt'), 'mine')
    assert.is((await problemOf(open(bundle))).exit, 2)
    assert.equal(await readdir(join(bundle, '.sandbox')), ['notes.txt'])
  }),
)

sandbox('lies where POSTGATE_SANDBOX_DIR says, or tells that nothing can be written there', () =>
  inBundle(async (bundle) => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'postgate-elsewhere-'))
    try {
      process.env.POSTGATE_SANDBOX_DIR = join(elsewhere, 'new/one')
      await inSandbox(bundle, {services: false}, async ({project}) => {
        assert.is(project, await realpath(join(elsewhere, 'new/one/project')))
      })
      assert.equal((await readdir(bundle)).sort(), ['runbooks', 'templates'])
      // Below a file not even root makes folders.
      await writeFile(join(elsewhere, 'file'), '')
      process.env.POSTGATE_SANDBOX_DIR = join(elsewhere, 'file/none')
      const {exit} = await problemOf(open(bundle))
      assert.is(exit, 2)
    } finally {
      delete process.env.POSTGATE_SANDBOX_DIR
      await removeBundle(elsewhere)
    }
  }),
)

sandbox('mends what a killed git left locked', () =>
  inShared(async (bundle) => {
    await inSandbox(bundle, {}, async () => {})
    await writeFile(join(bundle, '.sandbox/project/.git/index.lock'), '')
    await inSandbox(bundle, {}, async ({project}) => {
      git(project, 'commit', '--allow-empty', '-qm', 'possible again')
    })
  }),
)

sandbox('refuses a break that it does not know, and names the ones it does', () =>
  inBundle(async (bundle) => {
    const {exit, text} = await problemOf(open(bundle, {break: 'everything'}))
    assert.is(exit, 2)
    for (const name of ['gate', 'partial-deploy', 'no-data', 'drift']) assert.match(text, name)
    assert.not(existsSync(join(bundle, '.sandbox')))
  }),
)

sandbox('is removed by removing its folder', () => inShared(removeBundle))

sandbox.run()
