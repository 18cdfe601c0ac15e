// Goal: PostgreSQL's programs lie where every user reaches them, whole, once, and no longer than the
// packages that they came from. Method: a small package of the same form in a private folder, real files.

import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {placePrograms} from '../../../scripts/lib/sandbox/postgres-placed.ts'
import {openToAll} from '../../../scripts/lib/sandbox/programs.ts'

const placed = suite('placed programs')

interface Stand {
  readonly root: string
  /** A parent that all may enter. */
  readonly open: string
  readonly file: (path: string, text: string) => void
  readonly put: (parents?: readonly string[], works?: boolean) => Promise<string | null>
}

const onStand = (use: (stand: Stand) => Promise<void>) => async () => {
  const top = mkdtempSync(join(tmpdir(), 'postgate-placed-'))
  const mask = process.umask(0o077)
  try {
    chmodSync(top, 0o755)
    const root = join(top, 'home/node_modules/server')
    const open = join(top, 'open')
    const file = (path: string, text: string) => {
      mkdirSync(dirname(join(root, path)), {recursive: true})
      writeFileSync(join(root, path), text)
    }
    mkdirSync(open)
    chmodSync(open, 0o755)
    file('package.json', '{"name": "server", "version": "1.0.0"}')
    file('native/bin/postgres', 'program')
    file('native/bin/initdb', 'program')
    file('native/lib/libpq.so.5.18', 'library')
    file('native/lib/libpq.a', 'for compilers')
    file('native/share/timezone/Europe/Paris', 'zone')
    const link = {source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5'}
    file('native/pg-symlinks.json', JSON.stringify([link]).replaceAll(':', ': '))
    const put = (parents: readonly string[] = [open], works = true) =>
      placePrograms(root, async () => works, parents)
    await use({root, open, file, put})
  } finally {
    process.umask(mask)
    rmSync(top, {recursive: true, force: true})
  }
}

const copiesIn = (parent: string) => readdirSync(join(parent, 'postgate-programs'))

placed(
  'are all that the server needs, open to every user whatever the umask',
  onStand(async ({put}) => {
    const folder = (await put()) ?? ''
    for (const name of ['bin/postgres', 'bin/initdb', 'lib', 'share/timezone/Europe'])
      assert.ok(openToAll(join(folder, name)), name)
    assert.is(statSync(join(folder, 'share/timezone/Europe/Paris')).mode & 0o777, 0o644)
    assert.is(readFileSync(join(folder, 'lib/libpq.so.5'), 'utf8'), 'library')
    assert.not(existsSync(join(folder, 'lib/libpq.a')))
  }),
)

placed(
  'are copied once, and again where a file of them is gone',
  onStand(async ({put}) => {
    const folder = (await put()) ?? ''
    const program = join(folder, 'bin/postgres')
    const {ino} = statSync(program)
    assert.is(await put(), folder)
    assert.is(statSync(program).ino, ino)
    rmSync(join(folder, 'share/timezone'), {recursive: true})
    assert.is(await put(), folder)
    assert.ok(existsSync(join(folder, 'share/timezone/Europe/Paris')))
  }),
)

placed(
  'go away with the package that they came from',
  onStand(async ({open, file, put}) => {
    const before = (await put()) ?? ''
    file('package.json', '{"name": "server", "version": "1.0.1"}')
    file('native/lib/libpq.so.5.18', 'another library')
    const after = (await put()) ?? ''
    assert.is.not(after, before)
    assert.not(existsSync(before))
    assert.equal(copiesIn(open).length, 1)
  }),
)

placed(
  'stay while another installed package is their source',
  onStand(async (mine) => {
    await onStand(async (other) => {
      other.file('package.json', '{"name": "server", "version": "2.0.0"}')
      const theirs = (await other.put([mine.open])) ?? ''
      const ours = (await mine.put()) ?? ''
      assert.ok(existsSync(theirs))
      rmSync(other.root, {recursive: true})
      assert.is(await mine.put(), ours)
      assert.not(existsSync(theirs))
    })()
  }),
)

placed(
  'are put into the next place where one is private, or does not run them',
  onStand(async ({root, open, put}) => {
    const closed = join(dirname(open), 'closed')
    mkdirSync(closed)
    assert.match((await put([closed, open])) ?? '', open)
    assert.is(await put([closed]), null)
    assert.is(await put([open], false), null)
    assert.is(await placePrograms(root, async (folder) => !folder.startsWith(open), [open]), null)
  }),
)

placed(
  'are never put where somebody else could change them',
  onStand(async ({open, put}) => {
    const folder = join(open, 'postgate-programs')
    mkdirSync(folder)
    chmodSync(folder, 0o777)
    assert.is(await put(), null)
    chmodSync(folder, 0o755)
    if (process.getuid?.() === 0) {
      chownSync(folder, 1, 1)
      assert.is(await put(), null)
      chownSync(folder, 0, 0)
    }
    chmodSync(open, 0o777)
    assert.is(await put(), null)
    chmodSync(open, 0o1777)
    assert.ok(await put())
  }),
)

placed.run()
