// Goal: a disk that becomes full in the middle of a release ends the command in words; a person makes room,
// and the same command goes on to the end, with nothing done twice. Method: the whole scenario A on the
// sandbox, its clone and its cache on a small file system of their own, which is filled to the last byte
// at six moments of one run. Mounting needs root; where it is not allowed, this fails.

import {execFileSync} from 'node:child_process'
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {fold} from '../../scripts/lib/domain/fold.ts'
import {parseJournal} from '../../scripts/lib/store/journal.ts'
import {type Bundle, bundleCopy} from '../helpers/bundle-runs.ts'

const full = suite('a disk that is full')

interface Disk {
  readonly fill: () => void
  readonly free: () => void
  readonly unmount: () => void
}

/** The clone and the cache of a sandbox, moved onto 64 MB of their own. */
function smallDisk({paths}: Bundle): Disk {
  const disk = join(paths.root, 'disk')
  const filler = join(disk, 'filler')
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'none', disk])
  const moved = [paths.project, paths.cache]
  for (const [index, path] of moved.entries()) {
    const there = join(disk, `${index}`)
    cpSync(path, there, {recursive: true, verbatimSymlinks: true})
    renameSync(path, `${path}.before`)
    mkdirSync(path, {mode: 0o700})
    execFileSync('mount', ['--bind', there, path])
  }
  return {
    fill: () => {
      const file = openSync(filler, 'a')
      for (const size of [1 << 20, 4096, 1]) {
        try {
          for (;;) writeSync(file, Buffer.alloc(size))
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
        }
      }
      closeSync(file)
    },
    free: () => rmSync(filler, {force: true}),
    unmount: () => {
      for (const path of [...moved, disk]) execFileSync('umount', ['-l', path])
    },
  }
}

/** What has just been told when the disk becomes full; nothing: before the command. */
const moments: readonly (RegExp | null)[] = [
  null,
  /Checkpoint extrait/,
  /schéma public vidé/,
  /… flutter build/,
  /Artefact prouvé/,
  /Déploiement effectué/,
  /== Documents/,
]

full('holds scenario A as often as it happens, and the same command ends it', async () => {
  const bundle = bundleCopy()
  const born = await bundle.run(['scripts/staging.ts', '--sandbox', '--status'])
  assert.ok(existsSync(bundle.paths.state), born.stdout + born.stderr)
  const disk = smallDisk(bundle)
  try {
    for (const moment of moments) {
      let happened = moment === null
      if (happened) disk.fill()
      const ran = await bundle.run(['scripts/staging.ts', '--sandbox'], {
        onOutput: (text) => {
          if (happened || moment?.test(text) !== true) return
          happened = true
          disk.fill()
        },
      })
      disk.free()
      const said = ran.stdout + ran.stderr
      assert.ok(happened, `${moment} was not seen\n${said}`)
      assert.is(ran.code, 3, `${moment}\n${said}`)
      assert.match(said, /le disque est plein|No space left on device/, `${moment}`)
      assert.match(said, /relancer la même commande|relancez la même commande/, `${moment}`)
      assert.not.match(said, /n’a pas répondu|Abandonné/, `${moment}`)
    }
    const last = await bundle.run(['scripts/staging.ts', '--sandbox'])
    assert.is(last.code, 0, last.stdout + last.stderr)
    // Nothing was done twice: one run, one reset, one release beside the previous one.
    const [run = '', ...more] = readdirSync(join(bundle.paths.project, 'docs/runs'))
    assert.equal(more, [])
    const path = `docs/runs/${run}/journal.jsonl`
    const {events} = fold(parseJournal(bundle.read(path), path))
    const passed = (step: string) =>
      events.filter(
        (event) =>
          event.type === 'step-finished' && event.step === step && event.verdict === 'pass',
      ).length
    assert.equal(['reset-database', 'build', 'deploy'].map(passed), [1, 1, 1])
    assert.is(readdirSync(join(bundle.paths.hosting.staging, 'releases')).length, 2)
    const audit = await bundle.run(['scripts/audit.ts', '--sandbox'])
    assert.is(audit.code, 0, audit.stdout)
  } finally {
    disk.unmount()
    bundle.remove()
  }
})

full.run()
