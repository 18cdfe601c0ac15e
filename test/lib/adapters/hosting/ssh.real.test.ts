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
import {folder} from '../../../../scripts/lib/adapters/hosting/folder.ts'
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

/** Where the two environments are, and what `ready` says of STAGING's. */
async function apart(use: (stand: ApartStand) => Promise<void>): Promise<void> {
  const folders = ['www', 'own', 'prod/releases', 'held/www']
  const project = temporaryFolder(Object.fromEntries(folders.map((name) => [`${name}/.keep`, ''])))
  const at = (name: string) => join(project.path, name)
  const servers = [
    await startSshd(at('sshd')),
    // As a tunnel or a container leads to another machine: the same files, another kernel.
    await startSshd(at('elsewhere'), {
      lines: `ForceCommand eval "$SSH_ORIGINAL_COMMAND" | sed 's/^[0-9a-f]\\{8\\}-.*/another-kernel/'`,
    }),
    // It lets nobody in who is here.
    await startSshd(at('closed'), {lines: 'AllowUsers nobody-here'}),
  ]
  const known = at('known_hosts')
  const keyOf = (name: string) => readFileSync(at(`${name}/host.pub`), 'utf8')
  const knows = (lines: Readonly<Record<string, string>>) =>
    writeFileSync(
      known,
      Object.entries(lines)
        .map(([name, key]) => `${name} ${key}`)
        .join(''),
    )
  const [open, elsewhere, closed] = servers.map(({port}) => port)
  const names = {sshd: `[127.0.0.1]:${open}`, elsewhere: `[127.0.0.1]:${elsewhere}`}
  const usual = {[names.sshd]: keyOf('sshd'), [names.elsewhere]: keyOf('elsewhere')}
  knows(usual)
  const over = (root: string, where: {host?: string; port?: number | undefined} = {}) => ({
    ...{adapter: 'ssh', root, port: where.port ?? open},
    host: `${servers[0]?.user}@${where.host ?? '127.0.0.1'}`,
    ...{identity: at('sshd/person'), knownHosts: known},
  })
  for (const name of ['elsewhere', 'closed'])
    writeFileSync(at(`${name}/authorized_keys`), readFileSync(at('sshd/person.pub')), {mode: 0o600})
  const ready = async (staging: object, production: object) => {
    const settings = testProject({
      environments: Object.fromEntries(
        Object.entries({staging, production}).map(([name, hosting]) => [
          name,
          {envFile: 'env', url: 'http://127.0.0.1:9', hosting},
        ]),
      ),
    })
    const environment = {HOME: project.path, PATH: process.env.PATH ?? ''}
    const world = testWorld({project: project.path, cache: at('cache'), environment})
    const tools = await testTools({world, project: settings, fence})
    const {hosting} = settings.environments.staging
    const adapter = hosting.adapter === 'ssh' ? ssh : folder
    return adapter(tools, settings.environments.staging).ready()
  }
  try {
    await use({
      at,
      over,
      ready,
      elsewhere,
      closed,
      keyOf,
      knows: (more) => knows({...usual, ...more}),
    })
  } finally {
    for (const server of servers) await server.close()
    project.remove()
  }
}

interface ApartStand {
  readonly at: (name: string) => string
  readonly over: (root: string, where?: {host?: string; port?: number | undefined}) => object
  readonly ready: (staging: object, production: object) => Promise<Judgement>
  readonly elsewhere: number | undefined
  readonly closed: number | undefined
  readonly keyOf: (server: 'sshd' | 'elsewhere' | 'closed') => string
  readonly knows: (more: Readonly<Record<string, string>>) => void
}

const here = (root: string) => ({adapter: 'folder', root})

remote('STAGING and PRODUCTION that meet are told, whatever they are called', async () => {
  await apart(async ({at, over, ready}) => {
    symlinkSync(at('www'), at('link'))
    symlinkSync(at('prod/releases'), at('held/releases'))
    symlinkSync(at('nowhere'), at('dangling'))
    const [www, own, localhost] = [at('www'), at('own'), {host: 'localhost'}]
    const cases: readonly (readonly [staging: object, production: object, isOne: boolean])[] = [
      [over(www), over(own), false],
      [over(www), over(own, localhost), false],
      [over(www), over(at('link')), true],
      [over(www), over(at('link'), localhost), true],
      [over(at('held')), over(at('prod')), true],
      [over(at('held/www')), over(at('held'), localhost), true],
      // One named by its path, the other over SSH, either way round.
      [here(www), over(www), true],
      [here('www'), over(at('link')), true],
      [here(at('held')), over(at('prod')), true],
      [here(www), over(own), false],
      [over(www), here('link'), true],
      [over(at('held/www')), here('held'), true],
      [over(www), here('own'), false],
      [over(www), here('a name that needs quotes'), false],
      // What is not there yet, and where a link leads to it.
      [over(own), here('own/new'), true],
      [here(own), over(at('own/new/www')), true],
      [here(own), over(at('nowhere')), false],
      [over(own), here('dangling'), false],
    ]
    for (const [index, [staging, production, isOne]] of cases.entries()) {
      const judgement = await ready(staging, production)
      const label = `${index} ${JSON.stringify(judgement)}`
      assert.is(judgement.verdict, isOne ? 'fail' : 'pass', label)
      if (isOne) assert.match(JSON.stringify(judgement.observed), 'are one folder', label)
    }
  })
})

remote('one path on two machines is two places, by what each says of itself', async () => {
  await apart(async ({at, over, ready, elsewhere}) => {
    const www = at('www')
    const tunnel = over(www, {port: elsewhere})
    assert.is((await ready(here(www), tunnel)).verdict, 'pass')
    assert.is((await ready(tunnel, here(www))).verdict, 'pass')
    assert.is((await ready(over(www), tunnel)).verdict, 'pass')
  })
})

remote('a machine that is closed to who is here is known by its key, or not at all', async () => {
  await apart(async ({at, over, ready, closed, keyOf, knows}) => {
    const www = at('www')
    const other = over(www, {port: closed})
    const judged = async (staging = over(www)) => (await ready(staging, other)).verdict
    // Only where both would meet is anything asked.
    assert.is(await judged(over(at('own'))), 'pass')
    const untold = await ready(over(www), other)
    assert.is(untold.verdict, 'unknown', JSON.stringify(untold))
    assert.match(JSON.stringify(untold.next), `@127.0.0.1 true`)
    assert.is(await judged(here(www)), 'unknown')
    knows({[`[127.0.0.1]:${closed}`]: keyOf('closed')})
    assert.is(await judged(), 'pass')
    knows({[`[127.0.0.1]:${closed}`]: keyOf('sshd')})
    assert.is(await judged(), 'fail')
    // Keys of two kinds tell nothing.
    knows({[`[127.0.0.1]:${closed}`]: keyOf('closed').replace('ssh-ed25519', 'ssh-rsa')})
    assert.is(await judged(), 'unknown')
  })
})

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
