import {execFileSync} from 'node:child_process'
import {rmSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  compareManifests,
  manifestLines,
  manifestOf,
  parseManifest,
  readManifest,
  writeManifest,
} from '../../../scripts/lib/artifact/manifest.ts'
import {
  findManifest,
  keepArtifact,
  keptArtifact,
  pruneArtifacts,
} from '../../../scripts/lib/artifact/store.ts'
import {temporaryFolder} from '../../helpers/folder.ts'

const manifest = suite('manifest')

const site = () =>
  temporaryFolder({
    'build/index.html': '<p>',
    'build/é à/b.js': 'b',
    'build/é à/.hidden': '',
    'build/z': new Uint8Array(300_000),
  })

manifest('is verified by sha256sum, and reads back to the same digest', async () => {
  const folder = site()
  try {
    const made = await manifestOf(join(folder.path, 'build'))
    assert.equal(
      made.files.map((file) => file.path),
      ['index.html', 'z', 'é à/.hidden', 'é à/b.js'],
    )
    assert.is(made.bytes, 300_004)
    const list = join(folder.path, 'manifest.sha256')
    await writeManifest(list, made)
    const said = execFileSync('sha256sum', ['--strict', '-c', list], {
      cwd: join(folder.path, 'build'),
    })
    assert.match(String(said), 'index.html: OK')
    assert.is((await readManifest(list)).digest, made.digest)
  } finally {
    folder.remove()
  }
})

manifest('does not depend on the order of the file system', async () => {
  const [one, two] = [temporaryFolder({a: '1', b: '2'}), temporaryFolder({b: '2', a: '1'})]
  try {
    assert.is((await manifestOf(one.path)).digest, (await manifestOf(two.path)).digest)
  } finally {
    one.remove()
    two.remove()
  }
})

manifest('refuses a symbolic link and a name with a line break', async () => {
  for (const spoil of [
    (path: string) => symlinkSync('/etc/hostname', join(path, 'link')),
    (path: string) => temporaryWrite(path),
  ]) {
    const folder = temporaryFolder({'index.html': ''})
    try {
      spoil(folder.path)
      let refused = ''
      try {
        await manifestOf(folder.path)
      } catch (error) {
        refused = error instanceof Error ? error.name : ''
      }
      assert.is(refused, 'Problem')
    } finally {
      folder.remove()
    }
  }
})

const temporaryWrite = (path: string) => execFileSync('bash', ['-c', "touch $'a\\nb'"], {cwd: path})

manifest('says what is gone, new and changed', async () => {
  const folder = temporaryFolder({a: '1', b: '2', c: '3'})
  try {
    const before = await manifestOf(folder.path)
    rmSync(join(folder.path, 'a'))
    folder.write({b: 'x', d: '4'})
    const after = await manifestOf(folder.path)
    assert.equal(compareManifests({before, after}), {missing: ['a'], added: ['d'], changed: ['b']})
  } finally {
    folder.remove()
  }
})

manifest('a list with any other line is refused with its place', () => {
  try {
    parseManifest(`${'0'.repeat(64)}  a\nnonsense\n`, 'manifest.sha256')
    assert.unreachable()
  } catch (error) {
    assert.match(error instanceof Error ? error.message : '', 'manifest.sha256:2')
  }
})

manifest(
  'an artifact is kept read-only by its digest, and a damaged copy is not handed out',
  async () => {
    const folder = site()
    const cache = join(folder.path, 'cache')
    const build = join(folder.path, 'build')
    try {
      const made = await manifestOf(build)
      const kept = await keepArtifact({folder: build, manifest: made, cache})
      assert.is(await keepArtifact({folder: build, manifest: made, cache}), kept)
      rmSync(build, {recursive: true})
      assert.equal((await keptArtifact(cache, made.digest))?.manifest, made)
      const changed = join(kept, 'index.html')
      rmSync(changed)
      folder.write({[`cache/artifacts/${made.digest}/index.html`]: 'changed'})
      assert.is(await keptArtifact(cache, made.digest), null)
      assert.is((await findManifest({cache, project: cache}, made.digest))?.digest, made.digest)
      assert.is(await keptArtifact(cache, '../../etc'), null)
      await pruneArtifacts(cache, 0)
      assert.is(await keptArtifact(cache, made.digest), null)
    } finally {
      folder.remove()
    }
  },
)

manifest(
  'an artifact that another machine built is known by what was committed with its run',
  async () => {
    const folder = site()
    const [cache, project] = [join(folder.path, 'empty'), join(folder.path, 'project')]
    try {
      const made = await manifestOf(join(folder.path, 'build'))
      const find = () => findManifest({cache, project}, made.digest)
      assert.is(await find(), null, 'no run yet')
      const lines = manifestLines(made.files)
      folder.write({
        'project/docs/runs/20261101-090000-staging-aaaa/manifest.sha256': lines,
        'project/docs/runs/20261102-090000-freeze-bbbb/runbook.md': '',
        'project/docs/runs/20261103-090000-staging-cccc/manifest.sha256': `${lines}nonsense`,
      })
      const found = await find()
      assert.is(found?.digest, made.digest)
      assert.equal(
        found?.files.map(({path}) => path),
        made.files.map(({path}) => path),
      )
    } finally {
      folder.remove()
    }
  },
)

manifest.run()
