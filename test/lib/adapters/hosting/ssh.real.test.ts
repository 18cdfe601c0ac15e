// The folder of releases on another machine: real OpenSSH and real rsync, on loopback.

import {spawnSync} from 'node:child_process'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {ssh} from '../../../../scripts/lib/adapters/hosting/ssh.ts'
import {manifestOf} from '../../../../scripts/lib/artifact/manifest.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import type {Judgement} from '../../../../scripts/lib/domain/verdict.ts'
import {fencesOf} from '../../../helpers/fences.ts'
import {temporaryFolder} from '../../../helpers/folder.ts'
import {startSshd} from '../../../helpers/sshd.ts'
import {staticSite} from '../../../helpers/static-site.ts'
import {keys, sitAt} from '../../../helpers/terminal.ts'
import {perform, testProject, testTools, testWorld} from '../../../helpers/world.ts'
import {application, type Condition, hostingContract, type Stand} from './contract.ts'

const fence = fencesOf('runbooks/staging.md')

async function open(
  condition?: Condition | 'other-host-key',
  {mode = 'EXECUTIVE', reader}: {mode?: 'READ-ONLY' | 'EXECUTIVE'; reader?: string} = {},
): Promise<Stand & {root: string; stop: () => Promise<void>}> {
  const project = temporaryFolder({'www/.keep': ''})
  const root = join(project.path, 'www')
  const server = await startSshd(join(project.path, 'sshd'), {
    otherHostKey: condition === 'other-host-key',
  })
  const site = await staticSite(join(root, 'current'))
  const settings = testProject({
    environments: {
      staging: {
        envFile: 'env',
        url: site.url,
        hosting: {
          adapter: 'ssh',
          host: `${server.user}@127.0.0.1`,
          port: server.port,
          root: condition === 'wrong-site' ? join(project.path, 'nowhere') : root,
          identity: condition === 'expired' ? server.stranger : server.identity,
          knownHosts: server.knownHosts,
          ...(reader !== undefined && {reader}),
        },
      },
    },
  })
  const environment = {
    HOME: project.path,
    PATH: condition === 'no-program' ? '/nowhere' : (process.env.PATH ?? ''),
  }
  const world = testWorld({project: project.path, cache: join(project.path, 'cache'), environment})
  const tools = await testTools({world, project: settings, fence, mode})
  return {
    root,
    hosting: ssh(tools, settings.environments.staging),
    byHand: {cwd: '/', env: environment},
    stop: server.close,
    close: async () => {
      await site.close()
      await server.close()
      project.remove()
    },
  }
}

hostingContract('ssh', open, {
  who: / → \S+@127\.0\.0\.1:\//,
  flaws: {
    'no-program': /apt-get install/,
    expired: /ssh-copy-id -p/,
    'wrong-site': /mkdir -p/,
  },
})

const remote = suite('over ssh')

remote(
  'STAGING and PRODUCTION that meet on the machine are told, whatever they are called',
  async () => {
    const project = temporaryFolder({'www/.keep': '', 'prod/releases/.keep': '', 'own/.keep': ''})
    const server = await startSshd(join(project.path, 'sshd'), {otherHostKey: false})
    const environment = {HOME: project.path, PATH: process.env.PATH ?? ''}
    const at = (name: string) => join(project.path, name)
    const place = (host: string, root: string) => ({
      ...{envFile: 'env', url: 'http://127.0.0.1:9'},
      hosting: {
        ...{adapter: 'ssh', host: `${server.user}@${host}`, root, port: server.port},
        ...{identity: server.identity, knownHosts: server.knownHosts},
      },
    })
    const ready = async (host: string, other: string) => {
      const settings = testProject({
        environments: {staging: place('127.0.0.1', at('www')), production: place(host, at(other))},
      })
      const world = testWorld({project: project.path, cache: at('cache'), environment})
      const tools = await testTools({world, project: settings, fence})
      return ssh(tools, settings.environments.staging).ready()
    }
    try {
      assert.is((await ready('localhost', 'own')).verdict, 'pass')
      symlinkSync(at('www'), at('link'))
      symlinkSync(at('prod/releases'), at('www/releases'))
      for (const [host, other] of [
        ['127.0.0.1', 'link'],
        ['localhost', 'link'],
        ['localhost', 'prod'],
      ] as const) {
        const judgement = await ready(host, other)
        assert.is(judgement.verdict, 'fail', other)
        assert.match(JSON.stringify(judgement.observed), 'are one folder')
      }
      assert.is((await ready('localhost', 'own')).verdict, 'pass')
      // Another machine, which this one is not asked about.
      assert.is((await ready('other.example.org', 'link')).verdict, 'pass')
    } finally {
      await server.close()
      project.remove()
    }
  },
)

