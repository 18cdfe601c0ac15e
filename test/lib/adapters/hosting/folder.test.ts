// The folder of releases behind a real static server, and what only it can promise.

import {mkdirSync, readdirSync, rmSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {folder, releaseFolder} from '../../../../scripts/lib/adapters/hosting/folder.ts'
import {manifestOf} from '../../../../scripts/lib/artifact/manifest.ts'
import {temporaryFolder} from '../../../helpers/folder.ts'
import {staticSite} from '../../../helpers/static-site.ts'
import {testProject, testTools, testWorld} from '../../../helpers/world.ts'
import {application, type Condition, hostingContract, type Stand} from './contract.ts'

async function open(condition?: Condition): Promise<Stand> {
  const project = temporaryFolder({'www/.keep': ''})
  const server = await staticSite(join(project.path, 'www/current'))
  const settings = testProject({
    environments: {
      staging: {
        envFile: 'env',
        url: `${server.url}/`,
        hosting: {adapter: 'folder', root: condition === 'wrong-site' ? 'nowhere' : 'www'},
      },
    },
  })
  const world = testWorld({project: project.path, cache: join(project.path, 'cache')})
  const tools = await testTools({world, project: settings})
  return {
    hosting: folder(tools, settings.environments.staging),
    byHand: {cwd: '/', env: {PATH: process.env.PATH ?? ''}},
    close: async () => {
      await server.close()
      project.remove()
    },
  }
}

hostingContract('folder', open, {who: /www/, flaws: {'wrong-site': /mkdir -p/}})

const releases = suite('folder of releases')

const publish = async (root: string, word: string) => {
  const build = application(word)
  try {
    const artifact = {folder: build.path, manifest: await manifestOf(build.path)}
    const more = {version: '1.0.0+5', message: 'essai', at: new Date(0)}
    return await releaseFolder(root).publish({...artifact, ...more})
  } finally {
    build.remove()
  }
}

releases('names a release by version, bytes and number, and keeps every former one', async () => {
  const root = temporaryFolder()
  try {
    const ids = [await publish(root.path, 'a'), await publish(root.path, 'a')]
    assert.match(ids[0] ?? '', /^1\.0\.0_5-[0-9a-f]{8}-1$/)
    assert.is(ids[1], ids[0]?.replace(/1$/, '2'))
    assert.equal(readdirSync(join(root.path, 'releases')).sort(), ids)
    const manifest = await releaseFolder(root.path).manifestOf(ids[0] ?? '')
    assert.is(manifest?.digest, (await releaseFolder(root.path).current())?.manifest)
  } finally {
    root.remove()
  }
})

releases('a copy that differs from what was proven is never switched to', async () => {
  const root = temporaryFolder()
  const build = application('a')
  try {
    const first = await publish(root.path, 'premier')
    const manifest = await manifestOf(build.path)
    build.write({'main.dart.js': 'changed since'})
    let message = ''
    try {
      const more = {version: '2', message: '', at: new Date(0)}
      await releaseFolder(root.path).publish({folder: build.path, manifest, ...more})
    } catch (error) {
      message = error instanceof Error ? error.message : ''
    }
    assert.match(message, 'differs')
    assert.is((await releaseFolder(root.path).current())?.id, first)
    assert.equal(readdirSync(join(root.path, 'incoming')), [])
  } finally {
    root.remove()
    build.remove()
  }
})

releases('a request during a switch is answered by one release or the other', async () => {
  const stand = await open()
  // Of one length: the test's web server reads a file's size and the file one after the other.
  const [old, next] = [application('ancienne'), application('nouvelle')]
  try {
    const seen = new Set<string>()
    let going = true
    const asking = (async () => {
      while (going) seen.add(await (await fetch(`${stand.hosting.url}/main.dart.js`)).text())
    })()
    for (const build of [old, next, old, next]) {
      const manifest = await manifestOf(build.path)
      const effects = stand.hosting.deploy({
        folder: build.path,
        manifest,
        version: '1',
        message: '',
      })
      for (const effect of [effects].flat()) await effect.run()
    }
    going = false
    await asking
    seen.delete('')
    for (const text of seen) assert.match(text, /^console\.log\('(ancienne|nouvelle)'\)$/)
  } finally {
    old.remove()
    next.remove()
    await stand.close()
  }
})

releases(
  'a missing root, and a folder in the place of the link, are found beforehand',
  async () => {
    const project = temporaryFolder()
    const settings = testProject({
      environments: {
        staging: {
          envFile: 'env',
          url: 'http://127.0.0.1',
          hosting: {adapter: 'folder', root: 'www'},
        },
      },
    })
    try {
      const world = testWorld({project: project.path, cache: project.path})
      const hosting = folder(
        await testTools({world, project: settings}),
        settings.environments.staging,
      )
      const missing = await hosting.ready()
      assert.is(missing.verdict, 'fail')
      assert.match(JSON.stringify(missing.next), 'mkdir -p')
      mkdirSync(join(project.path, 'www/current'), {recursive: true})
      assert.is((await hosting.ready()).verdict, 'fail')
      rmSync(join(project.path, 'www/current'), {recursive: true})
      symlinkSync('releases/x', join(project.path, 'www/current'))
      assert.is((await hosting.ready()).verdict, 'pass')
    } finally {
      project.remove()
    }
  },
)

releases('an id never leads out of the folder', async () => {
  const root = temporaryFolder({'outside/index.html': 'x', 'www/releases/.keep': ''})
  try {
    for (const id of ['../../outside', '..', '', '-x']) {
      let refused = false
      try {
        await releaseFolder(join(root.path, 'www')).switchTo(id)
      } catch {
        refused = true
      }
      assert.ok(refused, id)
    }
  } finally {
    root.remove()
  }
})

releases.run()