const deploy = async ({hosting}: Stand, word: string, version: string) => {
  const build = application(word)
  try {
    const manifest = await manifestOf(build.path)
    await perform(hosting.deploy({folder: build.path, manifest, version, message: version}))
  } finally {
    build.remove()
  }
}

/** The command of a next step, as it is pasted into a shell; `yes` is typed where it asks. */
async function pasted(judgement: Judgement, project: string): Promise<number> {
  assert.is.not(judgement.next, undefined, JSON.stringify(judgement))
  const text = inLang(judgement.next ?? '', 'en')
  const command = /(?:ssh|ssh-\w+|mkdir) -.*$/.exec(text)?.[0] ?? ''
  assert.is.not(command, '', text)
  const seat = sitAt({
    ...{file: '/bin/sh', args: ['-c', command], cwd: project, columns: 120},
    env: {...process.env, HOME: project},
  })
  if (/fingerprint/.test(text)) {
    await seat.sees(/continue connecting/)
    seat.types(`yes${keys.enter}`)
  }
  return seat.ended()
}

remote('what cannot be reached is reached once the line that is printed was pasted', async () => {
  const project = temporaryFolder({'srv/.keep': '', 'home/.ssh/.keep': ''})
  const at = (name: string) => join(project.path, name)
  const server = await startSshd(at('sshd'))
  const environment = {HOME: at('home'), PATH: process.env.PATH ?? ''}
  const ready = async (given: {knownHosts?: string; identity?: string} = {}) => {
    const settings = testProject({
      environments: {
        staging: {
          ...{envFile: 'env', url: 'http://127.0.0.1:9'},
          hosting: {
            ...{adapter: 'ssh', host: `${server.user}@127.0.0.1`, port: server.port},
            ...{root: at('srv/www'), identity: server.identity, knownHosts: server.knownHosts},
            ...given,
          },
        },
      },
    })
    const world = testWorld({project: project.path, cache: at('cache'), environment})
    return ssh(
      await testTools({world, project: settings, fence}),
      settings.environments.staging,
    ).ready()
  }
  const said = (judgement: Judgement) => inLang(judgement.next ?? '', 'en')
  try {
    // No host key, then that of another machine.
    const empty = {knownHosts: at('known hosts of ours')}
    assert.match(said(await ready(empty)), /connect once.* -p \d+ -i .*known hosts of ours/)
    assert.is(await pasted(await ready(empty), project.path), 0)
    const other = {knownHosts: at('other_hosts')}
    writeFileSync(
      other.knownHosts,
      `[127.0.0.1]:${server.port} ${readFileSync(`${server.stranger}.pub`, 'utf8')}`,
    )
    assert.match(said(await ready(other)), /ssh-keygen -R '\[127\.0\.0\.1\]:\d+' -f/)
    assert.is(await pasted(await ready(other), project.path), 0)

    // A folder that is not there.
    for (const known of [empty, other]) assert.match(said(await ready(known)), /mkdir -p/)
    assert.is(await pasted(await ready(), project.path), 0)
    assert.is((await ready()).verdict, 'pass', JSON.stringify(await ready()))

    // A site that was served before, which goes on being served.
    mkdirSync(at('srv/www/current'))
    writeFileSync(at('srv/www/current/index.html'), 'before')
    assert.is(await pasted(await ready(), project.path), 0)
    assert.is((await ready()).verdict, 'pass')
    assert.is(readFileSync(at('srv/www/current/index.html'), 'utf8'), 'before')

    // A key that the machine does not know, one that is not there, and one with a passphrase.
    const refused = await ready({identity: server.stranger})
    const copy = said(refused).replace(/^.*?ssh-copy-id/, 'ssh-copy-id -n')
    assert.is(spawnSync('sh', ['-c', copy], {env: environment}).status, 0, copy)
    const missing = {identity: at('no key')}
    const made = said(await ready(missing)).replace(/^.*?ssh-keygen/, "ssh-keygen -q -N ''")
    assert.is(spawnSync('sh', ['-c', made]).status, 0, made)
    assert.match(said(await ready(missing)), /ssh-copy-id/)
    const [locked] = [at('locked')]
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'a sentence', '-f', locked])
    assert.is(said(await ready({identity: locked})), `sign in: ssh-add ${locked}`)
  } finally {
    await server.close()
    project.remove()
  }
})

remote('a machine that does not answer is unknown, and what it serves is not guessed', async () => {
  const stand = await open()
  try {
    await stand.stop()
    assert.is((await stand.hosting.ready()).verdict, 'unknown')
    const error = await stand.hosting.live().catch((error: unknown) => error)
    assert.ok(error instanceof Problem, String(error))
    assert.match(error.message, /does not say/)
    assert.match(inLang(error.parts.next ?? '', 'en'), /try: ssh -p \d+ -i /)
  } finally {
    await stand.close()
  }
})

remote('a phase that only looks does it as the account that may only look', async () => {
  const looking = {mode: 'READ-ONLY', reader: 'nobody-here@127.0.0.1'} as const
  const stand = await open(undefined, looking)
  try {
    // An account that the machine does not know: nothing is seen, so it was not the deploying one.
    const seen = await stand.hosting.live().catch((error: unknown) => String(error))
    assert.type(seen, 'string')
  } finally {
    await stand.close()
  }
  const acting = await open(undefined, {...looking, mode: 'EXECUTIVE'})
  try {
    assert.is(await acting.hosting.live(), null)
  } finally {
    await acting.close()
  }
})

remote('a file that did not change is one file on disk; the manifest is kept there', async () => {
  const stand = await open()
  try {
    await deploy(stand, 'un', '1')
    const first = await stand.hosting.live()
    await deploy(stand, 'nu', '2')
    const second = await stand.hosting.live()
    assert.ok(first && second)
    const inode = (id: string, name: string) => statSync(join(stand.root, 'releases', id, name)).ino
    const binary = 'assets/fichier à accent.bin'
    assert.is(inode(first.id, binary), inode(second.id, binary))
    assert.is.not(inode(first.id, 'index.html'), inode(second.id, 'index.html'))
    const kept = await stand.hosting.manifestOf?.(first.id)
    assert.is(kept?.digest, first.manifest)
  } finally {
    await stand.close()
  }
})

remote('a leftover of a killed copy, and a release damaged since, are never served', async () => {
  const stand = await open()
  try {
    await deploy(stand, 'un', '1')
    const {id} = (await stand.hosting.live()) ?? {id: ''}
    writeFileSync(join(stand.root, 'releases', id, 'main.dart.js'), 'damaged')
    mkdirSync(join(stand.root, 'incoming'), {recursive: true})
    writeFileSync(join(stand.root, 'incoming/leftover.js'), 'half')
    await deploy(stand, 'un', '2')
    const current = join(stand.root, readlinkSync(join(stand.root, 'current')))
    assert.not.ok(readdirSync(current).includes('leftover.js'))
    assert.is(readFileSync(join(current, 'main.dart.js'), 'utf8'), "console.log('un')")
    assert.not.ok(readdirSync(stand.root).includes('incoming'))
  } finally {
    await stand.close()
  }
})

remote('an id never leads out of the folder', async () => {
  const stand = await open()
  try {
    for (const id of ['../../x', '..', '', '-x', 'a b', 'a;id', '$(id)']) {
      assert.throws(() => stand.hosting.restore?.(id), undefined, id)
    }
  } finally {
    await stand.close()
  }
})

remote.run()
